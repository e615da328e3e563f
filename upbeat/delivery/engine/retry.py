"""A job that has not come to its end: when it runs again. It never gives up; the reconciler decides what is over."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=2)


class Later(Exception):  # noqa: N818 - it is no error
    """Raised by a task that has done what it could for now and is to run again at `at` (aware)."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"again at {at.isoformat()}")
        self.at = at


class UntilDone(BaseRetryStrategy):
    """`@tasks.task(retry=UntilDone(clock.cached_now))`: again when `Later` says, at once after a stop of the worker,
    after a growing pause on any other exception, for ever.

    `now` is asked on the event loop. Procrastinate counts a `Later` as an attempt too, so a pause may be longer than
    the failures alone would make it; never longer than two minutes.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, Later):
            return RetryDecision(retry_at=exception.at)
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=self._now())
        return RetryDecision(retry_at=self._now() + pause(job.attempts))


def pause(attempts: int) -> timedelta:
    """How long to wait after that many attempts before this one: 2, 4, 8 … seconds, at most two minutes."""
    doublings = min(attempts, 16)
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << doublings))
