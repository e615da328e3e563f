"""The button that checks now. Its work is a job: the page asks for the result, and holds up nobody meanwhile."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.delivery.preflight.rounds import press
from upbeat.web.dashboard.access import campaign_or_404, signed_in

_LONGEST = timedelta(minutes=2)


@signed_in
@require_POST
def preflight_now(request: HttpRequest, id: int) -> HttpResponse:
    """Have it made. A release that is out, or not published, has nothing to get ready for."""
    campaign = campaign_or_404(request, id)
    now = clock.now()
    if campaign.state == Campaign.PUBLISHED and not campaign.is_out(now):
        press(campaign, now)
    return redirect("delivery", id)


def looking(campaign: Campaign, now: datetime) -> bool:
    """Whether one is under way: the page says so and asks again soon."""
    return campaign.pre_flights.filter(worst="", at__gt=now - _LONGEST, at__lte=now).exists()
