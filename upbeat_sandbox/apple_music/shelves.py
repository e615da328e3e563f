"""What a fan's library holds, and how its things look: they have ids of their own, other than the catalogue's."""

from datetime import datetime, timedelta
from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.apple_music.answers import related
from upbeat_sandbox.apple_music.shapes import artwork, genres, id_of, names, plain
from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.clock import iso
from upbeat_sandbox.people import Account, Playlist

_LETTERS = {Album: ("l", 7), Track: ("i", 14), Artist: ("r", 7)}
_TYPES = {Album: "albums", Track: "songs", Artist: "artists"}


def late(call: Call) -> timedelta:
    return timedelta(seconds=call.service.switches["late_seconds"])


def arrived(call: Call, moment: datetime) -> bool:
    """Whether what was added then is shown by now."""
    return call.now >= moment + late(call)


def albums(call: Call) -> dict[Album, datetime]:
    """Albums saved, and albums of saved songs: Apple lists those, too."""
    saved = call.account.saved
    found = {one: at for one, at in saved["album"].items() if arrived(call, at)}
    for song, at in saved["track"].items():
        if arrived(call, at):
            found.setdefault(song.album, at)
    return found


def songs(call: Call) -> dict[Track, datetime]:
    saved = call.account.saved
    found = {one: at for one, at in saved["track"].items() if arrived(call, at)}
    for album, at in saved["album"].items():
        if arrived(call, at):
            found |= {track: at for track in album.tracks if track not in found}
    return found


def artists(call: Call) -> dict[Artist, datetime]:
    return {artist: at for album, at in albums(call).items() for artist in album.artists}


def library_id(account: Account, item: Any) -> str:
    letter, length = _LETTERS[type(item)]
    return f"{letter}.{ids.base62(ids.number_from('library', account.id, letter, id_of(item)), length)}"


def in_library(call: Call, item: Any) -> list[dict[str, Any]]:
    """The fan's own copy of a piece of the catalogue, as a relationship holds it; empty where there is none."""
    if not call.service.switches["library_link"]:
        return []
    held: dict[Any, datetime] = {Album: albums, Track: songs, Artist: artists}[type(item)](call)  # type: ignore[assignment]
    return [bare(call, item)] if item in held else []


def bare(call: Call, item: Any) -> dict[str, Any]:
    word, own = _TYPES[type(item)], library_id(call.account, item)
    return {"id": own, "type": f"library-{word}", "href": f"/v1/me/library/{word}/{own}"}


def shown(call: Call, item: Any, at: datetime) -> dict[str, Any]:
    """A library resource; with `include=catalog` what it is in the catalogue."""
    found = bare(call, item) | {"attributes": attributes(call, item, at)}
    relationships: dict[str, Any] = {}
    asked = {*call.query.get("include", "").split(",")}
    if "catalog" in asked:
        linked = [plain(call, item)] if call.service.switches["library_link"] else []
        relationships["catalog"] = related(f"{found['href']}/catalog", linked)
    if "tracks" in asked and isinstance(item, Album):
        relationships["tracks"] = related(
            f"{found['href']}/tracks", [shown(call, one, at) for one in item.tracks]
        )
    if "artists" in asked and isinstance(item, Album | Track):
        relationships["artists"] = related(
            f"{found['href']}/artists", [shown(call, one, at) for one in item.artists]
        )
    return found | ({"relationships": relationships} if relationships else {})


def attributes(call: Call, item: Any, at: datetime) -> dict[str, Any]:
    if isinstance(item, Artist):
        return {"name": item.name}
    own = library_id(call.account, item)
    album = item if isinstance(item, Album) else item.album
    found: dict[str, Any] = {
        "artistName": names(item.artists),
        "artwork": artwork(call, "album", album),
        "genreNames": genres(item.artists)[:1],
        "name": item.title,
        "releaseDate": album.release_date.isoformat(),
    }
    if isinstance(item, Album):
        params = {"id": own, "kind": "album", "isLibrary": True}
        return found | {"trackCount": len(item.tracks), "dateAdded": iso(at), "playParams": params}
    params = {"id": own, "kind": "song", "isLibrary": True, "reporting": True}
    if call.service.switches["library_link"]:
        params["catalogId"] = id_of(item)
    explicit = {"contentRating": "explicit"} if item.explicit else {}
    return found | explicit | {
        "albumName": album.title,
        "discNumber": 1,
        "durationInMillis": item.duration_ms,
        "hasLyrics": False,
        "trackNumber": item.number,
        "playParams": params,
    }  # fmt: skip


def playlist(call: Call, one: Playlist) -> dict[str, Any]:
    """`canEdit` says whether it is the fan's own."""
    where = f"/v1/me/library/playlists/{one.id}"
    own = one.owner is call.account
    found: dict[str, Any] = {
        "name": one.name,
        "canEdit": own,
        "isPublic": one.public,
        "hasCatalog": one.public,
        "dateAdded": iso(one.created_at),
        "playParams": {"id": one.id, "kind": "playlist", "isLibrary": True},
    }
    if one.description:
        found["description"] = {"standard": one.description}
    return {"id": one.id, "type": "library-playlists", "href": where, "attributes": found}
