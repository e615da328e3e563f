"""How a release stands, in a glyph and a word."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.delivery.alarms import Kind
from upbeat.delivery.counts import Standing
from upbeat.delivery.models import Alarm, Batch
from upbeat.web.dashboard import words

TONIGHT = timedelta(hours=24)
HELD, STOPPED = "held", "stopped"


@dataclass(frozen=True, slots=True)
class State:
    """A glyph and a word; `needs_you`: somebody has to do something."""

    glyph: str
    word: str
    needs_you: bool = False


def state_of(
    campaign: Campaign, now: datetime, fans: Standing | None = None, troubles: Iterable[str] = ()
) -> State:
    """The state in one word. `fans`, how their saves stand, is needed once the release is out."""
    if campaign.state == Campaign.WITHDRAWN:
        return State("release-draft", "Withdrawn")
    if campaign.state != Campaign.PUBLISHED or campaign.opens_at is None:
        return State("release-draft", "Draft")
    if HELD in troubles:
        return State("held", "Held", needs_you=True)
    if now >= campaign.opens_at:
        return _out(fans)
    return _ahead(campaign.opens_at - now, stopped=STOPPED in troubles)


def _ahead(lead: timedelta, *, stopped: bool) -> State:
    if stopped:
        return State("warning", "Needs you", needs_you=True)
    if lead < TONIGHT:
        return State("release-tonight", "Releases tonight")
    return State("release-collecting", "Collecting")


def _out(fans: Standing | None) -> State:
    if fans is not None and fans.queued:
        return State("release-tonight", "Delivering")
    if fans is not None and fans.pending_source:
        wait = "waits" if fans.pending_source == 1 else "wait"
        return State("pending_source", f"{words.in_figures(fans.pending_source)} {wait}", needs_you=True)
    return State("delivered", "Delivered")


def troubles(campaigns: Iterable[Campaign]) -> dict[int, set[str]]:
    """What keeps campaigns from going on by themselves: three small queries for any number of them."""
    mine = [campaign.pk for campaign in campaigns]
    found: dict[int, set[str]] = defaultdict(set)
    held = ServiceLink.objects.filter(release__campaign__in=mine, held_at__isnull=False)
    for pk in held.values_list("release__campaign", flat=True):
        found[pk].add(HELD)
    for pk in Batch.objects.filter(campaign__in=mine, held_at__isnull=False).values_list(
        "campaign", flat=True
    ):
        found[pk].add(HELD)
    stops = Alarm.objects.filter(campaign__in=mine, ended_at=None, kind=Kind.PREFLIGHT)
    for pk in stops.values_list("campaign", flat=True):
        found[pk].add(STOPPED)
    return found
