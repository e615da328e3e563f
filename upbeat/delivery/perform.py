"""One chunk is worked through: fence, read, many calls at once, settle, and say what is left."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Min, QuerySet

from upbeat.campaigns.models import ServiceLink
from upbeat.delivery import waiting
from upbeat.delivery.act import act
from upbeat.delivery.lease import Lease, LeaseOver
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.settle import Fenced
from upbeat.delivery.settler import Settler
from upbeat.delivery.source import is_there
from upbeat.delivery.speaker import Call, Paused, speaker
from upbeat.delivery.threads import beside

AT_ONCE = 48
"""Calls of one chunk under way at the same time. The limiter sets the pace, this the breadth."""


@dataclass(frozen=True, slots=True)
class _Work:
    chunk: Chunk
    rows: list[Delivery]
    link: ServiceLink | None


async def perform_chunk(chunk_id: int, *, now: Callable[[], datetime]) -> datetime | None:
    """Try every due delivery of a chunk. Returns when the next of what is left is due, or None.

    Whoever worked on this chunk until now is fenced off by the new epoch and changes nothing more. Cancelling is
    safe: what has come back is settled, what was under way will be looked at again.
    """
    lease = Lease()
    work = await beside(_begin, chunk_id, now())
    if work is None:
        return None
    try:
        pause = await _run(work, lease, now) if work.rows else 0.0
    except Fenced:
        return None
    return await beside(_left, work.chunk, now() + timedelta(seconds=pause))


async def _run(work: _Work, lease: Lease, now: Callable[[], datetime]) -> float:
    """Returns how many seconds the service wants to be left alone, or 0."""
    voice, rows = speaker(work.chunk.service), iter(work.rows)

    async def work_through() -> None:
        for row in rows:
            settler.check()
            call = Call(voice, row.pre_save.connection, lease, now)
            tried = await act(row, work.link, call, partial(settler.intend, row, now()))
            if tried is not None:
                settler.put(tried)

    async with Settler(work.chunk.pk, work.chunk.epoch, lease) as settler:
        ended = await asyncio.gather(*(work_through() for _ in range(AT_ONCE)), return_exceptions=True)
    for problem in ended:
        if problem is not None and not isinstance(problem, Paused | LeaseOver):
            raise problem
    return max((problem.seconds for problem in ended if isinstance(problem, Paused)), default=0.0)


@transaction.atomic
def _begin(chunk_id: int, now: datetime) -> _Work | None:
    """Raise the fence and read what is due. None: the chunk is gone, its release has moved."""
    if not Chunk.objects.filter(pk=chunk_id).update(epoch=F("epoch") + 1):
        return None
    chunk = Chunk.objects.select_related("campaign").get(pk=chunk_id)
    links = ServiceLink.objects.select_related("release__artist")
    link = links.filter(release=chunk.campaign.release_id, service=chunk.service).first()
    due = _open(chunk).filter(next_at__lte=now)
    if not is_there(link):
        (waiting.hold if link is not None and link.is_held else waiting.pend)(due, now)
        link = None
    related = due.select_related("pre_save__connection", "pre_save__playlist_choice", "target")
    return _Work(chunk, list(related.order_by("id")), link)


def _open(chunk: Chunk) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(
        campaign=chunk.campaign_id,
        service=chunk.service,
        id__gte=chunk.lo,
        id__lte=chunk.hi,
        next_at__isnull=False,
    )
    return rows if chunk.pre_save_id is None else rows.filter(pre_save=chunk.pre_save_id)


def _left(chunk: Chunk, not_before: datetime) -> datetime | None:
    """When to come back. A fan's own chunk with nothing left has served."""
    first: datetime | None = _open(chunk).aggregate(first=Min("next_at"))["first"]
    if first is not None:
        return max(first, not_before)
    if chunk.pre_save_id is not None:
        Chunk.objects.filter(pk=chunk.pk, epoch=chunk.epoch).delete()
    return None
