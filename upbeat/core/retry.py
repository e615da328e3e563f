"""How long to wait before the next try, and when to give up. Times are arguments, chance is an argument."""

from collections.abc import Sequence
from datetime import datetime, timedelta

PATIENCE = timedelta(days=14)
"""How long after it fell due a delivery is tried. Also the window in which a team can mend a wrong link (S30)."""

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_AFTER_FAILURE = (30 * _SECOND, 2 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, 120 * _MINUTE)
_BETWEEN_LOOKS = (1 * _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, 60 * _MINUTE)
_MOST_SPREAD = 5 * _MINUTE


def give_up_at(due_at: datetime) -> datetime:
    """We give up by the clock, never by a count."""
    return due_at + PATIENCE


def failure_pause(failures: int, jitter: float) -> timedelta:
    """The pause after the n-th failure (from 1): 30 s, 2 min, 10 min, 30 min, then 2 h each."""
    return spread(_step(_AFTER_FAILURE, failures), jitter)


def look_pause(looks: int, jitter: float = 0.0) -> timedelta:
    """The pause after the n-th look (from 1) that did not find the release: 1, 2, 5, 10, 30 min, then hourly."""
    return spread(_step(_BETWEEN_LOOKS, looks), jitter)


def spread(pause: timedelta, jitter: float) -> timedelta:
    """The pause, longer by up to a quarter (5 minutes at the most), so that many do not come back at once.

    `jitter` is a number from 0 to 1. A pause never gets shorter: the service may have asked for it.
    """
    return pause + min(pause / 4, _MOST_SPREAD) * min(max(jitter, 0.0), 1.0)


def _step(pauses: Sequence[timedelta], nth: int) -> timedelta:
    return pauses[min(max(nth, 1), len(pauses)) - 1]
