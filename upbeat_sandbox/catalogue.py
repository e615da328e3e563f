"""The music: artists, releases and tracks, the same on every service, each with an id of its own on each.

A release is not there before its moment: every look-up goes through `Catalogue`, which asks the clock.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from upbeat_sandbox.played import SERVICES


class Everywhere:
    """Something that exists on every service, under an id of its own on each."""

    __slots__ = ()
    ids: dict[str, str]

    @property
    def spotify_id(self) -> str:
        return self.ids["spotify"]

    @property
    def deezer_id(self) -> int:
        return int(self.ids["deezer"])


@dataclass(eq=False, slots=True)
class Artist(Everywhere):
    name: str
    ids: dict[str, str]
    genres: list[str] = field(default_factory=list)
    followers: int = 0
    albums: list["Album"] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Album(Everywhere):
    """One release. `released_at` is its instant; a service may show it later (`delays`) or early (`visible_before`)."""

    title: str
    artists: list[Artist]
    kind: str  # album | single | compilation
    upc: str  # as printed on the sleeve, 12 or 13 digits
    released_at: datetime
    release_date: date
    ids: dict[str, str]
    label: str = "Tidewater Tapes"
    spotify_upc: str = ""  # the form Spotify's search wants: some need zeros in front, to 13 or 14 digits
    services: set[str] = field(default_factory=lambda: set(SERVICES))
    delays: dict[str, timedelta] = field(default_factory=dict)
    visible_before: set[str] = field(default_factory=set)
    tracks: list["Track"] = field(default_factory=list)

    def appears_on(self, service: str) -> datetime | None:
        """The instant `service` starts to show it; None if it never does."""
        if service not in self.services:
            return None
        return self.released_at + self.delays.get(service, timedelta())

    def visible(self, service: str, now: datetime) -> bool:
        appears = self.appears_on(service)
        return appears is not None and (now >= appears or service in self.visible_before)

    def out(self, service: str, now: datetime) -> bool:
        """Playable, not only listed."""
        appears = self.appears_on(service)
        return appears is not None and now >= appears


@dataclass(eq=False, slots=True)
class Track(Everywhere):
    title: str
    album: Album
    artists: list[Artist]
    isrc: str
    duration_ms: int
    number: int
    ids: dict[str, str]
    explicit: bool = False


class Catalogue:
    """Everything that exists, indexed by each service's ids and by UPC and ISRC."""

    def __init__(self) -> None:
        self.artists: list[Artist] = []
        self.albums: list[Album] = []
        self._index: dict[tuple[str, str, str], Artist | Album | Track] = {}
        self._by_upc: dict[int, Album] = {}
        self._by_isrc: dict[str, list[Track]] = {}

    def add_artist(self, artist: Artist) -> None:
        self.artists.append(artist)
        self._file("artist", artist)

    def add_album(self, album: Album) -> None:
        """Adds a release with its tracks; KeyError if the UPC is taken."""
        if int(album.upc) in self._by_upc:
            raise KeyError(f"there is already a release with UPC {album.upc}")
        self.albums.append(album)
        self._by_upc[int(album.upc)] = album
        self._file("album", album)
        for artist in album.artists:
            artist.albums.append(album)
        for track in album.tracks:
            self._file("track", track)
            self._by_isrc.setdefault(track.isrc, []).append(track)

    def _file(self, kind: str, item: Artist | Album | Track) -> None:
        for service, item_id in item.ids.items():
            self._index[service, kind, item_id] = item

    def remove_album(self, album: Album) -> None:
        """Takes a release down everywhere."""
        self.albums.remove(album)
        del self._by_upc[int(album.upc)]
        for artist in album.artists:
            artist.albums.remove(album)
        for track in album.tracks:
            self._by_isrc[track.isrc].remove(track)
            self._unfile("track", track)
        self._unfile("album", album)

    def _unfile(self, kind: str, item: Album | Track) -> None:
        for service, item_id in item.ids.items():
            del self._index[service, kind, item_id]

    def free(self, service: str, kind: str, item_id: object) -> bool:
        return (service, kind, str(item_id)) not in self._index

    def any_of(self, service: str, kind: str, item_id: str) -> Artist | Album | Track | None:
        """Whatever has this id, visible or not; for the sandbox's own use."""
        return self._index.get((service, kind, item_id))

    def find(self, service: str, kind: str, item_id: str, now: datetime) -> Artist | Album | Track | None:
        """The artist, album or track with this id, unless the service does not show it yet."""
        item = self._index.get((service, kind, item_id))
        if isinstance(item, Artist) or item is None:
            return item
        album = item.album if isinstance(item, Track) else item
        return item if album.visible(service, now) else None

    def album_by_upc(self, code: str) -> Album | None:
        """By the number's value, leading zeros aside; visibility is the caller's question."""
        return self._by_upc.get(int(code)) if re.fullmatch(r"[0-9]{1,14}", code) else None

    def tracks_by_isrc(self, code: str) -> list[Track]:
        return self._by_isrc.get(code, [])

    def shown_albums(self, service: str, now: datetime) -> list[Album]:
        return [album for album in self.albums if album.visible(service, now)]


def folded(text: str) -> str:
    """Lower case without accents: how search compares words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def matches(words: str, *texts: str) -> bool:
    """True if every word of the search occurs in one of the texts."""
    hay = folded(" ".join(texts))
    return all(word in hay for word in folded(words).replace('"', " ").split())
