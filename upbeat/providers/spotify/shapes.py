"""Spotify's objects read as ours. Nothing is trusted to be there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from upbeat.providers.base import Entity, Found, Kind, Playlist
from upbeat.providers.fields import at, day, dicts, first, number, text, upc

SERVICE = "spotify"


def release(kind: Kind, data: Mapping[str, Any], track_ids: tuple[str, ...]) -> Found:
    """An album with its tracks, or one track (its album's cover and day)."""
    album = data if kind is Kind.ALBUM else at(data, "album")
    return Found(
        service=SERVICE,
        kind=kind,
        id=text(data, "id"),
        url=_url(kind, data),
        title=text(data, "name"),
        artist=", ".join(text(artist, "name") for artist in dicts(data, "artists")),
        artist_id=first(text(artist, "id") for artist in dicts(data, "artists")),
        upc=upc(first(text(data, "external_ids", name) for name in ("upc", "ean"))),
        isrc=text(data, "external_ids", "isrc"),
        track_ids=track_ids,
        track_count=number(data, "total_tracks") or len(track_ids),
        release_date=day(album, "release_date"),
        cover_url=_widest(album),
    )


def entity(kind: Kind, data: Mapping[str, Any]) -> Entity:
    """An artist, playlist or profile; for a search an album or track too."""
    pictured = at(data, "album") if kind is Kind.TRACK else data
    name = first((text(data, "name"), text(data, "display_name"), text(data, "id")))
    return Entity(SERVICE, kind, text(data, "id"), name, _widest(pictured), _url(kind, data))


def playlist(data: Mapping[str, Any]) -> Playlist:
    """`items` holds the count since February 2026; `tracks` is its old name."""
    return Playlist(
        text(data, "id"),
        text(data, "name"),
        number(data, "items", "total") or number(data, "tracks", "total"),
    )


def own_playlists(page: Any, *, owner: str) -> list[Playlist]:
    """Those of a page that the fan may add to for good: the fan's own."""
    mine = [one for one in dicts(page, "items") if text(one, "id") and text(one, "owner", "id") == owner]
    return [playlist(one) for one in mine]


def track_ids(page: Any) -> tuple[str, ...]:
    """The ids of a page of an album's tracks, in order."""
    return tuple(text(track, "id") for track in dicts(page, "items") if text(track, "id"))


def playlist_track_ids(page: Any) -> list[str]:
    """The ids of a page of a playlist's items (`item`, formerly `track`); episodes and local files left out."""
    uris = (first((text(row, "item", "uri"), text(row, "track", "uri"))) for row in dicts(page, "items"))
    return [uri.removeprefix("spotify:track:") for uri in uris if uri.startswith("spotify:track:")]


def uri(kind: Kind, id: str) -> str:
    """A Spotify URI; a profile's name may hold any letter and is percent-encoded."""
    return f"spotify:{kind}:{quote(id, safe='')}"


def _url(kind: Kind, data: Mapping[str, Any]) -> str:
    return (
        text(data, "external_urls", "spotify")
        or f"https://open.spotify.com/{kind}/{quote(text(data, 'id'), safe='')}"
    )


def _widest(data: Any) -> str:
    """Pictures come widest first."""
    return first(text(picture, "url") for picture in dicts(data, "images"))
