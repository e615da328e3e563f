"""api.soundcloud.com: a fan's playlists. There is no adding to one: it is written whole."""

import json
from email import message_from_bytes
from email.message import Message
from typing import Any

from upbeat_sandbox.call import Call, Reply, as_json
from upbeat_sandbox.catalogue import Track
from upbeat_sandbox.people import Entry, Playlist
from upbeat_sandbox.soundcloud.answers import listing, refuse, truth
from upbeat_sandbox.soundcloud.music import MISSING, set_at, shown_set
from upbeat_sandbox.soundcloud.permalinks import NAME
from upbeat_sandbox.soundcloud.table import table

FIELDS = {
    "title", "description", "sharing", "tracks", "artwork_data", "ean", "genre", "label_name", "license", "permalink",
    "permalink_url", "purchase_title", "purchase_url", "release", "release_date", "set_type", "tag_list",
}  # fmt: skip


def wanted(call: Call) -> dict[str, Any]:
    """The `playlist` of the body, its texts and its list of tracks checked."""
    body = parts_of(call) if call.content_type() == "multipart/form-data" else read_json(call)
    given = body.get("playlist") if isinstance(body, dict) else None
    if not isinstance(given, dict):
        raise refuse(400, "playlist is missing")
    for name in given.keys() - FIELDS:
        call.note(f"playlist has no field {name}")
    texts = (value for name, value in given.items() if name != "tracks")
    if not all(isinstance(value, str) for value in texts):
        raise refuse(400, "every field of a playlist but tracks is a text")
    if given.get("sharing", "public") not in ("public", "private"):
        raise refuse(400, "sharing is public or private")
    return given


def read_json(call: Call) -> Any:
    try:
        return json.loads(call.body or b"{}")
    except ValueError:
        raise refuse(400, "The body is not JSON") from None


def parts_of(call: Call) -> dict[str, Any]:
    """`playlist[title]` and the like; `playlist[tracks][][urn]` as often as one likes, or separated by commas."""
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + call.body)
    given: dict[str, Any] = {}
    for part in message.get_payload() if message.is_multipart() else []:
        if not isinstance(part, Message):
            continue
        name = str(part.get_param("name", "", header="content-disposition"))
        value = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
        if name == "playlist[tracks][][urn]":
            given.setdefault("tracks", []).extend({"urn": urn} for urn in value.split(","))
        else:
            given[name.removeprefix("playlist[").removesuffix("]")] = value
    return {"playlist": given}


def entries(call: Call, given: dict[str, Any], before: list[Entry]) -> list[Entry]:
    """The tracks named, each of which has to be there; a line that was there keeps its day."""
    tracks = given["tracks"]
    if not isinstance(tracks, list) or not all(isinstance(one, dict) for one in tracks):
        raise refuse(400, "tracks is a list of objects with a urn")
    if len(tracks) > call.service.switches["playlist_limit"]:
        raise refuse(422, "A playlist holds a maximum number of tracks")
    known = {entry.track: entry for entry in before}
    found = []
    for one in tracks:
        item = call.world.catalogue.find(NAME, "track", str(one.get("urn", "")), call.now)
        if not isinstance(item, Track):
            raise refuse(404, MISSING)
        found.append(known.get(item) or Entry(item, call.now, call.account))
    return found


@table.on("GET", "/me/playlists", query="show_tracks linked_partitioning limit cursor", user=True)
def my_playlists(call: Call) -> Any:
    mine = [one for one in call.account.followed["playlist"] if one.owner is call.account and not one.deleted]
    with_tracks = truth(call, "show_tracks", default=True)
    return listing(call, mine, lambda one: shown_set(call, one, tracks=with_tracks))


@table.on("POST", "/playlists", body="json or parts", user=True)
def make(call: Call) -> Reply:
    """Public unless it is said otherwise."""
    given = wanted(call)
    title = given.get("title", "").strip()
    if not title:
        raise refuse(400, "title is missing")
    held = entries(call, given, []) if "tracks" in given else []
    public, words = given.get("sharing", "public") == "public", given.get("description", "")
    made = call.service.new_playlist(call.account, title, call.now, public=public, description=words)
    made.entries = held
    call.account.acts.append((call.now, "create", "playlist", made.id))
    return as_json(shown_set(call, made), 201)


@table.on("PUT", "/playlists/{playlist_urn}", body="json", user=True)
def change(call: Call) -> Any:
    """What is given replaces what was there; a list of tracks replaces the whole list."""
    playlist, given = own(call), wanted(call)
    if "tracks" in given:
        held = entries(call, given, playlist.entries)
        more = len(held) - len(playlist.entries)
        playlist.entries = held
        playlist.changed()
        call.account.acts.append((call.now, f"add {more}", "playlist", playlist.id))
    playlist.name = given.get("title", "").strip() or playlist.name
    playlist.description = given.get("description", playlist.description)
    playlist.public = given.get("sharing", "public" if playlist.public else "private") == "public"
    return shown_set(call, playlist)


@table.on("DELETE", "/playlists/{playlist_urn}", user=True)
def throw_away(call: Call) -> Reply:
    playlist = own(call)
    playlist.deleted = True
    call.account.followed["playlist"].pop(playlist, None)
    return Reply(200)


def own(call: Call) -> Playlist:
    """The fan's own playlist in the path; what is somebody else's is as if it were not there."""
    found = set_at(call)
    if not isinstance(found, Playlist) or found.owner is not call.account:
        raise refuse(404, MISSING)
    return found
