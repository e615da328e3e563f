"""What is thrown at the night: nothing, the usual (mild), or everything at once (hard)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from upbeat.commands.rehearsal.clocks import Clocks
from upbeat.commands.rehearsal.house import House
from upbeat.commands.rehearsal.night import Standing
from upbeat.commands.rehearsal.script import HARD, MILD, NONE
from upbeat.providers.registry import label

LATE_SECONDS = {NONE: 0.0, MILD: 180.0, HARD: 600.0}
DEAD_SHARE = {NONE: 0.0, MILD: 0.01, HARD: 0.01}
CALLS = {"host": "api"}
"""All calls of a service's API; the token endpoints have another host."""


@dataclass(slots=True)
class Blow:
    """One thing that happened."""

    what: str
    times: int = 1


class BadLuck:
    """Of one rehearsal. `services` are ordered by their number of fans, the largest first."""

    def __init__(
        self, faults: str, services: list[str], house: House, clocks: Clocks, tell: Callable[[str], None]
    ):
        self._faults, self._services, self._house, self._clocks = faults, services, house, clocks
        self._tell = tell
        self._blows: list[Blow] = []
        self._rules: dict[str, str] = {}
        self._coming = {NONE: iter(()), MILD: iter(()), HARD: self._hard()}[faults]
        self._at = next(self._coming, 2.0)

    @property
    def late(self) -> dict[str, float]:
        """The service that shows the release late: the one with the fewest fans."""
        seconds = LATE_SECONDS[self._faults]
        return {self._services[-1]: seconds} if seconds else {}

    @property
    def dead_share(self) -> float:
        return DEAD_SHARE[self._faults]

    def order(self) -> None:
        """What goes wrong all night long."""
        if self._faults == MILD:
            self._order("slow answers", "delay", 0.02, seconds=0.7)
            self._order("answers of 503", "error", 0.01, status=503)
            self._order("answers of 429", "rate_limit", 0.01, times=4, retry_after=1)
        if self._faults == HARD:
            self._order(
                "calls that failed after their effect", "error", 0.1, status=502, when="after", body="html"
            )
            self._order("connections cut before their effect", "drop", 0.025, when="before")
            self._order("connections cut after their effect", "drop", 0.025, when="after")
            self._order("stray answers of 429", "rate_limit", 0.03, times=6, retry_after=1)

    def turn(self, standing: Standing) -> None:
        """What comes when so many have been served."""
        while standing.share >= self._at:
            self._at = next(self._coming, 2.0)

    def blows(self) -> list[Blow]:
        """What was thrown, and how often."""
        ordered = self._house.control.faults()
        counted = [
            Blow(what, ordered[rule]["fired"]) for rule, what in self._rules.items() if rule in ordered
        ]
        return [*self._blows, *(blow for blow in counted if blow.times)]

    def _order(
        self, what: str, kind: str, probability: float, *, times: int | None = None, **effect: object
    ) -> str:
        rule = self._house.control.fault(
            kind, CALLS, probability=probability, times=times, seed=len(self._rules) + 1, **effect
        )
        self._rules[rule] = what
        return rule

    def _hard(self) -> Iterator[float]:
        """Yields the share at which it goes on."""
        yield 0.15
        self._kill()
        yield 0.35
        yield from self._hour(self._services[0])
        yield 0.6
        self._kill()

    def _kill(self) -> None:
        self._house.kill()
        self._house.start()
        self._blow("kill -9", "[red]kill -9[/] of Upbeat in the middle of its work. It is started again.")

    def _hour(self, service: str) -> Iterator[float]:
        """A service asks for an hour of quiet; Upbeat is stopped and started in it."""
        rule = self._house.control.fault("rate_limit", {"service": service} | CALLS, retry_after=3600)
        self._blow(
            f"an hour's Retry-After of {label(service)}", f"{label(service)} asks us to wait for an hour."
        )
        yield 0.36
        seconds = self._house.stop()
        self._clocks.jump(timedelta(hours=1))
        self._house.control.call_off(rule)
        self._house.start()
        self._blow("SIGTERM", f"Upbeat is stopped (in {seconds:.1f} s), and started when the hour is over.")

    def _blow(self, what: str, told: str) -> None:
        same = next((blow for blow in self._blows if blow.what == what), None)
        if same is not None:
            same.times += 1
        else:
            self._blows.append(Blow(what))
        self._tell(told)
