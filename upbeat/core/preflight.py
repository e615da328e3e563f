"""The check before a release: when it is made, what a line of it is, and whether it has got worse."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

BUTTON = "button"
OCCASIONS = {
    "7d": timedelta(days=7),
    "48h": timedelta(hours=48),
    "24h": timedelta(hours=24),
    "1h": timedelta(hours=1),
}
"""How long before the instant, the earliest first."""


class Level(StrEnum):
    """How one thing stands."""

    FINE = "fine"
    WARNING = "warning"
    STOP = "stop"
    """Fans would not be served, or not all of them."""


_WEIGHT = {Level.FINE: 0, Level.WARNING: 1, Level.STOP: 2}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at: what it is in a few words, the facts, and what to do about it."""

    check: str
    """Which check it is of: what is compared from one time to the next."""
    level: Level
    what: str
    sentence: str = ""
    advice: str = ""
    service: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Line":
        return cls(**{**said, "level": Level(said["level"])})


def due(now: datetime, opens_at: datetime) -> str | None:
    """The occasion whose moment has come last; None before the first, and once the music is out.

    One that was missed is not made up for: the next one says all that it would have said.
    """
    if now >= opens_at:
        return None
    come = [name for name, ahead in OCCASIONS.items() if opens_at - ahead <= now]
    return come[-1] if come else None


def next_due(now: datetime, opens_at: datetime) -> datetime | None:
    """When the next one is made; None after the last."""
    return min((at for ahead in OCCASIONS.values() if (at := opens_at - ahead) > now), default=None)


def worst(lines: Iterable[Line]) -> Level:
    return max((line.level for line in lines), key=_WEIGHT.__getitem__, default=Level.FINE)


def trouble_first(lines: Iterable[Line]) -> list[Line]:
    """Stops, then warnings, then what is fine; otherwise in their order."""
    return sorted(lines, key=lambda line: -_WEIGHT[line.level])


def alarming(lines: Iterable[Line], before: Iterable[Line]) -> list[Line]:
    """What the team must be told: every stop, and each thing that is in a worse state than it was `before`."""
    was: dict[tuple[str, str], Level] = {}
    for line in before:
        key = line.check, line.service
        was[key] = max(was.get(key, Level.FINE), line.level, key=_WEIGHT.__getitem__)
    known = bool(was)
    return [
        line
        for line in trouble_first(lines)
        if line.level is Level.STOP
        or (known and _WEIGHT[line.level] > _WEIGHT[was.get((line.check, line.service), Level.FINE)])
    ]
