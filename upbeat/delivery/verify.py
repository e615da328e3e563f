"""Verification: a sample of what was delivered is read back from the service, after everybody has been served."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Min, QuerySet

from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.core.canary import says_stop
from upbeat.core.delivery import State
from upbeat.core.outcome import Outcome, Verdict, done
from upbeat.delivery import gate
from upbeat.delivery.lease import Lease, LeaseOver
from upbeat.delivery.models import OPEN_STATES, Attempt, Batch, Delivery
from upbeat.delivery.settle import KEPT_FOR_READING, forget_unneeded
from upbeat.delivery.source import as_found, is_there
from upbeat.delivery.speaker import Call, Paused, speaker
from upbeat.delivery.threads import beside
from upbeat.fans.models import Connection
from upbeat.providers.base import Action
from upbeat.providers.registry import capabilities

NOT_FOUND_AGAIN = "not_found_again"
"""Delivered, and not there when we looked again: the fan may have taken it out."""
_NOT_THERE = "It was not there when we looked again."
SETTLE_TIME = timedelta(seconds=30)
"""A service may show late what it has done: so long after a delivery it is read back."""
_BEFORE_THE_END = timedelta(hours=1)
"""So long after a delivery it is read back even though others are still being served."""
_SHORTEST, _LONGEST = timedelta(seconds=30), timedelta(hours=1)
_MOST_AT_ONCE = 60
PAUSES = (0.0, 0.5, 1.5, 3.0)


@dataclass(frozen=True, slots=True)
class Read:
    """One look at what a fan has. `there` None: the service did not say."""

    delivery: Delivery
    there: bool | None
    outcome: Outcome
    at: datetime
    milliseconds: int

    @property
    def is_final(self) -> bool:
        """Whether looking again would tell no more."""
        return self.there is not None or self.outcome.verdict in (Verdict.RECONNECT, Verdict.REFUSED)


def may_read(connection: Connection, action: str = Action.SAVE) -> bool:
    """Whether a fan's permission covers reading back what was done for them."""
    can = capabilities(connection.service)
    needed = {*can.scopes[Action(action)]} | ({*can.read_scopes} if action == Action.SAVE else set())
    return needed <= set(connection.scopes)


async def read_until_there(
    rows: Sequence[Delivery], link: ServiceLink, lease: Lease, now: Callable[[], datetime]
) -> list[Read]:
    """Read back, and again after a moment what is not there yet, while that would be reason to stop."""
    known: dict[int, Read] = {}
    for pause in PAUSES:
        await asyncio.sleep(pause)
        left = [row for row in rows if row.pk not in known or not known[row.pk].there]
        known |= {one.delivery.pk: one for one in await read_back(left, link, lease, now)}
        there = sum(one.there is True for one in known.values())
        missing = sum(one.there is False for one in known.values())
        if not left or (there + missing and not says_stop(there + missing, missing)):
            break
    return list(known.values())


async def read_back(
    rows: Sequence[Delivery], link: ServiceLink, lease: Lease, now: Callable[[], datetime]
) -> list[Read]:
    """Ask the service for each of these what the fan has. `Paused` or `LeaseOver` only when that ended all of it."""
    voice = speaker(link.service)
    calls = [_read(row, link, Call(voice, row.pre_save.connection, lease, now)) for row in rows]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, Paused | LeaseOver):
            raise answer
    read = [answer for answer in answers if isinstance(answer, Read)]
    ended = [answer for answer in answers if isinstance(answer, BaseException)]
    if ended and not read:
        raise ended[0]
    return read


async def _read(row: Delivery, link: ServiceLink, call: Call) -> Read:
    provider, release = call.provider, as_found(link)
    if row.action == Action.PLAYLIST:
        playlist = row.pre_save.playlist_choice.playlist_id
        tracks = await call(lambda access: provider.playlist_tracks(access, playlist))
        there = tracks if isinstance(tracks, Outcome) else set(link.track_ids) <= set(tracks)
    else:
        there = await call(lambda access: provider.is_saved(access, release))
    spent = round(call.spent * 1000)
    if isinstance(there, Outcome):
        return Read(row, None, there, call.now(), spent)
    outcome = done() if there else Outcome(Verdict.LATER, NOT_FOUND_AGAIN, _NOT_THERE)
    return Read(row, there, outcome, call.now(), spent)


@transaction.atomic
def write(campaign_id: int, service: str, reads: Iterable[Read], now: datetime) -> None:
    """Write down what was read, count it, and forget the permissions that were kept for it."""
    final = [one for one in reads if one.is_final]
    there = [one.delivery.pk for one in final if one.there]
    missing = [one.delivery.pk for one in final if one.there is False]
    rows = Delivery.objects.filter(state=State.DELIVERED)
    rows.filter(pk__in=there).update(state=State.VERIFIED, sample=False)
    rows.filter(pk__in=missing).update(reason=NOT_FOUND_AGAIN, note=_NOT_THERE, sample=False)
    rows.filter(pk__in=[one.delivery.pk for one in final if one.there is None]).update(sample=False)
    Attempt.objects.bulk_create(_attempt(one) for one in reads)
    saves = [one for one in final if one.there is not None and one.delivery.action == Action.SAVE]
    if saves:
        Batch.objects.filter(campaign=campaign_id, service=service).update(
            sample_read=F("sample_read") + len(saves),
            sample_good=F("sample_good") + sum(bool(one.there) for one in saves),
            sampled_at=now,
        )
    forget_unneeded({one.delivery.pre_save.connection_id for one in final}, now)


def _attempt(one: Read) -> Attempt:
    return Attempt(
        delivery=one.delivery,
        at=one.at,
        asked="read back",
        verdict=one.outcome.verdict,
        reason=one.outcome.reason[:40],
        note=one.outcome.note[:300],
        status=one.outcome.status,
        milliseconds=one.milliseconds,
    )


async def read_some(campaign_id: int, service: str, *, now: Callable[[], datetime]) -> datetime | None:
    """Read back some of the sample of a campaign × service. Returns when to come for more, or None."""
    some = await beside(_some, campaign_id, service, now())
    if some is None:
        return await beside(_again, campaign_id, service, now())
    rows, link = some
    try:
        reads = await read_back(rows, link, Lease(), now)
    except Paused as pause:
        return now() + timedelta(seconds=pause.seconds)
    except LeaseOver:
        return now() + _SHORTEST
    await beside(write, campaign_id, service, reads, now())
    if len(reads) == len(rows) and all(one.is_final for one in reads):
        return await beside(_again, campaign_id, service, now())
    return now() + _SHORTEST


def _some(campaign_id: int, service: str, now: datetime) -> tuple[list[Delivery], ServiceLink] | None:
    """Who is to be read back now; first of all, nobody while others are being served."""
    gate.mark_done(campaign_id, service, now)
    link = ServiceLink.objects.filter(release__campaign=campaign_id, service=service)
    there = link.select_related("release__artist").first()
    if there is None or not is_there(there):
        return None
    pause = _BEFORE_THE_END if _is_busy(campaign_id, service, now) else SETTLE_TIME
    due = _to_read(campaign_id, service, now).filter(settled_at__lte=now - pause)
    related = due.select_related("pre_save__connection", "pre_save__playlist_choice")
    rows = list(related.order_by("settled_at")[:_MOST_AT_ONCE])
    return (rows, there) if rows else None


def _again(campaign_id: int, service: str, now: datetime) -> datetime | None:
    """When to look for more: soon where some are due, and in growing steps while others are not delivered yet."""
    first: datetime | None = _to_read(campaign_id, service, now).aggregate(first=Min("settled_at"))["first"]
    if first is not None and not _is_busy(campaign_id, service, now):
        return max(first + SETTLE_TIME, now)
    chosen = Delivery.objects.filter(campaign=campaign_id, service=service, sample=True)
    if first is None and not chosen.filter(state__in=OPEN_STATES).exists():
        return None
    opens_at = Campaign.objects.values_list("opens_at", flat=True).get(pk=campaign_id)
    since = now - opens_at if opens_at is not None else _LONGEST
    return now + min(max(since / 4, _SHORTEST), _LONGEST)


def _to_read(campaign_id: int, service: str, now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        campaign=campaign_id,
        service=service,
        sample=True,
        state=State.DELIVERED,
        settled_at__gt=now - KEPT_FOR_READING,
    )


def _is_busy(campaign_id: int, service: str, now: datetime) -> bool:
    """Whether somebody else is being served, or is due."""
    rows = Delivery.objects.filter(campaign=campaign_id, service=service, action=Action.SAVE)
    if rows.filter(state__in=[State.QUEUED, State.IN_PROGRESS]).exists():
        return True
    last = Campaign.objects.get(pk=campaign_id).last_opens_at
    return last is not None and last <= now and rows.filter(state=State.WAITING).exists()
