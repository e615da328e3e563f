"""api.deezer.com: albums, tracks, artists, and the service's own particulars. None of it needs a token."""

from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.deezer import shapes
from upbeat_sandbox.deezer.answers import listing, no_data
from upbeat_sandbox.deezer.table import table

PAGE = "index limit"


def found(call: Call, kind: str, item_id: str) -> Any:
    """The album, track or artist with this number; `no data` if there is none, or not yet."""
    item = call.world.catalogue.find("deezer", kind, item_id, call.now)
    if item is None:
        raise no_data(call)
    return item


@table.on("GET", "/album/{id}")
def one_album(call: Call) -> Any:
    """By number, or by `upc:` in the twelve-digit form only."""
    wanted = call.path_values["id"]
    if not wanted.startswith("upc:"):
        return shapes.album(call, found(call, "album", wanted))
    code = wanted[4:]
    album = call.world.catalogue.album_by_upc(code)
    if album is None or shapes.upc(album) != code or not album.visible("deezer", call.now):
        raise no_data(call)
    return shapes.album(call, album)


@table.on("GET", "/album/{id}/tracks", query=PAGE)
def album_tracks(call: Call) -> Any:
    album: Album = found(call, "album", call.path_values["id"])
    return listing(call, album.tracks, lambda track: shapes.simple_track(call, track))


@table.on("GET", "/track/{id}")
def one_track(call: Call) -> Any:
    """By number, or by `isrc:`: of several releases with the same recording, the first that came out."""
    wanted = call.path_values["id"]
    if not wanted.startswith("isrc:"):
        return shapes.track(call, found(call, "track", wanted))
    tracks = call.world.catalogue.tracks_by_isrc(wanted[5:].upper())
    shown = [track for track in tracks if track.album.visible("deezer", call.now)]
    if not shown:
        raise no_data(call)
    return shapes.track(call, min(shown, key=lambda track: track.album.released_at))


@table.on("GET", "/artist/{id}")
def one_artist(call: Call) -> Any:
    return shapes.artist(call, found(call, "artist", call.path_values["id"]))


@table.on("GET", "/artist/{id}/albums", query=PAGE)
def artist_albums(call: Call) -> Any:
    artist: Artist = found(call, "artist", call.path_values["id"])
    shown = [album for album in artist.albums if album.visible("deezer", call.now)]
    newest = sorted(shown, key=lambda album: album.released_at, reverse=True)
    return listing(call, newest, lambda album: shapes.simple_album(call, album))


@table.on("GET", "/artist/{id}/top", query=PAGE)
def artist_top(call: Call) -> Any:
    artist: Artist = found(call, "artist", call.path_values["id"])
    return listing(call, tracks_of(call, artist), lambda track: shapes.track(call, track), size=5)


@table.on("GET", "/artist/{id}/radio", query=PAGE)
def artist_radio(call: Call) -> Any:
    artist: Artist = found(call, "artist", call.path_values["id"])
    return {"data": [shapes.simple_track(call, track) for track in tracks_of(call, artist)[:25]]}


def tracks_of(call: Call, artist: Artist) -> list[Track]:
    shown = call.world.catalogue.shown_albums("deezer", call.now)
    return [track for album in shown for track in album.tracks if artist in track.artists]


@table.on("GET", "/artist/{id}/related", query=PAGE)
def artist_related(call: Call) -> Any:
    found(call, "artist", call.path_values["id"])
    return listing(call, [], lambda one: one)


@table.on("GET", "/artist/{id}/playlists", query=PAGE)
def artist_playlists(call: Call) -> Any:
    artist: Artist = found(call, "artist", call.path_values["id"])
    public = [one for one in call.service.playlists.values() if one.public and not one.deleted]
    shown = [one for one in public if any(artist in entry.track.artists for entry in one.entries)]
    return listing(call, shown, lambda one: shapes.simple_playlist(call, one))


@table.on("GET", "/chart")
@table.on("GET", "/chart/{id}")
def chart(call: Call) -> Any:
    """The charts: here the newest releases and their first tracks."""
    albums = sorted(call.world.catalogue.shown_albums("deezer", call.now), key=lambda one: one.released_at)[
        :-11:-1
    ]
    tracks = [album.tracks[0] for album in albums]
    return {
        "tracks": listing(call, tracks, lambda one: shapes.simple_track(call, one)),
        "albums": listing(call, albums, lambda one: shapes.simple_album(call, one)),
        "artists": listing(
            call, call.world.catalogue.artists[:10], lambda one: shapes.simple_artist(call, one)
        ),
        "playlists": listing(call, [], lambda one: one),
        "podcasts": listing(call, [], lambda one: one),
    }


@table.on("GET", "/genre")
def genres(call: Call) -> Any:
    return {
        "data": [{"id": 0, "name": "All", **shapes.pictures(call, "picture", "genre", 0), "type": "genre"}]
    }


@table.on("GET", "/infos")
def infos(call: Call) -> Any:
    return {
        "country_iso": "DE",
        "country": "Germany",
        "open": True,
        "pop": "sandbox",
        "hosts": {"stream": "", "images": f"{call.origin}/deezer/images"},
        "has_podcasts": False,
    }


@table.on("GET", "/options")
def options(call: Call) -> Any:
    return {
        "streaming": True,
        "streaming_duration": 0,
        "offline": False,
        "hq": False,
        "ads_display": False,
        "ads_audio": False,
        "too_many_devices": False,
        "can_subscribe": False,
        "radio_skips": 0,
        "lossless": False,
        "preview": True,
        "radio": True,
        "type": "options",
    }
