"""api.spotify.com: a fan's playlists, making, reading and following them."""

from typing import Any

from upbeat_sandbox.call import Call, Reply, as_json
from upbeat_sandbox.ids import SPOTIFY_ID
from upbeat_sandbox.people import Playlist
from upbeat_sandbox.spotify import shapes
from upbeat_sandbox.spotify.answers import page, refuse, window
from upbeat_sandbox.spotify.collection import json_body
from upbeat_sandbox.spotify.fields import narrowed
from upbeat_sandbox.spotify.gate import require
from upbeat_sandbox.spotify.library import readable, remove, save
from upbeat_sandbox.spotify.table import table

MODIFY = "playlist-modify-public playlist-modify-private"
KINDS = {"name": str, "description": str, "public": bool, "collaborative": bool}


def playlist_at(call: Call) -> Playlist:
    """The playlist in the path; 404 if there is none that this caller may see."""
    playlist_id = call.path_values["playlist_id"]
    if not SPOTIFY_ID.fullmatch(playlist_id):
        raise refuse(400, "Invalid base62 id")
    playlist = call.service.playlists.get(playlist_id)
    assert call.token is not None
    if playlist is None or not readable(playlist, call.token.account):
        raise refuse(404, "Resource not found")
    if not playlist.public and playlist.owner is call.token.account:
        require(call, "playlist-read-private", "playlist-modify-private")
    return playlist


def mine(call: Call, playlist: Playlist) -> bool:
    """Whether the caller owns it or works on it."""
    assert call.token is not None
    return call.token.account is not None and (playlist.owner is call.token.account or playlist.collaborative)


def to_change(call: Call) -> Playlist:
    """The playlist in the path, for one who may change it and whose token may change that kind of playlist."""
    playlist = playlist_at(call)
    if not mine(call, playlist):
        raise refuse(403, "You cannot add tracks to a playlist you don't own.")
    require(call, "playlist-modify-public" if playlist.public else "playlist-modify-private")
    return playlist


def details(call: Call) -> dict[str, Any]:
    """Name, description and who may see it, from the body, each of the right type."""
    body = json_body(call)
    found = {name: body[name] for name in KINDS if body.get(name) is not None}
    for name, value in found.items():
        if not isinstance(value, KINDS[name]):
            raise refuse(400, f"Invalid {name}")
    if found.get("collaborative") and found.get("public"):
        raise refuse(400, "Collaborative playlists can only be private")
    return found


@table.on("GET", "/v1/me/playlists", query="limit offset", scopes="playlist-read-private", user=True)
def my_playlists(call: Call) -> Any:
    wanted = window(call, 20, 50, 100_000)
    held = list(call.account.followed["playlist"])
    return page(call, held, wanted, lambda playlist: shapes.simple_playlist(call, playlist))


@table.on("POST", "/v1/me/playlists", body="json", scopes=MODIFY, user=True)
def make_playlist(call: Call) -> Any:
    wanted = details(call)
    if not wanted.get("name", "").strip():
        raise refuse(400, "Missing required field: name")
    public = wanted.get("public", not wanted.get("collaborative", False))
    if wanted.get("collaborative") and public:
        raise refuse(400, "Collaborative playlists can only be private")
    require(call, "playlist-modify-public" if public else "playlist-modify-private")
    playlist = call.service.new_playlist(
        call.account, wanted.pop("name"), call.now, **wanted | {"public": public}
    )
    call.account.acts.append((call.now, "create", "playlist", playlist.id))
    return as_json(full(call, playlist), 201)


@table.on("GET", "/v1/users/{user_id}/playlists", query="limit offset", deprecated=True)
def users_playlists(call: Call) -> Any:
    account = call.service.accounts.get(call.path_values["user_id"])
    if account is None:
        raise refuse(404, "No such user")
    wanted = window(call, 20, 50, 100_000)
    assert call.token is not None
    private = call.token.account is account and "playlist-read-private" in call.token.scopes
    held = [playlist for playlist in account.followed["playlist"] if playlist.public or private]
    return page(call, held, wanted, lambda playlist: shapes.simple_playlist(call, playlist))


@table.on("POST", "/v1/users/{user_id}/playlists", body="json", scopes=MODIFY, user=True, deprecated=True)
def make_playlist_for(call: Call) -> Any:
    if call.path_values["user_id"] != call.account.id:
        raise refuse(403, "You cannot create a playlist for another user")
    return make_playlist(call)


def full(call: Call, playlist: Playlist) -> dict[str, Any]:
    """The playlist object; its contents only for the owner and those who work on it."""
    shown = shapes.simple_playlist(call, playlist)
    followers = [one for one in call.service.accounts.values() if playlist in one.followed["playlist"]]
    shown["followers"] = {"href": None, "total": len([one for one in followers if one is not playlist.owner])}
    shown.pop("tracks", None)
    shown.pop("items", None)
    if mine(call, playlist):
        path = f"/v1/playlists/{playlist.id}/items"
        shown["items"] = page(call, playlist.entries, (100, 0), lambda entry: shapes.entry(call, entry), path)
        if call.service.switches["mode"] == "extended":
            shown["tracks"] = shown["items"]
    return shown


@table.on("GET", "/v1/playlists/{playlist_id}", query="market fields additional_types")
def one_playlist(call: Call) -> Any:
    return narrowed(full(call, playlist_at(call)), call.query.get("fields"))


@table.on("PUT", "/v1/playlists/{playlist_id}", body="json", scopes=MODIFY, user=True)
def change_playlist(call: Call) -> Any:
    playlist, wanted = to_change(call), details(call)
    if playlist.owner is not call.account:
        raise refuse(403, "Forbidden")
    if wanted.get("collaborative") and wanted.get("public", playlist.public):
        raise refuse(400, "Collaborative playlists can only be private")
    if "name" in wanted and not wanted["name"].strip():
        raise refuse(400, "Invalid name")
    for name, value in wanted.items():
        setattr(playlist, name, value)
    return Reply()


@table.on(
    "PUT", "/v1/playlists/{playlist_id}/followers", body="json", scopes=MODIFY, user=True, deprecated=True
)
def follow_playlist(call: Call) -> Any:
    save(call, "playlist", call.path_values["playlist_id"], playlist_at(call))
    return Reply()


@table.on("DELETE", "/v1/playlists/{playlist_id}/followers", scopes=MODIFY, user=True, deprecated=True)
def unfollow_playlist(call: Call) -> Any:
    remove(call, "playlist", call.path_values["playlist_id"], playlist_at(call))
    return Reply()


@table.on("GET", "/v1/playlists/{playlist_id}/followers/contains", query="ids", deprecated=True)
def playlist_followed(call: Call) -> Any:
    playlist = playlist_at(call)
    assert call.token is not None
    caller = call.token.account.id if call.token.account else ""
    wanted = [one for one in call.query.get("ids", "").split(",") if one] or [caller]
    if len(wanted) > 1:
        raise refuse(400, "Too many ids requested")
    account = call.service.accounts.get(wanted[0])
    return [account is not None and playlist in account.followed["playlist"]]


@table.on("GET", "/v1/playlists/{playlist_id}/images")
def playlist_images(call: Call) -> Any:
    return shapes.simple_playlist(call, playlist_at(call))["images"]


@table.on("PUT", "/v1/playlists/{playlist_id}/images", body="jpeg", scopes="ugc-image-upload", user=True)
def set_playlist_image(call: Call) -> Any:
    to_change(call)
    return Reply(202)
