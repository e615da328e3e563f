"""api.music.apple.com: a fan's playlists. They are made and added to; a second add doubles, and nothing is removed."""

import json
from typing import Any

from upbeat_sandbox.apple_music import shelves
from upbeat_sandbox.apple_music.answers import bad, not_found, page, refuse
from upbeat_sandbox.apple_music.shapes import NAME
from upbeat_sandbox.apple_music.table import table
from upbeat_sandbox.call import Call, Reply, as_json
from upbeat_sandbox.catalogue import Track
from upbeat_sandbox.people import Entry, Playlist

ADDABLE = ("songs", "music-videos", "library-songs", "library-music-videos")
PAGE = 100


@table.on("GET", "/v1/me/library/playlists", query="ids limit offset include l extend", user=True)
def playlists(call: Call) -> Any:
    return page(call, _mine(call), lambda one: shelves.playlist(call, one))


@table.on("POST", "/v1/me/library/playlists", query="l include", body="json", user=True)
def create(call: Call) -> Any:
    data = _body(call)
    attributes = data.get("attributes")
    name = attributes.get("name") if isinstance(attributes, dict) else None
    if not isinstance(attributes, dict) or not isinstance(name, str) or not name:
        raise bad("attributes.name", "A playlist needs a name")
    for field in attributes.keys() - {"name", "description", "isPublic"}:
        call.note(f"attribute {field} is not known here")
    if not isinstance(attributes.get("isPublic", False), bool):
        raise bad("attributes.isPublic", "Value must be a boolean")
    related = data.get("relationships", {})
    wanted = related.get("tracks", {}).get("data", []) if isinstance(related, dict) else []
    tracks = _tracks(call, wanted) if wanted else []
    made = call.service.new_playlist(
        call.account,
        name,
        call.now,
        public=attributes.get("isPublic", False),
        description=str(attributes.get("description", "")),
    )
    _append(call, made, tracks)
    return as_json({"data": [shelves.playlist(call, made)]}, 201)


@table.on("GET", "/v1/me/library/playlists/{id}", query="include l extend", user=True)
def one(call: Call) -> Any:
    playlist = _of_mine(call)
    found = shelves.playlist(call, playlist)
    if "tracks" in call.query.get("include", "").split(","):
        where = f"{found['href']}/tracks"
        entries = [_line(call, entry) for entry in playlist.entries[:PAGE]]
        tracks: dict[str, Any] = {"href": where, "data": entries, "meta": {"total": len(playlist.entries)}}
        if len(playlist.entries) > PAGE:
            tracks["next"] = f"{where}?offset={PAGE}"
        found["relationships"] = {"tracks": tracks}
    return {"data": [found]}


@table.on("GET", "/v1/me/library/playlists/{id}/tracks", query="limit offset include l extend", user=True)
def tracks(call: Call) -> Any:
    """Past the end, and of an empty list, a 404."""
    playlist = _of_mine(call)
    found = page(call, playlist.entries, lambda entry: _line(call, entry), usual=PAGE, most=PAGE)
    if not found["data"]:
        raise refuse(404, "40403", "No related resources found for tracks", title="No related resources")
    return found


@table.on("POST", "/v1/me/library/playlists/{id}/tracks", query="l", body="json", user=True)
def add(call: Call) -> Any:
    playlist = _of_mine(call)
    if playlist.owner is not call.account:
        raise refuse(403, "40302", "This playlist cannot be changed", title="Forbidden")
    wanted = _body(call).get("data")
    if not isinstance(wanted, list) or not wanted:
        raise bad("data", "A list of tracks is needed")
    _append(call, playlist, _tracks(call, wanted))
    return Reply(204)


def _mine(call: Call) -> list[Playlist]:
    """All that the library has: the fan's own and those that were added, the newest first."""
    known = call.account.followed["playlist"]
    mine = [one for one in known if not one.deleted and shelves.arrived(call, one.created_at)]
    return sorted(mine, key=lambda one: one.created_at, reverse=True)


def _of_mine(call: Call) -> Playlist:
    playlist = call.service.playlists.get(call.path_values["id"])
    if playlist is None or playlist not in _mine(call):
        raise not_found()
    return playlist


def _body(call: Call) -> dict[str, Any]:
    try:
        data = json.loads(call.body)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise refuse(400, "40007", "Unable to parse request body", title="Invalid Request Body")
    return data


def _tracks(call: Call, wanted: Any) -> list[Track]:
    """The songs that a body names; nothing is written if one of them is not there."""
    found = []
    for one in wanted if isinstance(wanted, list) else [None]:
        if not isinstance(one, dict) or not isinstance(one.get("id"), str) or one.get("type") not in ADDABLE:
            raise bad("data", f"Each track has an id and a type, which is one of {', '.join(ADDABLE)}")
        song = _song(call, one["type"], one["id"])
        if song is None:
            raise not_found(f"No {one['type']} with the id {one['id']}")
        found.append(song)
    return found


def _song(call: Call, kind: str, wanted: str) -> Track | None:
    if kind == "songs":
        found = call.world.catalogue.find(NAME, "track", wanted, call.now)
        return found if isinstance(found, Track) else None
    mine = shelves.songs(call) if kind == "library-songs" else {}
    return next((one for one in mine if shelves.library_id(call.account, one) == wanted), None)


def _append(call: Call, playlist: Playlist, tracks: list[Track]) -> None:
    playlist.entries += [Entry(track, call.now, call.account) for track in tracks]
    playlist.changed()


def _line(call: Call, entry: Entry) -> dict[str, Any]:
    return shelves.shown(call, entry.track, entry.added_at)
