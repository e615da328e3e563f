"""The look-up's objects read as ours. Nothing is trusted to be there."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from upbeat.core.identifiers import Upc, parse_upc
from upbeat.providers.base import Entity, Found, Kind
from upbeat.providers.fields import first, number, text
from upbeat.providers.fields import upc as short

SERVICE = "apple_music"
_FILE = re.compile(r"/([0-9]{12,14})(?:[._-][^/]*)?/[^/]*$")
_SIZE = re.compile(r"/[0-9]+x[0-9]+bb\.")


def release(results: Sequence[Mapping[str, Any]], upc: str = "") -> Found | None:
    """The album with its songs, or the song where that was asked for. A code may bring several versions of an album
    along: the one whose picture carries the code is meant, else the first."""
    albums = [one for one in results if text(one, "wrapperType") == "collection"]
    if not albums:
        song = next((one for one in results if _is_song(one)), None)
        return _song(song) if song else None
    album = next((one for one in albums if upc and _upc(one) == short(upc)), albums[0])
    songs = [
        one for one in results if _is_song(one) and text(one, "collectionId") == text(album, "collectionId")
    ]
    return _album(album, songs, upc) if text(album, "collectionId") else None


def entity(kind: Kind, data: Mapping[str, Any]) -> Entity:
    """An artist; for a search an album or song too."""
    word = {Kind.ALBUM: "collection", Kind.TRACK: "track"}.get(kind, "artist")
    name = first((text(data, f"{word}Name"), text(data, f"{word}Id")))
    url = first((text(data, f"{word}ViewUrl"), text(data, f"{word}LinkUrl")))
    return Entity(SERVICE, kind, text(data, f"{word}Id"), name, _picture(data), _plain(url))


def _album(data: Mapping[str, Any], songs: Sequence[Mapping[str, Any]], upc: str) -> Found:
    return Found(
        service=SERVICE,
        kind=Kind.ALBUM,
        id=text(data, "collectionId"),
        url=_plain(text(data, "collectionViewUrl")),
        title=text(data, "collectionName"),
        artist=text(data, "artistName"),
        artist_id=text(data, "artistId"),
        upc=upc or _upc(data),
        track_ids=tuple(text(song, "trackId") for song in songs),
        track_count=number(data, "trackCount") or len(songs),
        release_date=_day(data),
        cover_url=_picture(data),
    )


def _song(data: Mapping[str, Any]) -> Found:
    return Found(
        service=SERVICE,
        kind=Kind.TRACK,
        id=text(data, "trackId"),
        url=_plain(text(data, "trackViewUrl")),
        title=text(data, "trackName"),
        artist=text(data, "artistName"),
        artist_id=text(data, "artistId"),
        track_ids=(text(data, "trackId"),),
        track_count=1,
        release_date=_day(data),
        cover_url=_picture(data),
    )


def _is_song(data: Mapping[str, Any]) -> bool:
    return text(data, "kind") == "song" and bool(text(data, "trackId"))


def _upc(data: Mapping[str, Any]) -> str:
    """No field says it, but the picture's file is often called by it; one whose check digit fits is believed."""
    named = _FILE.search(text(data, "artworkUrl100"))
    read = parse_upc(named[1]) if named else None
    return read.code if isinstance(read, Upc) else ""


def _picture(data: Mapping[str, Any]) -> str:
    """The same picture in a size to look at: any may be asked for."""
    return _SIZE.sub("/1000x1000bb.", text(data, "artworkUrl100"))


def _plain(url: str) -> str:
    """Without `?uo=4`, which says only where the address was found; `?i=` names the song."""
    start, _, query = url.partition("?")
    song = next((part for part in query.split("&") if part.startswith("i=")), "")
    return f"{start}?{song}" if song else start


def _day(data: Mapping[str, Any]) -> date | None:
    """`2002-05-24T07:00:00Z`: the day in California, as all such times are 7 or 8 in the morning, or noon."""
    try:
        return date.fromisoformat(text(data, "releaseDate")[:10])
    except ValueError:
        return None
