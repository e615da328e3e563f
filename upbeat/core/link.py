"""What a link of a streaming service points to."""

from dataclasses import dataclass
from enum import StrEnum

from upbeat.core.problem import Problem


class LinkKind(StrEnum):
    """The kinds a link may have. Those a fan can follow and those a release can be have the provider's names."""

    ALBUM = "album"
    TRACK = "track"
    ARTIST = "artist"
    PLAYLIST = "playlist"
    USER = "user"
    SHOW = "show"
    EPISODE = "episode"
    COUNTDOWN = "prerelease"
    """A page for a release to come. Its id is not the album's."""
    SHORT = "short"
    """Says nothing about where it leads."""
    PAGE = "page"
    """A page of a service whose links we do not read further."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two links to the same thing are equal: `url` is the canonical address, whatever was pasted."""

    service: str
    kind: LinkKind
    id: str
    url: str


def malformed(label: str, wrong: str) -> Problem:
    """For an address of a service that leads to nothing of its catalogue."""
    return Problem(
        "link_malformed",
        f"This is a {label} address, but {wrong}.",
        f"In {label}, choose Share, then Copy link.",
    )
