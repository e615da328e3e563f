"""The picture a service has of the release: shown to the team alone, until they upload their own file."""

import asyncio
import io
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from PIL import Image

from upbeat.campaigns.describe import PATIENCE_SECONDS, Described
from upbeat.core.outcome import Outcome
from upbeat.providers import http
from upbeat.web.dashboard.access import campaign_or_404, signed_in

SIZE = 480
_MOST_PIXELS = 40_000_000


def path_of(campaign_id: int) -> Path:
    """Outside the media folder, which is public."""
    return Path(settings.DATA_DIR) / "suggestions" / f"{campaign_id}.jpg"


async def keep_suggestion(campaign_id: int, described: Described) -> None:
    """Fetch the picture the service has, if one comes in time. Without one nothing is lost."""
    first = described.first
    if first is None or not first.cover_url:
        return
    door = http.Door(first.service.title(), allow_private=settings.SANDBOX)
    try:
        got = await asyncio.wait_for(door.fetch_image(first.cover_url), PATIENCE_SECONDS)
    except TimeoutError:
        return
    finally:
        await http.close()
    if not isinstance(got, Outcome):
        await asyncio.to_thread(_keep, path_of(campaign_id), got)


def _keep(path: Path, body: bytes) -> None:
    """Our own small JPEG of it; what is no picture is let go."""
    try:
        with Image.open(io.BytesIO(body)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return
            small = picture.convert("RGB")
            small.thumbnail((SIZE, SIZE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    small.save(path, "JPEG", quality=82)


@signed_in
@require_safe
def suggestion(request: HttpRequest, id: int) -> HttpResponseBase:
    """The picture, for the team."""
    path = path_of(campaign_or_404(request, id).pk)
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/jpeg")
