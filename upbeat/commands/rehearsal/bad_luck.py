"""What is thrown at the night: nothing, the usual (mild), or everything at once (hard)."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from upbeat.commands.rehearsal.clocks import Clocks
from upbeat.commands.rehearsal.house import House
from upbeat.commands.rehearsal.night import Standing
from upbeat.commands.rehearsal.script import HARD, MILD, NONE, Script, by_size, hardest
from upbeat.core.channels import EMAIL, PUSH, is_channel
from upbeat.delivery.models import Circuit
from upbeat.providers.registry import label

LATE_SECONDS = {NONE: 0.0, MILD: 180.0, HARD: 600.0}
DEAD_SHARE = {NONE: 0.0, MILD: 0.01, HARD: 0.01}
CALLS = {"host": "api"}
"""All calls of a service's API; the token endpoints have another host."""
_RCPT, _DATA = {"service": "mail", "path": "/rcpt"}, {"service": "mail", "path": "/data"}
_PUSH = {"service": "push"}
WINDOW_CALLS, WINDOW_SECONDS = 300, 30.0
WAVE, ROUNDS = timedelta(minutes=10), timedelta(seconds=90)
"""How long a token endpoint calls everybody dead; so much of it passes in steps, the rest at once."""
HOUR, AWAY, AWAY_SECONDS = timedelta(hours=1), timedelta(minutes=5), 1.0
_NEVER = 2.0
When = float | datetime
"""The share of the fans that has been served, or a moment by the rehearsal's clocks."""


@dataclass(slots=True)
class Blow:
    """Something that was thrown at the night, and how often."""

    what: str
    times: int = 1


class BadLuck:
    """Of one rehearsal."""

    def __init__(self, script: Script, house: House, clocks: Clocks, tell: Callable[[str], None]):
        self._faults, self._services, self._house, self._clocks = (
            script.faults, by_size(script), house, clocks,
        )  # fmt: skip
        self._hardest, self._channels = (
            hardest(script),
            [name for name in script.services if is_channel(name)],
        )
        faults = script.faults
        self._tell, self._control = tell, house.control
        self._blows: list[Blow] = []
        self._rules: dict[str, str] = {}
        self._coming: Iterator[When] = self._hard() if faults == HARD else iter(())
        self._at: When = next(self._coming, _NEVER)

    @property
    def late(self) -> dict[str, float]:
        """The service that shows the release late: the one with the fewest fans."""
        seconds = LATE_SECONDS[self._faults]
        return {self._services[-1]: seconds} if seconds and self._services else {}

    @property
    def dead_share(self) -> float:
        return DEAD_SHARE[self._faults]

    def begin(self, speed: float) -> None:
        """What goes wrong all night long. `speed`: how much faster than the real ones the limits run."""
        for service, seconds in self.late.items():
            self._blows.append(Blow(f"{label(service)} shows the release {seconds / 60:.0f} minutes late"))
        if self._faults == MILD:
            self._order("slow answers", "delay", 0.02, seconds=0.7)
            self._order("answers of 503", "error", 0.01, status=503)
            self._order("answers of 429", "rate_limit", 0.01, times=5, retry_after=1)
        if self._faults == HARD:
            self._order(
                "calls that failed after their effect", "error", 0.1, status=502, when="after", body="html"
            )
            self._order("connections cut before their effect", "drop", 0.025, when="before")
            self._order("connections cut after their effect", "drop", 0.025, when="after")
            self._order("stray answers of 429", "rate_limit", 0.03, retry_after=1)
            self._order_for_channels()
        if self._faults == HARD and self._hardest:
            span = WINDOW_SECONDS / speed
            self._control.turn(self._hardest, calls_per_window=WINDOW_CALLS, window_seconds=span)
            words = f"a limit of {WINDOW_CALLS} calls in {WINDOW_SECONDS:.0f} s at {label(self._hardest)}"
            self._blows.append(Blow(words))

    def _order_for_channels(self) -> None:
        """What mail servers and push services do on a bad night."""
        if EMAIL in self._channels:
            self._order("mailboxes that want it later", "rate_limit", 0.1, on=_RCPT)
            self._order("lines cut before a letter was begun", "drop", 0.05, on=_RCPT, when="before")
            self._order("letters taken without a word", "drop", 0.02, on=_DATA, when="after")
        if PUSH in self._channels:
            self._order("push services that answer 503", "error", 0.1, on=_PUSH, status=503, when="after")
            self._order("push services that want it later", "rate_limit", 0.03, on=_PUSH, retry_after=1)

    def turn(self, standing: Standing) -> None:
        """What comes now: called at every look."""
        while standing.now >= self._at if isinstance(self._at, datetime) else standing.share >= self._at:
            self._at = next(self._coming, _NEVER)

    def blows(self) -> list[Blow]:
        """What was thrown, and how often."""
        ordered = self._control.faults()
        counted = [Blow(what, ordered[rule]["fired"]) for rule, what in self._rules.items()]
        return [*self._blows, *(blow for blow in counted if blow.times)]

    def _order(
        self, what: str, kind: str, probability: float, *, on: dict[str, str] = CALLS,
        times: int | None = None, **effect: object,
    ) -> None:  # fmt: skip
        rule = self._control.fault(
            kind, on, probability=probability, times=times, seed=len(self._rules) + 1, **effect
        )
        self._rules[rule] = what

    def _hard(self) -> Iterator[When]:
        """Yields when it goes on."""
        yield 0.05
        if self._hardest:
            yield from self._wave(self._hardest)
        yield 0.2
        self._kill()
        yield 0.4
        if self._hardest:
            yield from self._hour(self._hardest)
        yield 0.55
        self._away()
        yield 0.7
        self._kill()

    def _kill(self) -> None:
        self._house.kill()
        self._house.start()
        self._blow("kill -9", "[red]kill -9[/] of Upbeat in the middle of its work. It is started again.")

    def _wave(self, service: str) -> Iterator[When]:
        """A token endpoint says of everybody that their permission has ended, for ten minutes."""
        rule = self._control.fault("invalid_grant", {"service": service})
        self._blow(
            f"ten minutes in which {label(service)} calls every permission dead",
            f"{label(service)} says of every permission that it has ended. That is not so.",
        )
        over = self._clocks.now() + WAVE
        yield self._clocks.now() + ROUNDS
        if Circuit.objects.filter(opened_at__gt=0).exists():
            self._tell("Upbeat believes none of it: nobody is given up, everybody waits, the team is told.")
        self._clocks.jump_to(over)
        self._control.call_off(rule)
        self._tell(f"{label(service)} has come to its senses.")

    def _hour(self, service: str) -> Iterator[When]:
        """A service asks for an hour of quiet; Upbeat is stopped and started in it."""
        rule = self._control.fault("rate_limit", {"service": service}, retry_after=int(HOUR.total_seconds()))
        self._blow(
            f"a Retry-After of an hour at {label(service)}", f"{label(service)} asks us to wait for an hour."
        )
        yield self._clocks.now() + timedelta(seconds=1)
        seconds = self._house.stop()
        self._clocks.jump(HOUR)
        self._control.call_off(rule)
        self._house.start()
        self._blow(
            "SIGTERM", f"Upbeat was stopped (in {seconds:.1f} s) and started again, and the hour is over."
        )

    def _away(self) -> None:
        """Nobody answers for five minutes, of which one second is real."""
        rule = self._control.fault("drop", {}, when="before")
        self._blow("five minutes in which no service answers", "No service answers any more.")
        time.sleep(AWAY_SECONDS)
        self._clocks.jump(AWAY)
        self._control.call_off(rule)
        self._tell("The services answer again.")

    def _blow(self, what: str, told: str) -> None:
        same = next((blow for blow in self._blows if blow.what == what), None)
        if same is not None:
            same.times += 1
        else:
            self._blows.append(Blow(what))
        self._tell(told)
