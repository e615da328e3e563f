"""api.spotify.com: what the specification has besides music, library and playlists.

The sandbox plays no podcasts, audiobooks or devices: lists are empty, single objects are not found, players have no
device. What Spotify closed to new applications in 2024 (recommendations, audio features) is refused as there.
"""

from collections.abc import Callable
from typing import Any

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.clock import iso
from upbeat_sandbox.ids import SPOTIFY_ID
from upbeat_sandbox.people import Account
from upbeat_sandbox.routing import Handler
from upbeat_sandbox.spotify import shapes
from upbeat_sandbox.spotify.answers import api, error, id_list, page, refuse, whole_number, window
from upbeat_sandbox.spotify.collection import wanted_ids
from upbeat_sandbox.spotify.table import table

SPOKEN = ("shows", "episodes", "audiobooks", "chapters")


def not_there(call: Call) -> Any:
    """A single object of a kind this catalogue has none of."""
    if not SPOTIFY_ID.fullmatch(call.path_values["id"]):
        raise refuse(400, "Invalid base62 id")
    raise refuse(404, "Resource not found")


def none_of(name: str) -> Handler:
    def several(call: Call) -> Any:
        id_list(call, "ids", 50)
        return {name: []}

    return several


def empty_page(call: Call) -> Any:
    wanted = window(call, 20, 50)
    return page(call, [], wanted, None)


def nothing_to_save(call: Call) -> Any:
    wanted_ids(call, 50)
    raise refuse(404, "Resource not found")


def nothing_to_remove(call: Call) -> Any:
    wanted_ids(call, 50)
    return Reply()


def none_contained(call: Call) -> Any:
    return [False for _ in wanted_ids(call, 50)]


def forbidden(call: Call) -> Any:
    raise refuse(403, "Forbidden")


def no_device(call: Call) -> Any:
    return error(404, "Player command failed: No active device found", reason="NO_ACTIVE_DEVICE")


for kind in SPOKEN:
    position = "user-read-playback-position" if kind in ("shows", "episodes") else ""
    table.on("GET", f"/v1/{kind}/{{id}}", query="market", scopes=position, user=bool(position))(not_there)
    table.on("GET", f"/v1/{kind}", query="ids market", deprecated=True)(none_of(kind))
for path in ("/v1/shows/{id}/episodes", "/v1/audiobooks/{id}/chapters"):
    table.on("GET", path, query="market limit offset")(not_there)
for kind in ("shows", "episodes", "audiobooks"):
    path, modify = f"/v1/me/{kind}", "user-library-modify"
    table.on("GET", path, query="limit offset market", scopes="user-library-read", user=True)(empty_page)
    table.on("PUT", path, query="ids", body="json", scopes=modify, user=True, deprecated=True)(
        nothing_to_save
    )
    table.on("DELETE", path, query="ids market", body="json", scopes=modify, user=True, deprecated=True)(
        nothing_to_remove
    )
    contains = table.on(
        "GET", f"{path}/contains", query="ids", scopes="user-library-read", user=True, deprecated=True
    )
    contains(none_contained)
for path in ("/v1/artists/{id}/related-artists", "/v1/audio-features/{id}", "/v1/audio-analysis/{id}"):
    table.on("GET", path, deprecated=True)(forbidden)
for path in ("/v1/audio-features", "/v1/recommendations", "/v1/recommendations/available-genre-seeds"):
    table.on("GET", path, query="ids limit market seed_artists seed_genres seed_tracks", deprecated=True)(
        forbidden
    )
for path in ("/v1/browse/featured-playlists", "/v1/browse/categories/{category_id}/playlists"):
    table.on("GET", path, query="locale limit offset country", deprecated=True)(forbidden)


@table.on("GET", "/v1/browse/categories", query="locale limit offset country", deprecated=True)
def categories(call: Call) -> Any:
    return {"categories": empty_page(call)}


@table.on("GET", "/v1/browse/categories/{category_id}", query="locale country", deprecated=True)
def one_category(call: Call) -> Any:
    raise refuse(404, "Resource not found")


@table.on(
    "GET", "/v1/me/player", query="market additional_types", scopes="user-read-playback-state", user=True
)
def player(call: Call) -> Any:
    return Reply(204)


CURRENT = "user-read-currently-playing"


@table.on(
    "GET", "/v1/me/player/currently-playing", query="market additional_types", scopes=CURRENT, user=True
)
def currently_playing(call: Call) -> Any:
    return {
        "timestamp": int(call.now.timestamp() * 1000),
        "is_playing": False,
        "currently_playing_type": "unknown",
    }


@table.on("GET", "/v1/me/player/devices", scopes="user-read-playback-state", user=True)
def devices(call: Call) -> Any:
    return {"devices": []}


@table.on("GET", "/v1/me/player/queue", scopes=f"{CURRENT} user-read-playback-state", user=True)
def queue(call: Call) -> Any:
    return {"queue": []}


@table.on(
    "GET",
    "/v1/me/player/recently-played",
    query="limit after before",
    scopes="user-read-recently-played",
    user=True,
)
def recently_played(call: Call) -> Any:
    limit = whole_number(call, "limit", 20, 1, 50)
    here, moment = (
        api(call, f"/v1/me/player/recently-played?limit={limit}"),
        str(int(call.now.timestamp() * 1000)),
    )
    return {
        "href": here,
        "items": [],
        "limit": limit,
        "next": None,
        "cursors": {"after": moment, "before": moment},
        "total": 0,
    }


PLAYER_COMMANDS = {
    "": ("PUT", ""),
    "/play": ("PUT", "device_id"),
    "/pause": ("PUT", "device_id"),
    "/next": ("POST", "device_id"),
    "/previous": ("POST", "device_id"),
    "/seek": ("PUT", "position_ms device_id"),
    "/repeat": ("PUT", "state device_id"),
    "/volume": ("PUT", "volume_percent device_id"),
    "/shuffle": ("PUT", "state device_id"),
    "/queue": ("POST", "uri device_id"),
}
for ending, (method, query) in PLAYER_COMMANDS.items():
    body = "json" if ending in ("", "/play") else ""
    playing = table.on(
        method,
        f"/v1/me/player{ending}",
        query=query,
        body=body,
        scopes="user-modify-playback-state",
        user=True,
    )
    playing(no_device)


def most_saved(account: Account, kind: str) -> list[Any]:
    """For the top lists: what the fan saved last stands in for what the fan plays most."""
    held = sorted(account.saved["track"].items(), key=lambda pair: iso(pair[1]), reverse=True)
    tracks = [track for track, _ in held]
    return (
        tracks
        if kind == "tracks"
        else list(dict.fromkeys(artist for track in tracks for artist in track.artists))
    )


def top(kind: str, show: Callable[[Call, Any], Any]) -> Handler:
    def listed(call: Call) -> Any:
        if call.query.get("time_range", "medium_term") not in ("long_term", "medium_term", "short_term"):
            raise refuse(400, "Invalid time range")
        wanted = window(call, 20, 50)
        return page(call, most_saved(call.account, kind), wanted, lambda item: show(call, item))

    return listed


TOP = "time_range limit offset"
table.on("GET", "/v1/me/top/tracks", query=TOP, scopes="user-top-read", user=True)(
    top("tracks", shapes.track)
)
table.on("GET", "/v1/me/top/artists", query=TOP, scopes="user-top-read", user=True)(
    top("artists", shapes.artist)
)
