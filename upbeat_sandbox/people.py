"""Fans and their collections, as one service keeps them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from upbeat_sandbox.catalogue import Track


@dataclass(eq=False, slots=True)
class Entry:
    """One line of a playlist."""

    track: Track
    added_at: datetime
    added_by: "Account"


@dataclass(eq=False, slots=True)
class Playlist:
    id: str
    name: str
    owner: "Account"
    created_at: datetime
    description: str = ""
    public: bool = True
    collaborative: bool = False
    entries: list[Entry] = field(default_factory=list)
    version: int = 1
    deleted: bool = False  # the owner threw it away

    def changed(self) -> str:
        self.version += 1
        return self.snapshot_id

    @property
    def snapshot_id(self) -> str:
        return (
            f"{self.version:08d}"
            + hashlib.md5(f"{self.id}{self.version}".encode(), usedforsecurity=False).hexdigest()
        )

    def duplicates(self) -> int:
        """How many lines repeat a track that is already there."""
        return len(self.entries) - len({entry.track for entry in self.entries})


@dataclass(eq=False, slots=True)
class Account:
    """A fan (or a curator) on one service."""

    id: str
    name: str
    account_id: str
    created_at: datetime
    country: str = "DE"
    saved: dict[str, dict[Any, datetime]] = field(default_factory=lambda: {"album": {}, "track": {}})
    followed: dict[str, dict[Any, datetime]] = field(
        default_factory=lambda: {"artist": {}, "user": {}, "playlist": {}}
    )
    acts: list[tuple[datetime, str, str, str]] = field(default_factory=list)  # when, what, kind, id

    def keep(self, shelf: dict[Any, datetime], item: Any, moment: datetime) -> bool:
        """Puts something on a shelf; the first time counts. False if it was there."""
        if item in shelf:
            return False
        shelf[item] = moment
        return True

    def email(self) -> str:
        return f"{self.id}@fans.invalid"
