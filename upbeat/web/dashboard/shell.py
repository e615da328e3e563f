"""What stands around every page: the bar on top, the sandbox band, and the release's sleeve beside."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.campaigns.publish import findings, suggested_slug
from upbeat.campaigns.setup import KINDS
from upbeat.web.dashboard import moments, recent, words
from upbeat.web.dashboard.access import person_of, team_of
from upbeat.web.dashboard.state import State, state_of, troubles

SECTIONS = (
    ("release", "Release"),
    ("when", "When"),
    ("links", "Services and links"),
    ("follows", "Follows"),
    ("page", "Page"),
)


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page with its shell."""
    around = {"team": team_of(request), "person": person_of(request), "sandbox": settings.SANDBOX}
    return render(request, template, around | context, status=status)


def release_page(
    request: HttpRequest, template: str, campaign: Campaign, here: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render one of a release's pages, with its sleeve; `here` is the current item."""
    return page(request, template, status=status, **(sleeve(campaign, here) | context))


def sleeve(campaign: Campaign, here: str) -> dict[str, Any]:
    """What the sleeve shows."""
    now = clock.now()
    release = campaign.release
    published = campaign.state == Campaign.PUBLISHED
    standing = recent.counts(campaign).all.fans if published and campaign.is_out(now) else None
    kind = KINDS.get(release.kind, "")
    if release.track_count:
        kind += f", {release.track_count} track{'s' * (release.track_count != 1)}"
    slug = campaign.slug or (suggested_slug(campaign) if release.title else "")
    return {
        "campaign": campaign,
        "release": release,
        "here": here,
        "now": now,
        "kind": kind,
        "state": state_of(campaign, now, standing, troubles([campaign])[campaign.pk]),
        "moment": moments.shown(campaign),
        "moment_zone": moments.whose(campaign),
        "sections": _sections(campaign, now) if here == "page" else [],
        "fans": words.in_figures(recent.fans(campaign)),
        "published": published,
        "slug": slug,
        "host": settings.PUBLIC_URL.split("://", 1)[-1],
        "address": f"{settings.PUBLIC_URL}/{slug}",
        "may_jump": settings.SANDBOX and published and campaign.next_opens_at(now) is not None,
    }


def _sections(campaign: Campaign, now: datetime) -> list[tuple[str, str, State]]:
    """Each part of the page: nothing open, something still to fill in, or something that does not hold."""
    found = findings(campaign, now)
    missing = {one.section for one in found}
    wrong = {one.section for one in found if one.question in campaign.unsettled}
    fine, still_open, put_right = (
        State("fine", "nothing open"),
        State("waiting", "something to fill in"),
        State("refused", "something to put right"),
    )
    return [
        (key, label, put_right if key in wrong else still_open if key in missing else fine)
        for key, label in SECTIONS
    ]
