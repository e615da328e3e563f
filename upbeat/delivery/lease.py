"""How long a job may believe that its chunk is still its own."""

import time
from collections.abc import Callable

from upbeat.delivery.engine.sweep import LEASE

LEASE_SECONDS = LEASE.stalled * 0.75
"""A quarter less than what it takes until a silent worker's jobs are given to another."""


class LeaseOver(Exception):  # noqa: N818 - it is no error
    """Nobody has confirmed for too long that the chunk is ours: no further call may go out."""


class Lease:
    """Looked at before every call, renewed only by a fenced commit that went through.

    Counts by the machine's monotonic clock, which goes on while the process is frozen.
    """

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._until = elapsed() + LEASE_SECONDS

    def now(self) -> float:
        """To be read before the commit that renews: it proves that the chunk was ours then, not later."""
        return self._elapsed()

    def renew(self, proven: float) -> None:
        self._until = proven + LEASE_SECONDS

    def check(self) -> None:
        """Raise `LeaseOver` if it is."""
        if self._elapsed() >= self._until:
            raise LeaseOver

    def end(self) -> None:
        """The chunk is known to be somebody else's: calls that still wait for their turn do not go out."""
        self._until = float("-inf")
