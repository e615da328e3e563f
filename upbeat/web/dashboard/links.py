"""The services of a page, on or off, and its pre-order and other links: added by pasting, named, ordered, removed."""

from asgiref.sync import async_to_sync
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from upbeat.campaigns import listed, offers, setup
from upbeat.campaigns.describe import lengthened
from upbeat.campaigns.models import Campaign
from upbeat.campaigns.trouble import Trouble
from upbeat.core.problem import Problem
from upbeat.providers.registry import names
from upbeat.web.dashboard import fragments
from upbeat.web.dashboard.access import campaign_or_404, signed_in

_STEPS = {"up": -1, "down": 1}


@signed_in
@require_POST
def add_link(request: HttpRequest, id: int) -> HttpResponse:
    """Add one. What cannot be added stays in the field with what is wrong."""
    campaign = campaign_or_404(request, id)
    url = request.POST.get("url", "")
    added = offers.add(campaign, async_to_sync(lengthened)(url))
    _note(campaign, added if isinstance(added, Problem) else None, url)
    return _section(request, campaign)


@signed_in
@require_POST
def change_link(request: HttpRequest, id: int, offer_id: int) -> HttpResponse:
    """Another verb or name, a place up or down, or off the page."""
    campaign = campaign_or_404(request, id)
    do = request.POST.get("do", "")
    if do == "remove":
        offers.remove(campaign, offer_id)
    elif do in _STEPS:
        offers.move(campaign, offer_id, _STEPS[do])
    else:
        problem = offers.change(
            campaign, offer_id, verb=request.POST.get("verb"), label=request.POST.get("label")
        )
        if problem is not None:
            return _section(request, campaign, offer_problem=problem, offer_wrong=offer_id)
    return _section(request, campaign)


@signed_in
@require_POST
def switch_service(request: HttpRequest, id: int, service: str) -> HttpResponse:
    """Put a service on the page, or take it off."""
    campaign = campaign_or_404(request, id)
    listed.switch(campaign, service, on=request.POST.get("on") == "on")
    return _section(request, campaign, opened=service not in names())


@transaction.atomic
def _note(campaign: Campaign, problem: Problem | None, url: str) -> None:
    setup.locked(campaign)
    if problem is None:
        setup.let_go(campaign, "offer")
    else:
        setup.keep(campaign, "offer", Trouble(problem, "url"), {"url": url[:1000]})


def _section(request: HttpRequest, campaign: Campaign, **more: object) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return fragments.section(request, campaign, "links.html", **more)
    return redirect(reverse("set_up", args=[campaign.pk]) + "#links")
