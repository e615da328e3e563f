"""TIDAL's documents read as ours: resources, and those included beside them. Nothing is trusted to be there."""

from collections.abc import Mapping
from typing import Any

from upbeat.providers.base import Entity, Found, Kind, Playlist
from upbeat.providers.fields import at, day, dicts, first, number, text, upc

SERVICE = "tidal"
Resource = Mapping[str, Any]


def resources(document: Any) -> list[dict[str, Any]]:
    """The primary data, as a list also where it is one resource."""
    one = at(document, "data")
    return [one] if isinstance(one, dict) else dicts(document, "data")


def related(document: Any, resource: Resource, name: str) -> list[dict[str, Any]]:
    """The resources of a relationship, in its order, as far as they were included."""
    known = {(text(one, "type"), text(one, "id")): one for one in dicts(document, "included")}
    keys = [(text(one, "type"), text(one, "id")) for one in linked(resource, name)]
    return [known[key] for key in keys if key in known]


def linked(resource: Resource, name: str) -> list[dict[str, Any]]:
    """The identifiers in a relationship, in its order."""
    return dicts(resource, "relationships", name, "data")


def release(kind: Kind, document: Any, data: Resource, track_ids: tuple[str, ...]) -> Found:
    """An album with its tracks, or one track (its first album's cover and day).

    It has as many as it says, videos aside: what is not to be had in the country is not listed, and counts.
    """
    videos = sum(text(one, "type") == "videos" for one in linked(data, "items"))
    albums = related(document, data, "albums")
    album = data if kind is Kind.ALBUM else (albums[0] if albums else {})
    artists = related(document, data, "artists")
    return Found(
        service=SERVICE,
        kind=kind,
        id=text(data, "id"),
        url=url(kind, text(data, "id")),
        title=_title(data),
        artist=", ".join(text(one, "attributes", "name") for one in artists),
        artist_id=first(text(one, "id") for one in linked(data, "artists")),
        upc=upc(text(data, "attributes", "barcodeId")),
        isrc=text(data, "attributes", "isrc"),
        track_ids=track_ids,
        track_count=max(number(data, "attributes", "numberOfItems") - videos, len(track_ids)),
        release_date=day(album, "attributes", "releaseDate"),
        cover_url=_widest(document, album, "coverArt"),
    )


def entity(kind: Kind, document: Any, data: Resource) -> Entity:
    """An artist or playlist; for a search an album or track too."""
    key, picture = text(data, "id"), "profileArt" if kind is Kind.ARTIST else "coverArt"
    name = first((text(data, "attributes", "name"), _title(data), key))
    return Entity(SERVICE, kind, key, name, _widest(document, data, picture), url(kind, key))


def playlists(page: Any) -> list[Playlist]:
    """Those of a page that a fan made: mixes and editorial ones are not added to."""
    return [
        playlist(one)
        for one in resources(page)
        if text(one, "attributes", "playlistType") in ("USER", "") and text(one, "id")
    ]


def playlist(data: Resource) -> Playlist:
    size = number(data, "attributes", "numberOfItems")
    return Playlist(text(data, "id"), text(data, "attributes", "name"), size)


def track_ids(page: Any) -> tuple[str, ...]:
    """The tracks of a page of identifiers, in order; videos are left out."""
    return _tracks(resources(page))


def first_tracks(album: Resource) -> tuple[str, ...]:
    """The tracks an album brings along: the first page of them."""
    return _tracks(linked(album, "items"))


def url(kind: Kind, id: str) -> str:
    return f"https://tidal.com/{kind}/{id}"


def _tracks(identifiers: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(text(one, "id") for one in identifiers if text(one, "type") == "tracks" and text(one, "id"))


def _title(data: Resource) -> str:
    """The title with its version: what other services write into one."""
    title, version = text(data, "attributes", "title"), text(data, "attributes", "version")
    return f"{title} ({version})" if version and version.lower() not in title.lower() else title


def _widest(document: Any, resource: Resource, name: str) -> str:
    """The address of the largest still picture."""
    files = [
        file
        for one in related(document, resource, name)
        if text(one, "attributes", "mediaType") in ("IMAGE", "")
        for file in dicts(one, "attributes", "files")
    ]
    widest = max(files, key=lambda file: number(file, "meta", "width"), default={})
    return text(widest, "href")
