"""The canary: a handful of fans is served first and read back from the service, before anybody else is served."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from upbeat.core.canary import HANDFUL, says_stop
from upbeat.core.delivery import State
from upbeat.core.outcome import Verdict
from upbeat.delivery import gate, waiting
from upbeat.delivery.alarms import Kind, raise_alarm
from upbeat.delivery.lease import Lease
from upbeat.delivery.models import Batch, Chunk, Delivery
from upbeat.delivery.settle import Fenced, Tried
from upbeat.delivery.taking import Work
from upbeat.delivery.threads import beside
from upbeat.delivery.verify import Read, may_read, read_until_there, write
from upbeat.providers.base import Action
from upbeat.providers.registry import label

AGAIN = timedelta(seconds=5)
"""When the next handful is tried after one that found the service down."""
_OF_ONE_FAN = frozenset({"grant_doubted", "grant_changed", "renewing", "token_refused", "error"})

Deliver = Callable[[Sequence[Delivery]], Awaitable[list[Tried]]]
"""Tries these and settles them. Shorter than what was given: the service may not be called now."""


@dataclass(frozen=True, slots=True)
class Led:
    """What came of it: whether everybody may go now; and how long until the next handful, where the service is down."""

    passed: bool
    again: timedelta = timedelta()


async def lead(work: Work, deliver: Deliver, lease: Lease, now: Callable[[], datetime]) -> Led:
    """Serve handful after handful, until one fan of one could be served; then read back and conclude.

    Fans whose own permission or library is the reason neither pass nor fail it. Resumes where a dead process was.
    """
    saves = [row for row in work.rows if row.action == Action.SAVE]
    saves.sort(key=lambda row: not may_read(row.pre_save.connection))
    unread = await beside(_unread, work.chunk)
    while not unread:
        handful, saves = saves[:HANDFUL], saves[HANDFUL:]
        if not handful:
            return Led(await beside(_stand_down, work.chunk, now()))
        await beside(_choose, work.chunk, handful, now())
        tried = await deliver(handful)
        served = [one.delivery for one in tried if one.outcome.good]
        if served:
            unread = [row for row in served if may_read(row.pre_save.connection)]
            break
        if len(tried) < len(handful) or any(_is_down(one) for one in tried):
            return Led(not saves and await beside(_stand_down, work.chunk, now()), AGAIN)
    assert work.link is not None
    read = await read_until_there(unread, work.link, lease, now)
    return Led(await beside(_conclude, work.chunk, read, now()))


def _is_down(tried: Tried) -> bool:
    """Whether a save failed for a reason that others would meet too."""
    return tried.outcome.verdict is Verdict.LATER and tried.outcome.reason not in _OF_ONE_FAN


def _unread(chunk: Chunk) -> list[Delivery]:
    """Who was served by an earlier run of this canary that did not come to its end."""
    rows = Delivery.objects.filter(campaign=chunk.campaign_id, service=chunk.service, sample=True)
    served = rows.filter(
        action=Action.SAVE, state=State.DELIVERED, id__gte=chunk.lo, id__lte=chunk.hi
    ).select_related("pre_save__connection", "pre_save__playlist_choice")
    return list(served.order_by("id")[:HANDFUL])


def _choose(chunk: Chunk, handful: Sequence[Delivery], now: datetime) -> None:
    """Their permission is kept until they have been read back."""
    readable = [row.pk for row in handful if may_read(row.pre_save.connection)]
    Delivery.objects.filter(pk__in=readable).update(sample=True)
    Batch.objects.filter(campaign=chunk.campaign_id, service=chunk.service, canary_began_at=None).update(
        canary_began_at=now
    )


@transaction.atomic
def _stand_down(chunk: Chunk, now: datetime) -> bool:
    _still_ours(chunk)
    return gate.stand_down(chunk, now)


@transaction.atomic
def _conclude(chunk: Chunk, read: Sequence[Read], now: datetime) -> bool:
    """Open the gate, or hold everybody back and tell the team. True: it is open."""
    _still_ours(chunk)
    batch = Batch.objects.select_for_update(no_key=True).get(
        campaign=chunk.campaign_id, service=chunk.service
    )
    there = [one for one in read if one.there]
    missing = [one for one in read if one.there is False]
    stop = says_stop(len(there) + len(missing), len(missing))
    # A single one that is missing is looked at again with the sample, when the service has had more time.
    write(batch.campaign_id, batch.service, read if stop else there, now)
    figures = {
        "canary_read": F("canary_read") + len(there) + len(missing),
        "canary_good": F("canary_good") + len(there),
    }
    Batch.objects.filter(pk=batch.pk).update(**figures, held_at=now if stop else None)
    if stop:
        _stop(chunk, len(there), len(missing), now)
    else:
        gate.open_gate(chunk, now)
    return not stop


def _stop(chunk: Chunk, there: int, missing: int, now: datetime) -> None:
    Chunk.objects.filter(pk=chunk.pk).update(canary=False)
    waiting.hold(waiting.due_or_asleep(chunk.campaign, chunk.service, now), now)
    read = there + missing
    sentence = (
        f"{label(chunk.service)} says that the release was saved, but {missing} of the first {read} fans we looked "
        "at do not have it. Everybody else there waits until you have decided."
    )
    raise_alarm(chunk.campaign, Kind.HELD, sentence, now, chunk.service)


def _still_ours(chunk: Chunk) -> None:
    if not Chunk.objects.filter(pk=chunk.pk, epoch=chunk.epoch).update(epoch=chunk.epoch):
        raise Fenced
