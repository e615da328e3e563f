"""What stands behind an id, type by type; None where nothing does, or nothing that this caller may see."""

import re
from collections.abc import Callable

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.people import Playlist
from upbeat_sandbox.tidal.resources import Thing, album_of, artist_of, playlist_of, track_of

ARTWORK = re.compile(r"(album|artist|playlist)-([0-9A-Za-z]+)")


def album(call: Call, item_id: str) -> Thing | None:
    item = call.world.catalogue.find("tidal", "album", item_id, call.now)
    return album_of(item) if isinstance(item, Album) else None


def track(call: Call, item_id: str) -> Thing | None:
    item = call.world.catalogue.find("tidal", "track", item_id, call.now)
    return track_of(item) if isinstance(item, Track) else None


def artist(call: Call, item_id: str) -> Thing | None:
    item = call.world.catalogue.find("tidal", "artist", item_id, call.now)
    return artist_of(item) if isinstance(item, Artist) else None


def playlist(call: Call, item_id: str) -> Thing | None:
    item = call.service.playlists.get(item_id)
    return playlist_of(item) if item is not None and readable(call, item) else None


def readable(call: Call, item: Playlist) -> bool:
    """Unlisted ones are for their owner, and for whoever has a share code, of which there are none here."""
    return not item.deleted and (item.public or item.owner is call.about())


def artwork(call: Call, item_id: str) -> Thing | None:
    match = ARTWORK.fullmatch(item_id)
    if match is None:
        return None
    kind, owner = match[1], match[2]
    there = kind == "playlist" or call.world.catalogue.find("tidal", kind, owner, call.now) is not None
    return Thing("artworks", item_id, None) if there else None


STANDING: dict[str, Callable[[Call, str], Thing | None]] = {
    "albums": album,
    "tracks": track,
    "artists": artist,
    "playlists": playlist,
    "artworks": artwork,
}
