"""Deezer's objects read as ours. Nothing is trusted to be there."""

from collections.abc import Mapping
from typing import Any

from upbeat.providers.base import Entity, Found, Kind, Playlist
from upbeat.providers.fields import at, day, dicts, first, number, text, upc

SERVICE = "deezer"
_PICTURES = ("cover_xl", "cover_big", "picture_xl", "picture_big", "cover", "picture")


def release(kind: Kind, data: Mapping[str, Any], track_ids: tuple[str, ...]) -> Found:
    """An album with its tracks, or one track (its album's cover)."""
    return Found(
        service=SERVICE,
        kind=kind,
        id=text(data, "id"),
        url=_url(kind, data),
        title=text(data, "title"),
        artist=text(data, "artist", "name"),
        artist_id=text(data, "artist", "id"),
        upc=upc(text(data, "upc")),
        isrc=text(data, "isrc"),
        track_ids=track_ids,
        track_count=number(data, "nb_tracks") or len(track_ids),
        release_date=day(data, "release_date"),
        cover_url=_picture(data if kind is Kind.ALBUM else at(data, "album")),
    )


def entity(kind: Kind, data: Mapping[str, Any]) -> Entity:
    """An artist, playlist or profile; for a search an album or track too."""
    pictured = at(data, "album") if kind is Kind.TRACK else data
    name = first((text(data, "name"), text(data, "title"), text(data, "id")))
    return Entity(SERVICE, kind, text(data, "id"), name, _picture(pictured), _url(kind, data))


def playlist(data: Mapping[str, Any]) -> Playlist:
    return Playlist(text(data, "id"), text(data, "title"), number(data, "nb_tracks"))


def may_add_to(data: Mapping[str, Any], fan_id: str) -> bool:
    """The fan's own playlists, without the list of loved tracks, which is no playlist to a fan."""
    if not text(data, "id"):
        return False
    return text(data, "creator", "id") == fan_id and at(data, "is_loved_track") is not True


def track_ids(page: Any) -> tuple[str, ...]:
    return tuple(text(track, "id") for track in dicts(page, "data") if text(track, "id"))


def _url(kind: Kind, data: Mapping[str, Any]) -> str:
    word = "profile" if kind is Kind.USER else str(kind)
    return text(data, "link") or f"https://www.deezer.com/{word}/{text(data, 'id')}"


def _picture(data: Any) -> str:
    return first(text(data, name) for name in _PICTURES)
