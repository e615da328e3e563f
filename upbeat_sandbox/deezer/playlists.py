"""api.deezer.com: playlists."""

from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.deezer import shapes
from upbeat_sandbox.deezer.answers import listing, no_data, refuse, wanted_ids
from upbeat_sandbox.deezer.gate import need
from upbeat_sandbox.deezer.library import oneself, user_at
from upbeat_sandbox.deezer.music import found
from upbeat_sandbox.deezer.table import table
from upbeat_sandbox.people import Entry, Playlist

ALREADY = "This song already exists in this playlist"
FLAGS = {"true": True, "1": True, "false": False, "0": False}


def playlist_at(call: Call) -> Playlist:
    """The playlist in the path, if this caller may see it."""
    playlist = call.service.playlists.get(call.path_values["id"])
    owner = call.token is not None and playlist is not None and playlist.owner is call.token.account
    if playlist is None or playlist.deleted or not (playlist.public or owner):
        raise no_data(call)
    return playlist


def own(call: Call, *permissions: str) -> Playlist:
    need(call, *permissions)
    playlist = playlist_at(call)
    if playlist.owner is not call.account and not playlist.collaborative:
        raise refuse(200, "You are not the owner of this playlist")
    return playlist


@table.on("GET", "/user/{id}/playlists", query="index limit")
def users_playlists(call: Call) -> Any:
    account = user_at(call)
    mine = call.token is not None and call.token.account is account
    held = [one for one in account.followed["playlist"] if not one.deleted and (one.public or mine)]
    return listing(
        call,
        held,
        lambda one: shapes.simple_playlist(call, one),
        checksum=shapes.md5(*(one.id for one in held)),
    )


@table.on("POST", "/user/{id}/playlists", query="title playlist_id")
def make_or_keep(call: Call) -> Any:
    """With `title` a new playlist and its number; with `playlist_id` another's, `false` if it is held already."""
    account = oneself(call, "manage_library")
    if "title" in call.query:
        title = call.query["title"].strip()
        if not title:
            raise refuse(500)
        playlist = call.service.new_playlist(account, title, call.now)
        account.acts.append((call.now, "create", "playlist", playlist.id))
        return {"id": int(playlist.id)}
    if "playlist_id" not in call.query:
        raise refuse(501, "Missing parameters: title or playlist_id")
    playlist_id = wanted_ids(call, "playlist_id")[0]
    wanted = call.service.playlists.get(playlist_id)
    if wanted is None or wanted.deleted or not wanted.public:
        raise no_data(call)
    account.acts.append((call.now, "follow", "playlist", playlist_id))
    return account.keep(account.followed["playlist"], wanted, call.now)


@table.on("DELETE", "/user/{id}/playlists", query="playlist_id")
def let_go(call: Call) -> Any:
    account = oneself(call, "manage_library", "delete_library")
    playlist_id = wanted_ids(call, "playlist_id")[0]
    wanted = call.service.playlists.get(playlist_id)
    account.acts.append((call.now, "unfollow", "playlist", playlist_id))
    return account.followed["playlist"].pop(wanted, None) is not None


@table.on("GET", "/playlist/{id}")
def one_playlist(call: Call) -> Any:
    return shapes.playlist(call, playlist_at(call))


@table.on("POST", "/playlist/{id}", query="title description public collaborative")
def change(call: Call) -> Any:
    playlist = own(call, "manage_library")
    if not call.query.keys() & {"title", "description", "public", "collaborative"}:
        raise refuse(501, "Missing parameters: title")
    for name in ("public", "collaborative"):
        if call.query.get(name, "true").lower() not in FLAGS:
            raise refuse(500)
    if not call.query.get("title", playlist.name).strip():
        raise refuse(500)
    playlist.name = call.query.get("title", playlist.name)
    playlist.description = call.query.get("description", playlist.description)
    for name in ("public", "collaborative"):
        if name in call.query:
            setattr(playlist, name, FLAGS[call.query[name].lower()])
    return True


@table.on("DELETE", "/playlist/{id}")
def throw_away(call: Call) -> Any:
    playlist = own(call, "manage_library", "delete_library")
    playlist.deleted = True
    call.account.acts.append((call.now, "delete", "playlist", playlist.id))
    return True


@table.on("GET", "/playlist/{id}/tracks", query="index limit")
def tracks(call: Call) -> Any:
    playlist = playlist_at(call)
    shown = shapes.playlist_tracks(call, playlist)
    return listing(call, shown, lambda one: one, checksum=shapes.md5(playlist.id, playlist.version))


@table.on("POST", "/playlist/{id}/tracks", query="songs order")
def add_or_order(call: Call) -> Any:
    """With `songs` adds them at the end, all or none; with `order` puts the lines in that order."""
    playlist = own(call, "manage_library")
    if "songs" not in call.query and "order" in call.query:
        return put_in_order(call, playlist, wanted_ids(call, "order"))
    wanted = [found(call, "track", song) for song in wanted_ids(call, "songs")]
    present = {entry.track for entry in playlist.entries}
    if len(set(wanted)) < len(wanted) or present.intersection(wanted):
        raise refuse(500, ALREADY)
    if len(playlist.entries) + len(wanted) > call.service.switches["playlist_limit"]:
        raise refuse(100)
    playlist.entries += [Entry(track, call.now, call.account) for track in wanted]
    playlist.changed()
    call.account.acts.append((call.now, f"add {len(wanted)}", "playlist", playlist.id))
    return True


def put_in_order(call: Call, playlist: Playlist, order: list[str]) -> bool:
    """Lines that are not named keep their order after the others; 500 for a song that is not on the playlist."""
    places = {int(song): place for place, song in enumerate(order)}
    if not places.keys() <= {entry.track.deezer_id for entry in playlist.entries}:
        raise refuse(500)
    playlist.entries.sort(key=lambda entry: places.get(entry.track.deezer_id, len(places)))
    playlist.changed()
    return True


@table.on("DELETE", "/playlist/{id}/tracks", query="songs")
def take_out(call: Call) -> Any:
    playlist = own(call, "manage_library", "delete_library")
    gone = {int(song) for song in wanted_ids(call, "songs")}
    playlist.entries = [entry for entry in playlist.entries if entry.track.deezer_id not in gone]
    playlist.changed()
    return True
