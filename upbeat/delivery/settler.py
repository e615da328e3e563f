"""Collects results and intents of a running chunk and commits them together."""

import asyncio
from contextlib import suppress
from datetime import datetime

from django.db import OperationalError

from upbeat.delivery.lease import Lease
from upbeat.delivery.models import Delivery
from upbeat.delivery.settle import Fenced, Intent, Tried, commit, is_ours
from upbeat.delivery.threads import beside

MOST_ROWS = 50
MOST_SECONDS = 0.2
TOUCH_SECONDS = 3.0
"""With nothing to write the chunk is still confirmed as ours so often."""
WATCH_SECONDS = 0.25
"""So often it is looked whether it still is: a release that was moved, held or mended stops its calls that soon."""
_PAUSES = (0.1, 0.5, 2.0)


class Settler:
    """Use as an async context manager; leaving it commits what is left. A chunk that is no longer ours: `Fenced`,
    from `intend` and `check`, and on leaving."""

    def __init__(self, chunk_id: int, epoch: int, lease: Lease) -> None:
        self._chunk_id, self._epoch, self._lease = chunk_id, epoch, lease
        self._tried: list[Tried] = []
        self._intents: list[tuple[Intent, asyncio.Future[bool]]] = []
        self._something = asyncio.Event()
        self._broken: Exception | None = None
        self._closing = False

    async def __aenter__(self) -> "Settler":
        self._running = asyncio.create_task(self._run())
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        self._something.set()
        await asyncio.shield(self._running)
        self._watching.cancel()
        self.check()

    def check(self) -> None:
        """Raise what has ended the settling, if anything has."""
        if self._broken is not None:
            raise self._broken

    def put(self, tried: Tried) -> None:
        self._tried.append(tried)
        self._something.set()

    async def intend(self, delivery: Delivery, at: datetime) -> bool:
        """Write an intent and wait until it is durable. False: the delivery is somebody else's to do."""
        self.check()
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._intents.append((Intent(delivery, at), written))
        self._something.set()
        return await written

    async def _run(self) -> None:
        try:
            while not self._closing or self._tried or self._intents:
                await self._gather()
                await self._commit()
        except Exception as problem:
            self._broken = problem
            for _, written in self._intents:
                if not written.done():
                    written.set_exception(problem)

    async def _watch(self) -> None:
        while self._broken is None:
            await asyncio.sleep(WATCH_SECONDS)
            with suppress(OperationalError):
                if not await beside(is_ours, self._chunk_id, self._epoch):
                    self._broken = Fenced()
                    self._lease.end()

    async def _gather(self) -> None:
        """Return when there is enough to write, or it has waited long enough, or the lease wants a touch."""
        loop = asyncio.get_running_loop()
        deadline: float | None = None
        touch = loop.time() + TOUCH_SECONDS
        while not (self._closing or self._intents or len(self._tried) >= MOST_ROWS):
            until = deadline or touch
            if loop.time() >= until:
                return
            self._something.clear()
            try:
                await asyncio.wait_for(self._something.wait(), until - loop.time())
            except TimeoutError:
                return
            if self._tried and deadline is None:
                deadline = loop.time() + MOST_SECONDS

    async def _commit(self) -> None:
        tried, intents = self._tried[: 4 * MOST_ROWS], self._intents
        self._tried, self._intents = self._tried[len(tried) :], []
        proven = self._lease.now()
        try:
            written = await self._try_commit(tried, [intent for intent, _ in intents])
        except Exception:
            self._intents = intents + self._intents
            raise
        self._lease.renew(proven)
        for intent, future in intents:
            if not future.done():
                future.set_result(intent.delivery.pk in written)

    async def _try_commit(self, tried: list[Tried], intents: list[Intent]) -> set[int]:
        """A database that is busy, or ends a deadlock, is asked again: results are too dear to throw away."""
        for pause in _PAUSES:
            try:
                return await beside(commit, self._chunk_id, self._epoch, tried, intents)
            except OperationalError:
                await asyncio.sleep(pause)
        return await beside(commit, self._chunk_id, self._epoch, tried, intents)
