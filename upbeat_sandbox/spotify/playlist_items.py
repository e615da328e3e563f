"""api.spotify.com: the lines of a playlist, under `/items` and under the older name `/tracks`."""

import re
from typing import Any

from upbeat_sandbox.call import Call, as_json
from upbeat_sandbox.catalogue import Track
from upbeat_sandbox.people import Entry, Playlist
from upbeat_sandbox.spotify import shapes
from upbeat_sandbox.spotify.answers import page, refuse, window
from upbeat_sandbox.spotify.collection import json_body, text_list
from upbeat_sandbox.spotify.fields import narrowed
from upbeat_sandbox.spotify.library import read_uri
from upbeat_sandbox.spotify.playlists import MODIFY, mine, playlist_at, to_change
from upbeat_sandbox.spotify.table import table

MOST = 100


def listed(call: Call, most: int) -> Any:
    playlist = playlist_at(call)
    wanted = window(call, 20, most)
    shown = page(call, playlist.entries, wanted, lambda entry: shapes.entry(call, entry))
    return narrowed(shown, call.query.get("fields"))


LISTING = "market fields limit offset additional_types"


@table.on(
    "GET", "/v1/playlists/{playlist_id}/items", query=LISTING, scopes="playlist-read-private", user=True
)
def items(call: Call) -> Any:
    if not mine(call, playlist_at(call)):
        raise refuse(403, "Forbidden")
    return listed(call, 50)


@table.on("GET", "/v1/playlists/{playlist_id}/tracks", query=LISTING, deprecated=True)
def tracks(call: Call) -> Any:
    return listed(call, 100)


def tracks_named(call: Call, wanted: list[str]) -> list[Track]:
    """The tracks behind the URIs; 400 for what is no track, 404 for what is not there."""
    if len(wanted) > MOST:
        raise refuse(400, f"You can add a maximum of {MOST} tracks per request.")
    found = []
    for uri in wanted:
        kind, item_id = read_uri(uri)
        if kind not in ("track", "episode"):
            raise refuse(400, f"Unsupported URL / URI: {uri}")
        item = call.world.catalogue.find("spotify", kind, item_id, call.now)
        if not isinstance(item, Track):
            raise refuse(404, "Resource not found")
        found.append(item)
    return found


def uris_given(call: Call, body: dict[str, Any]) -> list[str] | None:
    """`uris` from the query, or else from the body; None if neither has it."""
    if "uris" in call.query:
        return [uri.strip() for uri in call.query["uris"].split(",") if uri.strip()]
    return text_list(body["uris"], "uris") if "uris" in body else None


def position_given(call: Call, body: dict[str, Any], playlist: Playlist) -> int:
    text = call.query.get("position", body.get("position"))
    if text is None:
        return len(playlist.entries)
    if isinstance(text, bool) or not re.fullmatch(r"[0-9]{1,9}", str(text)):
        raise refuse(400, "Invalid position")
    if int(text) > len(playlist.entries):
        raise refuse(400, "Index out of bounds.")
    return int(text)


def add(call: Call) -> Any:
    """Appends (or inserts); adding what is already there makes a second line."""
    playlist, body = to_change(call), json_body(call, "uris")
    wanted = uris_given(call, body)
    if not wanted:
        raise refuse(400, "Missing required field: uris")
    tracks = tracks_named(call, wanted)
    position = position_given(call, body, playlist)
    check_room(call, playlist, len(tracks))
    playlist.entries[position:position] = [Entry(track, call.now, call.account) for track in tracks]
    call.account.acts.append((call.now, f"add {len(tracks)}", "playlist", playlist.id))
    return as_json({"snapshot_id": playlist.changed()}, 201)


def check_room(call: Call, playlist: Playlist, more: int) -> None:
    if len(playlist.entries) + more > call.service.switches["playlist_limit"]:
        raise refuse(400, "Playlist size limit reached")


def replace_or_move(call: Call) -> Any:
    playlist, body = to_change(call), json_body(call, "uris")
    wanted = uris_given(call, body)
    if wanted is not None:
        playlist.entries = [Entry(track, call.now, call.account) for track in tracks_named(call, wanted)]
    else:
        check_snapshot(playlist, body)
        move(playlist, *(body.get(name, default) for name, default in MOVE))
    return {"snapshot_id": playlist.changed()}


MOVE = (("range_start", None), ("insert_before", None), ("range_length", 1))


def move(playlist: Playlist, start: Any, before: Any, length: Any) -> None:
    """Takes `length` lines from `start` and puts them before the line that was number `before`."""
    numbers = (start, before, length)
    if any(isinstance(one, bool) or not isinstance(one, int) or one < 0 for one in numbers):
        raise refuse(
            400, "Missing required field: uris" if start is None and before is None else "Invalid range"
        )
    count = len(playlist.entries)
    if start + length > count or before > count:
        raise refuse(400, "Index out of bounds.")
    taken = playlist.entries[start : start + length]
    left = playlist.entries[:start] + playlist.entries[start + length :]
    place = before if before <= start else max(start, before - length)
    playlist.entries = left[:place] + taken + left[place:]


def check_snapshot(playlist: Playlist, body: dict[str, Any]) -> None:
    """An unknown `snapshot_id` is refused; an older one of this playlist is accepted."""
    given = body.get("snapshot_id")
    if given is not None and not (
        isinstance(given, str) and re.fullmatch(r"[0-9]{8}", given[:8]) and int(given[:8]) <= playlist.version
    ):
        raise refuse(400, "Invalid snapshot_id")


def take_out(call: Call, name: str) -> Any:
    """Removes every line of each named track, or only those at `positions` where the older form gives them."""
    playlist, body = to_change(call), json_body(call, "uris")
    wanted = body.get(name)
    if not isinstance(wanted, list) or not wanted:
        raise refuse(400, f"Missing required field: {name}")
    if len(wanted) > MOST or not all(
        isinstance(one, dict) and isinstance(one.get("uri"), str) for one in wanted
    ):
        raise refuse(400, f"Invalid {name}")
    check_snapshot(playlist, body)
    gone = {read_uri(one["uri"])[1]: one.get("positions") for one in wanted}
    playlist.entries = [
        entry
        for place, entry in enumerate(playlist.entries)
        if entry.track.spotify_id not in gone or place not in (gone[entry.track.spotify_id] or [place])
    ]
    return {"snapshot_id": playlist.changed()}


for last, deprecated in (("items", False), ("tracks", True)):
    path = f"/v1/playlists/{{playlist_id}}/{last}"
    table.on(
        "POST", path, query="position uris", body="json", scopes=MODIFY, user=True, deprecated=deprecated
    )(add)
    table.on("PUT", path, query="uris", body="json", scopes=MODIFY, user=True, deprecated=deprecated)(
        replace_or_move
    )


@table.on("DELETE", "/v1/playlists/{playlist_id}/items", body="json", scopes=MODIFY, user=True)
def take_items_out(call: Call) -> Any:
    return take_out(call, "items")


@table.on(
    "DELETE", "/v1/playlists/{playlist_id}/tracks", body="json", scopes=MODIFY, user=True, deprecated=True
)
def take_tracks_out(call: Call) -> Any:
    return take_out(call, "tracks")
