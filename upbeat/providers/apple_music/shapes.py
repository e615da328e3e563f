"""Apple Music's objects read as ours. Nothing is trusted to be there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from upbeat.providers.base import Entity, Found, Kind, Playlist
from upbeat.providers.fields import at, day, dicts, first, number, text, upc

SERVICE = "apple_music"
TYPES = {Kind.ALBUM: "albums", Kind.TRACK: "songs", Kind.ARTIST: "artists", Kind.PLAYLIST: "playlists"}
"""What the kinds are called in paths, in `types` and in `ids[…]`."""
_WIDEST = 3000


def release(kind: Kind, data: Mapping[str, Any], track_ids: tuple[str, ...]) -> Found:
    """An album with its tracks, or one song."""
    return Found(
        service=SERVICE,
        kind=kind,
        id=text(data, "id"),
        url=_url(kind, data),
        title=text(data, "attributes", "name"),
        artist=text(data, "attributes", "artistName"),
        artist_id=first(text(one, "id") for one in related(data, "artists")),
        upc=upc(text(data, "attributes", "upc")),
        isrc=text(data, "attributes", "isrc"),
        track_ids=track_ids,
        track_count=number(data, "attributes", "trackCount") or len(track_ids),
        release_date=day(data, "attributes", "releaseDate"),
        cover_url=_picture(data),
    )


def entity(kind: Kind, data: Mapping[str, Any]) -> Entity:
    """An artist; for a search an album, song or playlist too."""
    name = first((text(data, "attributes", "name"), text(data, "id")))
    return Entity(SERVICE, kind, text(data, "id"), name, _picture(data), _url(kind, data))


def playlist(data: Mapping[str, Any]) -> Playlist:
    """How many tracks are in it, a list of playlists does not say."""
    return Playlist(text(data, "id"), text(data, "attributes", "name"))


def may_add_to(data: Mapping[str, Any]) -> bool:
    """One that the fan made themselves, and no mirror of a public one."""
    return text(data, "id").startswith("p.") and at(data, "attributes", "canEdit") is True


def related(data: Any, name: str) -> list[dict[str, Any]]:
    return dicts(data, "relationships", name, "data")


def only(page: Any) -> dict[str, Any]:
    """The first resource of an answer; an empty one where there is none."""
    return next(iter(dicts(page, "data")), {})


def songs(page: Any) -> tuple[str, ...]:
    """The catalogue ids of a page of an album's tracks, in order; videos left out."""
    songs = (one for one in dicts(page, "data") if text(one, "type") == "songs")
    return tuple(text(one, "id") for one in songs if text(one, "id"))


def added_ids(page: Any) -> list[str]:
    """The catalogue ids of a page of a library playlist's songs; a song with none (an upload) by its library id."""
    return [
        first((text(one, "attributes", "playParams", "catalogId"), *_catalogue_ids(one), text(one, "id")))
        for one in dicts(page, "data")
    ]


def is_of(one: Mapping[str, Any], release: Found) -> bool:
    """Whether something in the library is this release. The link to the catalogue is missing at times: then by name."""
    ids = [text(one, "attributes", "playParams", "catalogId"), *_catalogue_ids(one)]
    if any(ids):
        return release.id in ids
    names = (text(one, "attributes", "name"), text(one, "attributes", "artistName"))
    return [name.casefold() for name in names] == [release.title.casefold(), release.artist.casefold()]


def next_offset(page: Any) -> str:
    """Where the next page begins; empty where there is none. `next` is a path, not a whole address."""
    return first(parse_qs(urlsplit(text(page, "next")).query).get("offset", []))


def _catalogue_ids(data: Mapping[str, Any]) -> list[str]:
    return [text(one, "id") for one in related(data, "catalog")]


def _url(kind: Kind, data: Mapping[str, Any]) -> str:
    word = {Kind.TRACK: "song"}.get(kind, str(kind))
    return text(data, "attributes", "url") or f"https://music.apple.com/us/{word}/{text(data, 'id')}"


def _picture(data: Mapping[str, Any]) -> str:
    """An artwork's address is a template; no larger than the picture is."""
    side = min(number(data, "attributes", "artwork", "width") or _WIDEST, _WIDEST)
    template = text(data, "attributes", "artwork", "url")
    return template.replace("{w}", str(side)).replace("{h}", str(side)).replace("{f}", "jpg")
