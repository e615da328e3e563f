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
    """Also what SoundCloud calls a set."""
    USER = "user"
    CHANNEL = "channel"
    """Of YouTube. Its id is the channel's key, its `@handle`, or one of the older names."""
    VIDEO = "video"
    MIX = "mix"
    """A list the service makes for a listener."""
    LABEL = "label"
    SHOW = "show"
    EPISODE = "episode"
    COUNTDOWN = "prerelease"
    """Spotify's page for a release to come. Its id is not the album's."""
    PRE_ADD = "preadd"
    """Apple's address for a release to come. Its id is the album's."""
    ITEM = "item"
    """Something in a shop that does not sell music alone: it may be a record, and the address does not say."""
    SHORT = "short"
    """Says nothing about where it leads."""
    PAGE = "page"
    """A page that lists several services (Linkfire, song.link, Linktree)."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two links to the same thing are equal: `url` is the canonical address, whatever was pasted.

    `service` is the key of `core.hosts` (`spotify`, `apple_music`, `itunes`, `youtube_music`, `linkfire`, …), `id` the
    service's own; where a service has no ids of its own it is the names in the address (`artist/album`).
    """

    service: str
    kind: LinkKind
    id: str
    url: str


def malformed(label: str, wrong: str) -> Problem:
    """For an address of a service that leads to nothing of its catalogue."""
    article = "an" if label[0] in "AEIOUi" else "a"
    return Problem(
        "link_malformed",
        f"This is {article} {label} address, but {wrong}.",
        f"In {label}, choose Share, then Copy link.",
    )
