"""api.spotify.com: albums, tracks, artists and markets."""

from collections.abc import Callable
from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.ids import SPOTIFY_ID
from upbeat_sandbox.spotify import shapes
from upbeat_sandbox.spotify.answers import id_list, page, refuse, window
from upbeat_sandbox.spotify.table import table

GROUPS = ("album", "single", "compilation", "appears_on")


def found(call: Call, kind: str, item_id: str) -> Any:
    """The object with this id; 400 if it is no id, 404 if nothing visible has it."""
    if not SPOTIFY_ID.fullmatch(item_id):
        raise refuse(400, "Invalid base62 id")
    item = call.world.catalogue.find("spotify", kind, item_id, call.now)
    if item is None:
        raise refuse(404, "Resource not found")
    return item


def several(call: Call, kind: str, most: int, show: Callable[[Call, Any], Any]) -> list[Any]:
    """Those of `ids` that exist (the specification leaves no room for the null the old API gave for the others)."""
    wanted = id_list(call, "ids", most)
    if not all(SPOTIFY_ID.fullmatch(one) for one in wanted):
        raise refuse(400, "Invalid base62 id")
    items = [call.world.catalogue.find("spotify", kind, one, call.now) for one in wanted]
    return [show(call, item) for item in items if item is not None]


@table.on("GET", "/v1/albums/{id}", query="market")
def one_album(call: Call) -> Any:
    return shapes.album(call, found(call, "album", call.path_values["id"]))


@table.on("GET", "/v1/albums", query="ids market", deprecated=True)
def several_albums(call: Call) -> Any:
    return {"albums": several(call, "album", 20, shapes.album)}


@table.on("GET", "/v1/albums/{id}/tracks", query="market limit offset")
def album_tracks(call: Call) -> Any:
    album: Album = found(call, "album", call.path_values["id"])
    wanted = window(call, 20, 50)
    return page(call, album.tracks, wanted, lambda track: shapes.simple_track(call, track))


@table.on("GET", "/v1/tracks/{id}", query="market")
def one_track(call: Call) -> Any:
    return shapes.track(call, found(call, "track", call.path_values["id"]))


@table.on("GET", "/v1/tracks", query="ids market", deprecated=True)
def several_tracks(call: Call) -> Any:
    return {"tracks": several(call, "track", 50, shapes.track)}


@table.on("GET", "/v1/artists/{id}")
def one_artist(call: Call) -> Any:
    return shapes.artist(call, found(call, "artist", call.path_values["id"]))


@table.on("GET", "/v1/artists", query="ids", deprecated=True)
def several_artists(call: Call) -> Any:
    return {"artists": several(call, "artist", 50, shapes.artist)}


@table.on("GET", "/v1/artists/{id}/albums", query="include_groups market limit offset")
def artist_albums(call: Call) -> Any:
    """The discography, newest first; each release says which group it belongs to."""
    artist: Artist = found(call, "artist", call.path_values["id"])
    groups = [group for group in call.query.get("include_groups", ",".join(GROUPS)).split(",") if group]
    if not set(groups) <= set(GROUPS):
        raise refuse(400, "Invalid include_groups")
    wanted = window(call, 5, 10)
    shown = [(album, group) for album, group in discography(call, artist) if group in groups]
    return page(call, shown, wanted, lambda pair: shapes.discography_album(call, *pair))


def discography(call: Call, artist: Artist) -> list[tuple[Album, str]]:
    pairs = []
    for album in call.world.catalogue.shown_albums("spotify", call.now):
        if artist in album.artists:
            pairs.append((album, album.kind))
        elif any(artist in track.artists for track in album.tracks):
            pairs.append((album, "appears_on"))
    return sorted(pairs, key=lambda pair: pair[0].released_at, reverse=True)


def tracks_of(call: Call, artist: Artist) -> list[Track]:
    albums = call.world.catalogue.shown_albums("spotify", call.now)
    return [track for album in albums for track in album.tracks if artist in track.artists]


@table.on("GET", "/v1/artists/{id}/top-tracks", query="market", deprecated=True)
def top_tracks(call: Call) -> Any:
    artist = found(call, "artist", call.path_values["id"])
    return {"tracks": [shapes.track(call, track) for track in tracks_of(call, artist)[:10]]}


@table.on("GET", "/v1/markets", deprecated=True)
def markets(call: Call) -> Any:
    return {"markets": shapes.MARKETS}


@table.on("GET", "/v1/browse/new-releases", query="limit offset country", deprecated=True)
def new_releases(call: Call) -> Any:
    wanted = window(call, 20, 50)
    albums = call.world.catalogue.shown_albums("spotify", call.now)
    newest = sorted(albums, key=lambda album: album.released_at, reverse=True)
    return {"albums": page(call, newest, wanted, lambda album: shapes.simple_album(call, album))}
