"""A synthetic fan and what was promised to them, and the release as the services have it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Guest:
    """One synthetic fan, and what was promised."""

    number: int
    """The id of their row in every table of fans."""
    name: str
    service: str
    zone: str
    said: dict[str, Any] = field(repr=False)
    """What the sandbox said of their permission."""
    playlist: str = ""
    """The name of the playlist that was asked for; empty: none."""
    playlist_id: str = ""
    """Of one they have already."""
    had: list[str] = field(default_factory=list)
    """The tracks that were in it before."""
    follows: list[str] = field(default_factory=list)
    """The ids of whom they follow on the night, as the service has them."""
    revokes: bool = False
    """They take their permission back before the release: they cannot be served."""


@dataclass(frozen=True, slots=True)
class Music:
    """The release as the sandbox has it."""

    upc: str
    ids: dict[str, str]
    """The release's id on each service."""
    tracks: dict[str, list[str]]
    """Its tracks in order."""
    artist: dict[str, str]
