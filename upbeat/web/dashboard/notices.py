"""Open alarms, as the pages of a release show them until they are over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from upbeat.campaigns.models import Campaign
from upbeat.core.preflight import Level
from upbeat.delivery.alarms import Kind
from upbeat.delivery.models import Alarm, PreFlight
from upbeat.web.dashboard import words

_GLYPHS = {
    Kind.WORKER: "stop",
    Kind.PREFLIGHT: "warning",
    Kind.HELD: "held",
    Kind.PENDING_SOURCE: "pending_source",
    Kind.CIRCUIT: "warning",
}
"""The gravest first."""
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
    """The campaign's open alarms, the gravest first; on the delivery page only those it has no place of its own for."""
    open_ones = campaign.alarms.filter(ended_at=None).select_related("campaign")
    if on_the_delivery_page:
        open_ones = open_ones.exclude(kind__in=_DRAWN_ON_THE_DELIVERY_PAGE)
    return [_notice(alarm) for alarm in sorted(open_ones, key=_gravity)]


def sentences(campaigns: Iterable[Campaign]) -> dict[int, str]:
    """The gravest open alarm of each campaign that has one, in one query for any number of them."""
    mine = [campaign.pk for campaign in campaigns]
    alarms = sorted(Alarm.objects.filter(campaign__in=mine, ended_at=None), key=_gravity, reverse=True)
    return {alarm.campaign_id: _parts(alarm.sentence)[0] for alarm in alarms}


def _gravity(alarm: Alarm) -> tuple[int, datetime]:
    return [*_GLYPHS].index(Kind(alarm.kind)), alarm.raised_at


def _notice(alarm: Alarm) -> Notice:
    kind, (head, rest) = Kind(alarm.kind), _parts(alarm.sentence)
    stops = kind is Kind.WORKER or (kind is Kind.PREFLIGHT and _found_a_stop(alarm))
    glyph, tone = ("stop", "fail") if stops else (_GLYPHS[kind], "wait")
    told = ""
    if alarm.mailed_at is not None:
        told = f"The team was told by e-mail on {words.day_and_time(alarm.mailed_at, alarm.campaign.zone)}."
    return Notice(glyph, tone, head, " ".join(filter(None, (rest, _THEN[kind], told))))


def _parts(sentence: str) -> tuple[str, str]:
    """The first sentence, and the others."""
    first, dot, rest = sentence.partition(". ")
    return (f"{first}.", rest) if dot else (sentence, "")


def _found_a_stop(alarm: Alarm) -> bool:
    made = (
        PreFlight.objects.filter(campaign=alarm.campaign_id).exclude(worst="").order_by("-at", "-id").first()
    )
    return made is not None and made.worst == Level.STOP
