"""How fast a service may be called with one credential: one row, shared by all processes.

Services live in real time, so does this: seconds since the epoch by the wall clock, never the installation's clock,
which can be moved. A reservation takes the next slots of the row's timetable (GCRA without a burst), so calls are
spread evenly; at most a quarter of a second's worth at a time, because a dying process forfeits what it holds.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from upbeat.delivery.models import Limiter
from upbeat.delivery.threads import beside

MOST_PERMITS = 25
AHEAD_SECONDS = 2.0
"""How far into the future slots are given out."""
ABSURD_SECONDS = 120.0
"""A timetable further ahead than this was written before the machine's clock was set back."""
CUT = 0.8
"""What is left of the rate when the service has said that it was too much."""
RECOVERY = 0.01
"""The part of the highest rate that a second of undisturbed calls gives back."""
SLOWEST = 0.02
"""The part of the highest rate that no cut goes below: without a way up again a campaign would stand still."""

# Both stores know this form; neither `max` nor `greatest` is in both.
_RESERVE = """
UPDATE delivery_limiter SET
    tat = (CASE WHEN tat > %(now)s AND tat <= %(absurd)s THEN tat ELSE %(now)s END) + %(want)s / rate,
    rate = CASE WHEN rate + %(want)s * max_rate * %(recovery)s / rate < max_rate
                THEN rate + %(want)s * max_rate * %(recovery)s / rate ELSE max_rate END
 WHERE key = %(key)s AND paused_until <= %(now)s AND (tat <= %(ahead)s OR tat > %(absurd)s)
RETURNING tat, rate
"""
_PAUSE = """
UPDATE delivery_limiter SET
    rate = CASE WHEN paused_until > %(now)s THEN rate
                WHEN rate * %(cut)s > max_rate * %(slowest)s THEN rate * %(cut)s ELSE max_rate * %(slowest)s END,
    paused_until = CASE WHEN paused_until > %(until)s THEN paused_until ELSE %(until)s END
 WHERE key = %(key)s
"""


@dataclass(frozen=True, slots=True)
class Permits:
    """So many calls, the first of them `wait` seconds from now, `gap` seconds apart. None granted: ask after `wait`."""

    granted: int
    wait: float
    gap: float = 0.0


def permits(key: str, want: int, now: float) -> Permits:
    """Reserve up to 25 calls, all or none."""
    want = min(want, MOST_PERMITS)
    given: dict[str, str | float] = {
        "key": key,
        "want": float(want),
        "now": now,
        "ahead": now + AHEAD_SECONDS,
        "absurd": now + ABSURD_SECONDS,
        "recovery": RECOVERY,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RESERVE, given)
        row = cursor.fetchone()
    if row is None:
        limiter = Limiter.objects.get(key=key)
        return Permits(0, max(limiter.paused_until - now, limiter.tat - now - AHEAD_SECONDS, 0.01))
    tat, gap = row[0], 1 / row[1]
    return Permits(want, max(tat - want * gap - now, 0.0), gap)


def pause(key: str, seconds: float, now: float) -> None:
    """The service has asked this application to wait: nobody calls it until then, and slower from then on.

    The many answers that say so at the same time cut the rate once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _PAUSE, {"key": key, "until": now + seconds, "now": now, "cut": CUT, "slowest": SLOWEST}
        )


def open_limiter(key: str, rate: float, max_rate: float, now: float) -> None:
    """See to it that the row is there. From then on the row decides: an operator may know better what is allowed."""
    Limiter.objects.get_or_create(key=key, defaults={"rate": rate, "max_rate": max_rate, "tat": now})


class Pace:
    """One event loop's share of a limiter: it reserves slots a few at a time and hands them out in order."""

    LONG = 2.0
    """A wait longer than this is not slept through: it is data for whoever asked."""

    def __init__(self, key: str, rate: float, max_rate: float, wall: Callable[[], float] = time.time) -> None:
        self._key, self._rate, self._max_rate, self._wall = key, rate, max_rate, wall
        self._slots: deque[float] = deque()
        self._asking = asyncio.Lock()
        self._opened = False
        self._paused_until = 0.0

    async def turn(self) -> float:
        """Wait for a slot. Returns 0 when it is there, or the seconds to come back after if that takes long."""
        async with self._asking:
            while not self._slots:
                wait = await self._reserve()
                if wait > self.LONG:
                    return wait
                await asyncio.sleep(wait)
            slot = self._slots.popleft()
        await asyncio.sleep(max(slot - self._wall(), 0.0))
        return max(self._paused_until - self._wall(), 0.0)

    async def pause(self, seconds: float) -> None:
        """The service asked the whole application to wait."""
        now = self._wall()
        self._paused_until = max(self._paused_until, now + seconds)
        self._slots.clear()
        await beside(pause, self._key, seconds, now)

    async def _reserve(self) -> float:
        """Get more slots. Returns 0, or how long to wait before asking again."""
        if not self._opened:
            await beside(open_limiter, self._key, self._rate, self._max_rate, self._wall())
            self._opened = True
        now = self._wall()
        got = await beside(permits, self._key, max(1, int(self._rate / 4)), now)
        if not got.granted:
            return got.wait
        self._rate = 1 / got.gap
        self._slots.extend(now + got.wait + number * got.gap for number in range(got.granted))
        return 0.0
