"""Whose turn it is to call a service: one event loop's share of the limiter, and what a request to wait does to it."""

import asyncio
import logging
import time

from django.db import DatabaseError

from upbeat.core.outcome import Outcome, Reach
from upbeat.core.throttle import Answers
from upbeat.delivery.limiter import HELD_SECONDS, open_limiter, pause, permits
from upbeat.delivery.threads import beside

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 30.0
"""How long the application waits when the service asked it to and did not say how long."""
LONG_SECONDS = 2.0
"""A wait longer than this is not slept through: it is data for whoever asked."""
STALE_SECONDS = 2 * HELD_SECONDS
"""What was reserved so long ago and not used is given up: another process may have been asked to wait meanwhile."""


class Paused(Exception):  # noqa: N818 - it is no error
    """The service is not to be called for so many seconds: come back later."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not for {seconds:.0f} s")
        self.seconds = seconds


class Pace:
    """It reserves slots a few at a time and hands them out in order. Counts by the machine's monotonic clock.

    `patience`: the longest wait for a slot that is slept through.
    """

    def __init__(self, key: str, rate: float, max_rate: float, *, patience: float = LONG_SECONDS) -> None:
        self.key, self._rate, self._max_rate = key, rate, max_rate
        self._patience = patience
        self._left, self._next, self._gap = 0, 0.0, 0.0
        self._stale_at = 0.0
        self._asking = asyncio.Lock()
        self._opened = False
        self._pauses = 0
        """How often a pause began: what was reserved before one is not used after it."""
        self._paused_until = 0.0
        """Until the row knows of a pause, or where it could not be told."""
        self._answers = Answers()

    @property
    def rate(self) -> float:
        """Calls a second, as last heard from the row."""
        return self._rate

    async def turn(self) -> None:
        """Wait for a slot. Raises `Paused` if that takes long."""
        while True:
            slot = self._at_hand()
            if slot is None:
                async with self._asking:
                    while (slot := self._at_hand()) is None:
                        await self._reserve()
            pauses, ahead = self._pauses, slot - time.monotonic()
            if ahead > 0:
                await asyncio.sleep(ahead)
            if self._pauses == pauses:
                return

    async def heard(self, answer: object) -> None:
        """To be told every answer of the service. One that asks the whole application to wait stops all calls."""
        asked = isinstance(answer, Outcome) and answer.asked_to_wait and answer.reach is Reach.APP
        self._answers.add(asked)
        if not asked:
            return
        assert isinstance(answer, Outcome)
        seconds = PAUSE_SECONDS if answer.after is None else answer.after.total_seconds()
        if self._answers.concerns_all(seconds):
            await self.pause(seconds)

    async def pause(self, seconds: float) -> None:
        """The service asked the whole application to wait. Once its row says so, the row alone is asked."""
        until = self._paused_until = max(self._paused_until, time.monotonic() + seconds)
        self._pauses += 1
        self._left = 0
        try:
            await beside(pause, self.key, seconds)
            if self._paused_until == until:
                self._paused_until = 0.0
        except DatabaseError:
            logger.exception(
                "That %s asked us to wait is known in this process only.", self.key.partition("/")[0]
            )

    def _at_hand(self) -> float | None:
        """When the next of the reserved slots is; None where there is none (any more)."""
        if not self._left or time.monotonic() > self._stale_at:
            return None
        slot = self._next
        self._left, self._next = self._left - 1, slot + self._gap
        return slot

    async def _reserve(self) -> None:
        """Get more slots, or sleep until it makes sense to ask again."""
        if not self._opened:
            await beside(open_limiter, self.key, self._rate, self._max_rate)
            self._opened = True
        wait, pauses = self._paused_until - time.monotonic(), self._pauses
        if wait <= 0:
            got = await beside(permits, self.key, max(1, int(self._rate * HELD_SECONDS)))
            if self._pauses != pauses:
                return
            if got.granted:
                self._keep(got.granted, got.wait, got.gap)
                return
            wait = got.wait
        if wait > self._patience:
            raise Paused(wait)
        await asyncio.sleep(wait)

    def _keep(self, granted: int, wait: float, gap: float) -> None:
        now = time.monotonic()
        self._rate, self._stale_at = 1 / gap, now + STALE_SECONDS
        self._left, self._next, self._gap = granted, now + wait, gap
