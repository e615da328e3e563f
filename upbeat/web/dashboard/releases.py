"""All releases of the team, each in its state."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.zones import city
from upbeat.delivery.counts import Standing, counts
from upbeat.web.dashboard import shell, words
from upbeat.web.dashboard.access import campaigns_of, signed_in
from upbeat.web.dashboard.start import start_page

_FANS = Count("pre_saves", filter=Q(pre_saves__withdrawn_at=None))
_TONIGHT = "Tonight"
_GROUPS = ("Needs you", "Collecting", "Out", "Drafts")


@dataclass(frozen=True, slots=True)
class Row:
    """One release in the list."""

    campaign: Campaign
    state: shell.State
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
    mine = campaigns_of(request).annotate(fan_count=_FANS).order_by("opens_at", "-id")
    rows = [_row(campaign, campaign.fan_count, now) for campaign in mine]
    if not rows:
        return start_page(request)
    groups = [(name, [row for row in rows if row.group == name]) for name in _GROUPS]
    return shell.page(
        request,
        "dashboard/releases.html",
        tonight=[row for row in rows if row.group == _TONIGHT],
        groups=[(name, members) for name, members in groups if members],
    )


def _row(campaign: Campaign, fans: int, now: datetime) -> Row:
    out = campaign.state == Campaign.PUBLISHED and campaign.is_out(now)
    standing = counts(campaign).all.fans if out else None
    state = shell.state_of(campaign, now, standing)
    opens = campaign.opens_at
    return Row(
        campaign,
        state,
        _group(campaign, state, now),
        words.in_figures(fans),
        words.day_and_time(opens, campaign.zone) if opens else "No date yet",
        city(campaign.zone) if opens else "",
        _note(standing),
        int((opens - now).total_seconds()) if opens else 0,
    )


def _group(campaign: Campaign, state: shell.State, now: datetime) -> str:
    if campaign.state != Campaign.PUBLISHED:
        return "Drafts"
    if state.word == "Needs you":
        return "Needs you"
    if state.glyph == "release-tonight":
        return _TONIGHT
    return "Out" if campaign.is_out(now) else "Collecting"


def _note(standing: Standing | None) -> str:
    """What stands under the state once the release is out."""
    if standing is None or not standing.total:
        return ""
    if standing.pending_source:
        return f"{words.fans(standing.pending_source)} wait: a service does not show it yet."
    return f"{words.in_figures(standing.delivered)} of {words.fans(standing.total)}"
