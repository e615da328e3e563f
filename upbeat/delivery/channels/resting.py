"""Which push services are left alone for a while: they asked for it, or nobody answers there."""

from collections.abc import Callable

FAILED_OFTEN, FAILED_SECONDS = 3, 30.0
"""After so many calls in a row that nobody answered, nobody is asked there for so long."""
_MOST = 256
"""There are a handful of push services; more are addresses that somebody made up."""


class Resting:
    """Kept by host, in this process. `clock` counts seconds and is never set back.

    One host that is silent or wants a long wait costs the others nothing: its fans come back later without a call.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}
        self._failed: dict[str, int] = {}

    def left(self, host: str) -> float:
        """The seconds this host is still to be left alone, 0 if it may be asked."""
        return max(0.0, self._until.get(host, 0.0) - self._clock())

    def rest(self, host: str, seconds: float) -> None:
        """It asked us to wait."""
        self._until[host] = max(self._until.get(host, 0.0), self._clock() + seconds)
        self._tidy()

    def heard(self, host: str) -> None:
        """It answered, whatever it said."""
        self._failed.pop(host, None)

    def failed(self, host: str) -> None:
        """Nobody answered there."""
        self._failed[host] = self._failed.get(host, 0) + 1
        if self._failed[host] >= FAILED_OFTEN:
            self.rest(host, FAILED_SECONDS)
        self._tidy()

    def _tidy(self) -> None:
        now = self._clock()
        if len(self._until) > _MOST:
            self._until = {host: until for host, until in self._until.items() if until > now}
        if len(self._failed) > _MOST:
            self._failed.clear()
