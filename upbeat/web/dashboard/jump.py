"""In sandbox mode: move the clocks to just before the release, and watch it happen."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from upbeat import clock
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.sandbox_clock import CannotMove, move


@signed_in
@require_POST
def jump(request: HttpRequest, id: int) -> HttpResponse:
    """To the instant itself, of a local release to the next one. Outside sandbox mode there is no such address."""
    campaign = campaign_or_404(request, id)
    if not settings.SANDBOX:
        raise Http404
    instant = campaign.next_opens_at(clock.now())
    if instant is not None:
        try:
            move(instant - clock.now())
        except CannotMove as problem:
            messages.info(request, str(problem))
    return redirect("delivery", id)
