"""How fast a service may be called with one credential: one row, shared by all processes.

Services live in real time, so does this: seconds since the epoch, never the installation's clock, which can be moved.
On PostgreSQL they are the database's; on SQLite, where there is one process, the machine's as they were when the
process began, counted on by the monotonic clock: a machine clock that is set anew neither stops nor bursts the calls.

A reservation takes the next slots of the row's timetable (GCRA), so calls are spread evenly. Nobody holds more than a
twentieth of a second's worth or reserves further ahead than that: when a service asks one process to wait, the others
have nothing in hand that they could still call with.
"""

import time
from dataclasses import dataclass
from functools import cache

from django.db import connection

from upbeat.delivery.models import Limiter

HELD_SECONDS = 0.05
"""So much of the timetable is taken at a time: one statement each 50 ms, however fast it goes."""
AHEAD_SECONDS = 0.05
"""How far into the future slots are given out."""
SLACK_SECONDS = 0.1
"""Slots missed while the database was busy may be made up for, so many seconds of them."""
ABSURD_SECONDS = 120.0
"""A timetable further ahead than this was written before the clock was set back."""
CUT = 0.8
"""What is left of the rate when the service has said that it was too much."""
RECOVERY = 0.01
"""The part of the highest rate that a second of undisturbed calls gives back."""
SLOWEST = 0.02
"""The part of the highest rate that no cut goes below: without a way up again a campaign would stand still."""

# Both stores know this form; neither `max` nor `greatest` is in both.
_RESERVE = """
UPDATE delivery_limiter SET
    tat = CASE WHEN tat > {now} - %(slack)s AND tat <= {now} + %(absurd)s THEN tat
               WHEN tat > {now} THEN {now} ELSE {now} - %(slack)s END + %(want)s / rate,
    rate = CASE WHEN rate + %(want)s * max_rate * %(recovery)s / rate < max_rate
                THEN rate + %(want)s * max_rate * %(recovery)s / rate ELSE max_rate END
 WHERE key = %(key)s AND paused_until <= {now}
   AND (tat <= {now} + %(ahead)s OR tat > {now} + %(absurd)s)
RETURNING tat - {now}, rate
"""
_WAIT = "SELECT paused_until - {now}, tat - {now} FROM delivery_limiter WHERE key = %(key)s"
_PAUSE = """
UPDATE delivery_limiter SET
    rate = CASE WHEN paused_until > {now} THEN rate
                WHEN rate * %(cut)s > max_rate * %(slowest)s THEN rate * %(cut)s ELSE max_rate * %(slowest)s END,
    paused_until = CASE WHEN paused_until > {now} + %(seconds)s THEN paused_until ELSE {now} + %(seconds)s END
 WHERE key = %(key)s
"""
_NOW = {"postgresql": "COALESCE(%(now)s::float8, extract(epoch FROM clock_timestamp())::float8)"}
_BEGAN = time.time() - time.monotonic()


@dataclass(frozen=True, slots=True)
class Permits:
    """So many calls, the first of them `wait` seconds from now (less than 0: at once), `gap` seconds apart.

    None granted: ask again after `wait`.
    """

    granted: int
    wait: float
    gap: float = 0.0


def permits(key: str, want: int, now: float | None = None) -> Permits:
    """Reserve so many calls, all or none. `now` is for tests: None is the time by which services are called."""
    given: dict[str, str | float | None] = {
        "key": key,
        "want": float(want),
        "now": _time(now),
        "ahead": AHEAD_SECONDS,
        "absurd": ABSURD_SECONDS,
        "slack": SLACK_SECONDS,
        "recovery": RECOVERY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_on_this_store(_RESERVE), given)
        rows = cursor.fetchall()
        if rows:
            ahead, gap = rows[0][0], 1 / rows[0][1]
            return Permits(want, ahead - want * gap, gap)
        cursor.execute(_on_this_store(_WAIT), given)
        paused, timetable = cursor.fetchone()
    return Permits(0, max(paused, timetable - AHEAD_SECONDS, 0.01))


def pause(key: str, seconds: float, now: float | None = None) -> None:
    """The service has asked this application to wait: nobody calls it until then, and slower from then on.

    The many answers that say so at the same time cut the rate once.
    """
    given: dict[str, str | float | None] = {"key": key, "seconds": seconds, "now": _time(now)}
    with connection.cursor() as cursor:
        cursor.execute(_on_this_store(_PAUSE), given | {"cut": CUT, "slowest": SLOWEST})


def paused_for(key: str, now: float | None = None) -> float:
    """For how many seconds the service still wants to be left alone; 0 if it does not, or was never called."""
    with connection.cursor() as cursor:
        cursor.execute(_on_this_store(_WAIT), {"key": key, "now": _time(now)})
        row = cursor.fetchone()
    return max(row[0], 0.0) if row else 0.0


def open_limiter(key: str, rate: float, max_rate: float) -> None:
    """See to it that the row is there. From then on the row decides: an operator may know better what is allowed."""
    Limiter.objects.get_or_create(key=key, defaults={"rate": rate, "max_rate": max_rate})


def _time(now: float | None) -> float | None:
    """None on PostgreSQL: its statements read its own clock."""
    return now if now is not None or connection.vendor == "postgresql" else _BEGAN + time.monotonic()


def _on_this_store(statement: str) -> str:
    return _for(statement, connection.vendor)


@cache
def _for(statement: str, vendor: str) -> str:
    return statement.format(now=_NOW.get(vendor, "%(now)s"))
