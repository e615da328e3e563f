"""Open alarms, as the pages of a release show them until they are over."""

from collections.abc import Iterable
from dataclasses import dataclass

from upbeat.campaigns.models import Campaign
from upbeat.delivery.alarms import Kind
from upbeat.delivery.models import Alarm

_GLYPHS = {
    Kind.PREFLIGHT: "warning",
    Kind.HELD: "held",
    Kind.PENDING_SOURCE: "pending_source",
    Kind.WORKER: "stop",
}
_THEN = {
    Kind.PREFLIGHT: "The delivery page says what to do.",
    Kind.HELD: "Nothing goes out there until somebody has looked. Nobody is lost.",
    Kind.PENDING_SOURCE: "We look again by ourselves, and everybody who waits goes then.",
    Kind.CIRCUIT: "We believe none of it yet, and try again by ourselves. Nobody is lost.",
    Kind.WORKER: "Start one: `upbeat run`, or `upbeat worker`. It goes on where it stopped, and nobody is lost.",
}
_DRAWN_ON_THE_DELIVERY_PAGE = (Kind.PREFLIGHT, Kind.HELD, Kind.PENDING_SOURCE)


@dataclass(frozen=True, slots=True)
class Notice:
    """One alarm: a bold sentence, what follows from it, and how grave it is (`fail` or `wait`)."""

    glyph: str
    tone: str
    head: str
    detail: str


def notices(campaign: Campaign, *, on_the_delivery_page: bool = False) -> list[Notice]:
    """The campaign's open alarms, the oldest first; on the delivery page only those it has no place of its own for."""
    open_ones = Alarm.objects.filter(campaign=campaign, ended_at=None).order_by("raised_at", "id")
    if on_the_delivery_page:
        open_ones = open_ones.exclude(kind__in=_DRAWN_ON_THE_DELIVERY_PAGE)
    return [_notice(alarm) for alarm in open_ones]


def sentences(campaigns: Iterable[Campaign]) -> dict[int, str]:
    """The oldest open alarm of each campaign that has one, in one query for any number of them."""
    mine = [campaign.pk for campaign in campaigns]
    rows = Alarm.objects.filter(campaign__in=mine, ended_at=None).order_by("-raised_at", "-id")
    return dict(rows.values_list("campaign", "sentence"))


def _notice(alarm: Alarm) -> Notice:
    tone = "fail" if alarm.kind in (Kind.WORKER, Kind.PREFLIGHT) else "wait"
    return Notice(
        _GLYPHS.get(Kind(alarm.kind), "warning"), tone, alarm.sentence, _THEN.get(Kind(alarm.kind), "")
    )
