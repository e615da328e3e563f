"""One chunk is worked through: taken, many calls at once, settled, and what is left put back."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from upbeat.delivery.act import act
from upbeat.delivery.canary import lead
from upbeat.delivery.lease import Lease, LeaseOver
from upbeat.delivery.messenger import Intend, messenger
from upbeat.delivery.models import Delivery
from upbeat.delivery.remind import Hand, remind
from upbeat.delivery.settle import Fenced, Tried
from upbeat.delivery.settler import Settler
from upbeat.delivery.speaker import Call, Paused, speaker
from upbeat.delivery.taking import May, Work, begin, leave
from upbeat.delivery.threads import beside

AT_ONCE = 64
"""Calls of one chunk under way at the same time. The limiter sets the pace, this the breadth."""


async def perform_chunk(chunk_id: int, *, now: Callable[[], datetime]) -> datetime | None:
    """Try every due delivery of a chunk. Returns when the next of what is left is due, or None.

    Whoever worked on this chunk until now is fenced off by the new epoch and changes nothing more. Cancelling is
    safe: what has come back is settled, what was under way will be looked at again.
    """
    work = await beside(begin, chunk_id, now())
    if work is None:
        return None
    run = _Run(work, now)
    try:
        await run.all()
    except Fenced:
        return None
    except asyncio.CancelledError:
        await asyncio.shield(beside(leave, work, run.tried, now()))
        raise
    left = await beside(leave, work, run.tried, now())
    return None if left is None else max(left, now() + run.pause)


class _Run:
    """The chunk in hand. `pause`: how long the service is to be left alone."""

    def __init__(self, work: Work, now: Callable[[], datetime]) -> None:
        self._work, self._now, self._lease = work, now, Lease()
        self._looked_at: set[int] = set()
        self.pause = timedelta()

    @property
    def tried(self) -> int:
        return len(self._looked_at)

    async def all(self) -> None:
        if self._work.may is May.FIRST and not await self._lead():
            return
        left = [row for row in self._work.rows if row.pk not in self._looked_at]
        if left and not self.pause:
            await self.deliver(left)

    async def deliver(self, rows: Sequence[Delivery]) -> list[Tried]:
        """Try these and settle them. Where the service may not be called any more `pause` says so, and some are
        left."""
        left, tried, chunk = iter(rows), list[Tried](), self._work.chunk

        async def work_through() -> None:
            for row in left:
                settler.check()
                await self._try(row, partial(settler.intend, row, self._now()), put)
                self._looked_at.add(row.pk)

        def put(one: Tried) -> None:
            settler.put(one)
            tried.append(one)

        async with Settler(chunk.pk, chunk.epoch, self._lease) as settler:
            ended = await asyncio.gather(
                *(work_through() for _ in range(min(AT_ONCE, len(rows)))), return_exceptions=True
            )
        for problem in ended:
            if isinstance(problem, Paused):
                self._wait(problem)
            elif problem is not None and not isinstance(problem, LeaseOver):
                raise problem
        return tried

    async def _try(self, row: Delivery, intend: Intend, put: Callable[[Tried], None]) -> None:
        service, says = row.service, self._work.says
        if says is None:
            call = Call(speaker(service), row.pre_save.connection, self._lease, self._now)
            one = await act(row, self._work.link, call, intend)
            if one is not None:
                put(one)
        else:
            await remind(row, Hand(messenger(service), says, self._lease, self._now), intend, put)

    async def _lead(self) -> bool:
        """Whether the canary has passed, and everybody may go."""
        try:
            led = await lead(self._work, self.deliver, self._lease, self._now)
        except Paused as paused:
            self._wait(paused)
            return False
        except LeaseOver:
            return False
        self.pause = max(self.pause, led.again)
        return led.passed

    def _wait(self, paused: Paused) -> None:
        self.pause = max(self.pause, timedelta(seconds=paused.seconds))
