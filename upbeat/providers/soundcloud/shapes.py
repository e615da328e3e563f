"""SoundCloud's objects read as ours. Nothing is trusted to be there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from upbeat.providers.base import Entity, Found, Kind, Playlist
from upbeat.providers.fields import dicts, first, number, text, upc
from upbeat.providers.soundcloud import urns

SERVICE = "soundcloud"
_RELEASES = ("album", "ep", "single", "ep single", "compilation")


def urn(kind: Kind, data: Any) -> str:
    """What an object is called: its URN, or one made of the number it had before."""
    name = urns.read(kind, first((text(data, "urn"), text(data, "id"))))
    return name if name.startswith(f"soundcloud:{urns.collection(kind)}:") else ""


def release(kind: Kind, data: Mapping[str, Any], track_ids: tuple[str, ...]) -> Found:
    """A set or one track. An uploader who is no artist gives way to the artist the tracks name."""
    artist = _artist(kind, data)
    return Found(
        service=SERVICE,
        kind=kind,
        id=urn(kind, data),
        url=text(data, "permalink_url"),
        title=_title(text(data, "title"), artist),
        artist=artist,
        artist_id=urn(Kind.USER, data.get("user")),
        upc=upc(text(data, "ean")),
        isrc=text(data, "isrc"),
        track_ids=track_ids,
        track_count=number(data, "track_count") or len(track_ids),
        release_date=_day(data),
        cover_url=_picture(
            first((text(data, "artwork_url"), *_artworks(data), text(data, "user", "avatar_url")))
        ),
    )


def entity(kind: Kind, data: Mapping[str, Any]) -> Entity:
    """Somebody to follow; for a search a track or set too."""
    known = urn(kind, data)
    name = first((text(data, "username"), text(data, "title"), text(data, "permalink"), known))
    picture = _picture(first((text(data, "avatar_url"), text(data, "artwork_url"))))
    return Entity(SERVICE, kind, known, name, picture, text(data, "permalink_url"))


def playlist(data: Mapping[str, Any]) -> Playlist:
    return Playlist(urn(Kind.PLAYLIST, data), text(data, "title"), number(data, "track_count"))


def is_release(data: Mapping[str, Any]) -> bool:
    """Whether a set of the fan's is a release of their own music: none of our business."""
    return text(data, "playlist_type").lower() in _RELEASES


def track_ids(page: Any) -> tuple[str, ...]:
    """The URNs of a list of tracks, in order, doubles and all; of a set, or of a page of one."""
    listed = page if isinstance(page, list) else first_list(page)
    return tuple(name for name in (urn(Kind.TRACK, track) for track in listed) if name)


def first_list(page: Any) -> list[dict[str, Any]]:
    """The objects of a page: `collection`, or the `tracks` of a set."""
    return dicts(page, "collection") or dicts(page, "tracks")


def _artist(kind: Kind, data: Mapping[str, Any]) -> str:
    """`metadata_artist` is there where the uploader is another; a set goes by its tracks where they agree."""
    described = dicts(data, "tracks") if kind is Kind.ALBUM else [data]
    names = {text(track, "metadata_artist") for track in described}
    return first((names.pop() if len(names) == 1 else "", text(data, "user", "username")))


def _title(title: str, artist: str) -> str:
    """Uploads are often called "Artist - Title"."""
    start = f"{artist} - "
    return title[len(start) :].strip() or title if title.lower().startswith(start.lower()) else title


def _artworks(data: Mapping[str, Any]) -> list[str]:
    return [text(track, "artwork_url") for track in dicts(data, "tracks")]


def _day(data: Mapping[str, Any]) -> date | None:
    try:
        return date(*(number(data, f"release_{part}") for part in ("year", "month", "day")))
    except (ValueError, OverflowError):
        return None


def _picture(url: str) -> str:
    """Pictures come 100 pixels wide; the same address holds larger ones."""
    return url.replace("-large.", "-t500x500.")
