"""What was looked at on an installation, and how it is."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    GOOD = "good"
    MISSING = "missing"
    """Runs, but something is not offered."""
    WRONG = "wrong"
    """Must not run like this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is, how it is, and what would be right."""

    what: str
    level: Level
    sentence: str
    advice: str = ""
    rung: str = ""
    """Of a service: where its fans stand (`core.ladder.Rung`)."""
