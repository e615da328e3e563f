"""The cover: the artist's own upload."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from upbeat.campaigns import covers
from upbeat.web.dashboard.access import campaign_or_404, signed_in


@signed_in
@require_POST
def cover(request: HttpRequest, id: int) -> HttpResponse:
    """Keep the file, or say what is wrong with it; the cover there was stays until another one is kept."""
    campaign = campaign_or_404(request, id)
    upload = request.FILES.get("cover")
    body = _read(upload) if isinstance(upload, UploadedFile) else b""
    covers.settle_cover(campaign, body)
    return redirect(reverse("set_up", args=[id]) + "#release")


def _read(upload: "UploadedFile[bytes]") -> bytes:
    """The file, and one byte more than is allowed at the most: enough to be refused for its size."""
    return bytes(upload.read(covers.MOST_BYTES + 1))
