"""The drills by name: what is done to the night, and what is to be seen afterwards.

A drill takes the ground and the number of fans, and returns its figures. `limits` names those that decide.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Figures = dict[str, Any]
Play = Callable[..., Figures]


@dataclass(frozen=True, slots=True)
class Drill:
    """One bad night."""

    name: str
    what: str
    play: str
    """Module and function below `drills.scenes`, imported once Django is set up."""
    fans: int = 2000
    stores: tuple[str, ...] = ("sqlite", "postgresql")
    everywhere: bool = False
    """Whether the store and the sandbox must be reached from other network namespaces."""
    small_disk: bool = False
    """Whether the store lies on a disk of its own, small enough to be filled."""
    recovery: dict[str, float] | None = None
    """The longest recovery allowed, in seconds, by store."""

    short: dict[str, Any] = field(default_factory=dict)
    """What makes its short form quick: arguments of `play`."""


_BACK = {"sqlite": 3.0, "postgresql": 25.0}
_PG = ("postgresql",)

DRILLS = {
    drill.name: drill
    for drill in (
        Drill("kill-9", "kill -9 at a hundred random moments", "processes.kill_9", 6000, recovery=_BACK,
              short={"kills": 3}),
        Drill("gone", "one of two workers is killed and never comes back", "processes.gone", stores=_PG,
              recovery=_BACK),
        Drill("sigterm", "SIGTERM in the middle of the run", "processes.sigterm", recovery=_BACK),
        Drill("freeze", "a worker is stopped for twice its lease, then goes on", "processes.freeze",
              short={"seconds": 5.0}),
        Drill("database-killed", "kill -9 of the whole database, and back", "database.killed", stores=_PG,
              short={"times": 1}),
        Drill("database-away", "the database is away for 45 s", "database.away", stores=_PG, short={"seconds": 4.0}),
        Drill("disk-full", "the disk is full for a minute", "machine.disk_full", small_disk=True,
              short={"seconds": 3.0}),
        Drill("clock-step", "the machine's clock steps by +10 and by -10 minutes", "machine.clock_step"),
        Drill("service-down", "the services are down for five minutes", "services.down", short={"seconds": 2.0}),
        Drill("after-effect", "one call in ten fails after its effect", "services.after_effect"),
        Drill("drops", "one connection in twenty breaks", "services.drops"),
        Drill("stray-429", "3 % stray 429", "services.stray_429"),
        Drill("window", "a real limit of 300 calls in 30 s", "services.window", 950,
              short={"calls": 30, "window": 2}),
        Drill("hour", "a Retry-After of an hour", "services.hour"),
        Drill("cut-off", "one of two workers loses its network, then has it again", "network.cut_off",
              stores=_PG, everywhere=True, recovery=_BACK, short={"seconds": 5.0}),
    )
}  # fmt: skip
