"""The button that has a release day rehearsed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.delivery.rehearsing import ask
from upbeat.web.dashboard.access import campaign_or_404, signed_in


@signed_in
@require_POST
def rehearse(request: HttpRequest, id: int) -> HttpResponse:
    """Begin one, or say why not. The delivery page shows how it goes."""
    campaign = campaign_or_404(request, id)
    problem = _missing(campaign) or ask(campaign, clock.now())
    if problem:
        messages.info(request, problem)
    return redirect("delivery", id)


def _missing(campaign: Campaign) -> str:
    if campaign.state == Campaign.PUBLISHED:
        return ""
    return "Publish the page first: what is rehearsed is its release day."
