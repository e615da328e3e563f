"""What a fan chooses before COMPLETE, as the form says it and as a second trip carries it."""

from dataclasses import dataclass
from typing import Any

LONGEST_NAME = 100
"""Signs of a playlist's name (Spotify's own limit)."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The targets to follow, and the playlist: "no", "mine" (`playlist_id`) or "new" (`name`)."""

    follows: tuple[int, ...] = ()
    playlist: str = "no"
    playlist_id: str = ""
    name: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "follows": list(self.follows),
            "playlist": self.playlist,
            "playlist_id": self.playlist_id,
            "name": self.name,
        }


def of_json(kept: dict[str, Any]) -> Choices:
    return Choices(
        tuple(kept.get("follows", ())),
        kept.get("playlist", "no"),
        kept.get("playlist_id", ""),
        kept.get("name", ""),
    )
