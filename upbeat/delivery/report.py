"""What became of a campaign, told from its rows: what an artist hands to a label. Nothing of a fan but counts.

Read set by set, so it takes as long for half a million fans as for three. The same figures have the same fingerprint,
whenever and wherever they are read: it is the SHA-256 of the canonical JSON.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from math import floor
from typing import Any

from django.db.models import Max, Min, Sum
from django.db.models.functions import TruncHour

from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.core.channels import MAIN
from upbeat.core.delivery import State
from upbeat.core.plain import plain
from upbeat.core.retry import PATIENCE
from upbeat.core.sample import statement
from upbeat.core.zones import zone
from upbeat.delivery.counts import Standing, Standings, counts
from upbeat.delivery.listing import everywhere
from upbeat.delivery.models import Alarm, Batch, Tally

_GOOD = (State.DELIVERED.value, State.VERIFIED.value)


@dataclass(frozen=True, slots=True)
class Fans:
    """Pre-saves by how they stand. The four headlines add up to `counted`, with `withdrawn` to all there ever were."""

    counted: int
    delivered: int
    queued: int
    pending_source: int
    could_not_be_delivered: int
    withdrawn: int
    states: dict[str, int]
    """All eleven."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so many stand where they stand."""

    state: str
    reason: str
    number: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What reading back from the service has shown: the canary ahead of all, and a sample after."""

    canary_read: int
    canary_good: int
    canary_passed_at: datetime | None
    sample_read: int
    sample_good: int
    sampled_at: datetime | None
    at_least: float
    """The part of the delivered that have it at the least, at 95 % confidence; 0 while nothing was read."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The service showed something else than what was announced, and who decided what goes out."""

    differs: list[str]
    held_at: datetime | None
    decided_at: datetime | None
    decided_by: str


@dataclass(frozen=True, slots=True)
class Service:
    """One service."""

    service: str
    url: str
    fans: Fans
    playlists_delivered: int
    follows_delivered: int
    first_at: datetime | None
    last_at: datetime | None
    done_at: datetime | None
    reasons: list[Reason]
    proof: Proof | None
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Hour:
    """How many were delivered on a service in the hour that began then."""

    at: datetime
    service: str
    delivered: int


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm that was raised."""

    service: str
    kind: str
    sentence: str
    raised_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is handed over, and when it was read."""

    number: str
    as_of: datetime
    figures: dict[str, Any]
    """The canonical content, as JSON has it."""
    fingerprint: str
    services: list[Service]
    fans: Fans
    hours: list[Hour]
    alarms: list[Told]
    closes_at: datetime | None
    is_final: bool
    """Nobody is open any more, or the window has closed."""


def report(campaign: Campaign, now: datetime) -> Report:
    """The report as it stands now."""
    found = counts(campaign)
    services = _services(campaign, found.services)
    fans, hours, alarms = _fans(found.all.fans), _hours(campaign), _alarms(campaign)
    closes_at = campaign.last_opens_at + PATIENCE if campaign.last_opens_at else None
    figures: dict[str, Any] = plain(
        {
            "release": _release(campaign),
            "window_closes_at": closes_at,
            "fans": asdict(fans),
            "playlists_delivered": found.all.playlists.delivered,
            "follows_delivered": found.all.follows.delivered,
            "services": [asdict(one) for one in services],
            "hours": [asdict(one) for one in hours],
            "alarms": [asdict(one) for one in alarms],
        }
    )
    nobody_open = fans.queued == fans.pending_source == 0
    out = campaign.is_out(now)
    return Report(
        _number(campaign), now, figures, fingerprint(figures), services, fans, hours, alarms, closes_at,
        is_final=out and (nobody_open or (closes_at is not None and now >= closes_at)),
    )  # fmt: skip


def canonical(figures: dict[str, Any]) -> bytes:
    """JSON with its keys in order and no space: what the fingerprint is taken of."""
    text = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def fingerprint(figures: dict[str, Any]) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(canonical(figures)).hexdigest()


def _number(campaign: Campaign) -> str:
    """`0031-20261127`: the campaign and the day of its release."""
    return f"{campaign.pk:04}" + (f"-{campaign.day:%Y%m%d}" if campaign.day else "")


def _release(campaign: Campaign) -> dict[str, object]:
    release = campaign.release
    return {
        "title": release.title,
        "artist": release.artist.name,
        "kind": release.kind,
        "tracks": release.track_count,
        "upc": release.upc,
        "isrc": release.isrc,
        "address": campaign.slug or "",
        "opens_at": campaign.opens_at,
        "last_opens_at": campaign.last_opens_at,
        "zone": campaign.zone,
        "local": campaign.local,
    }


def _fans(standing: Standing) -> Fans:
    return Fans(
        standing.total,
        standing.delivered,
        standing.queued,
        standing.pending_source,
        standing.could_not_be_delivered,
        standing.withdrawn,
        {state.value: standing.states[state] for state in State},
    )


def _services(campaign: Campaign, found: dict[str, Standings]) -> list[Service]:
    batches = {batch.service: batch for batch in Batch.objects.filter(campaign=campaign)}
    links = {link.service: link for link in campaign.release.links.select_related("decided_by")}
    times = _times(campaign)
    told = []
    for name in (name for name in everywhere() if name in found):
        standings, batch, link = found[name], batches.get(name), links.get(name)
        first, last = times.get(name, (None, None))
        told.append(
            Service(
                name,
                link.url if link else "",
                _fans(standings.fans),
                standings.playlists.delivered,
                standings.follows.delivered,
                first,
                last,
                batch.done_at if batch else None,
                _reasons(standings.fans),
                _proof(batch, standings.fans.delivered) if batch else None,
                _decision(link) if link else None,
            )
        )
    return told


def _times(campaign: Campaign) -> dict[str, tuple[datetime | None, datetime | None]]:
    """The first and the last delivery of each service."""
    good = campaign.deliveries.filter(action__in=MAIN, state__in=_GOOD).order_by()
    rows = good.values_list("service").annotate(first=Min("settled_at"), last=Max("settled_at"))
    return {service: (first, last) for service, first, last in rows}


def _reasons(standing: Standing) -> list[Reason]:
    """Of those that could not be delivered, the most frequent first."""
    ends = sorted(standing.ends.items(), key=lambda one: (-one[1], one[0]))
    return [Reason(state.value, reason, number) for (state, reason), number in ends]


def _proof(batch: Batch, delivered: int) -> Proof:
    at_least = statement(delivered, batch.sample_read, batch.sample_good)
    return Proof(
        batch.canary_read,
        batch.canary_good,
        batch.canary_passed_at,
        batch.sample_read,
        batch.sample_good,
        batch.sampled_at,
        floor(at_least * 10_000) / 10_000,
    )


def _decision(link: ServiceLink) -> Decision | None:
    if not (link.differs or link.held_at or link.decided_at or link.decided_by):
        return None
    by = link.decided_by.name if link.decided_by else ""
    return Decision(list(link.differs), link.held_at, link.decided_at, by)


def _hours(campaign: Campaign) -> list[Hour]:
    """By the hours of the release's zone."""
    tallies = Tally.objects.filter(campaign=campaign, delivered__gt=0).order_by()
    hours = tallies.annotate(hour=TruncHour("at", tzinfo=zone(campaign.zone)))
    rows = hours.values_list("hour", "service").annotate(sum=Sum("delivered")).order_by("hour", "service")
    return [Hour(at, service, number) for at, service, number in rows]


def _alarms(campaign: Campaign) -> list[Told]:
    raised = Alarm.objects.filter(campaign=campaign).order_by("raised_at", "id")
    return [Told(one.service, one.kind, one.sentence, one.raised_at, one.ended_at) for one in raised]
