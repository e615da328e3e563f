"""All releases of the team, each in its state."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.zones import city
from upbeat.delivery.counts import Standing
from upbeat.web.dashboard import moments, recent, shell, words
from upbeat.web.dashboard.access import campaigns_of, signed_in
from upbeat.web.dashboard.notices import sentences
from upbeat.web.dashboard.start import start_page
from upbeat.web.dashboard.state import State, state_of, troubles

_TONIGHT = "Tonight"
_GROUPS = ("Needs you", "Collecting", "Out", "Drafts")


@dataclass(frozen=True, slots=True)
class Row:
    """One release in the list."""

    campaign: Campaign
    state: State
    group: str
    fans: str
    moment: str
    zone: str
    note: str
    seconds: int
    """From now to the release."""


@signed_in
@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """The list. A team without a release finds the field to start with."""
    now = clock.now()
    mine = list(campaigns_of(request).order_by("opens_at", "-id"))
    found = troubles(mine)
    told = sentences(mine)
    rows = [
        _row(campaign, recent.fans(campaign), found[campaign.pk], now, told.get(campaign.pk, ""))
        for campaign in mine
    ]
    if not rows:
        return start_page(request)
    groups = [(name, [row for row in rows if row.group == name]) for name in _GROUPS]
    return shell.page(
        request,
        "dashboard/releases.html",
        tonight=[row for row in rows if row.group == _TONIGHT],
        groups=[(name, members) for name, members in groups if members],
    )


def _row(campaign: Campaign, fans: int, troubled: set[str], now: datetime, told: str) -> Row:
    out = campaign.state == Campaign.PUBLISHED and campaign.is_out(now)
    standing = recent.counts(campaign).all.fans if out else None
    state = state_of(campaign, now, standing, troubled)
    opens = campaign.opens_at
    return Row(
        campaign,
        state,
        _group(campaign, state, now),
        words.in_figures(fans),
        moments.shown(campaign) or "No date yet",
        (moments.own(campaign.time) if campaign.local else city(campaign.zone)) if opens else "",
        told or _note(standing),
        int((opens - now).total_seconds()) if opens else 0,
    )


def _group(campaign: Campaign, state: State, now: datetime) -> str:
    if campaign.state != Campaign.PUBLISHED:
        return "Drafts"
    if state.needs_you:
        return "Needs you"
    if state.glyph == "release-tonight":
        return _TONIGHT
    return "Out" if campaign.is_out(now) else "Collecting"


def _note(standing: Standing | None) -> str:
    """What stands under the state once the release is out."""
    if standing is None or not standing.total:
        return ""
    if standing.pending_source:
        wait = "waits" if standing.pending_source == 1 else "wait"
        return f"{words.fans(standing.pending_source)} {wait}: a service does not show it yet."
    return f"{words.in_figures(standing.delivered)} of {words.fans(standing.total)}"
