"""playlistItems.list, insert, update and delete. Putting a video in twice leaves two."""

from typing import Any

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.people import Entry, Playlist
from upbeat_sandbox.youtube import shapes
from upbeat_sandbox.youtube.answers import not_found, paged, refuse
from upbeat_sandbox.youtube.bodies import at, body, resource_id, text
from upbeat_sandbox.youtube.playlists import owned, visible
from upbeat_sandbox.youtube.table import on, parts, values
from upbeat_sandbox.youtube.videos import track

PARTS = "id snippet contentDetails status"
DOMAIN = "youtube.playlistItem"
OWNER = "onBehalfOfContentOwner"


@on(
    "GET",
    "/playlistItems",
    parts=PARTS,
    filters="id playlistId",
    query=f"maxResults pageToken videoId {OWNER}",
)
def items(call: Call) -> Any:
    """What is in a playlist, in order; with `videoId` only where this video is."""
    if "playlistId" not in call.query:
        mine = call.account.followed["playlist"] if call.token and call.token.account else {}
        held = [(one, entry) for one in mine for entry in one.entries]
        found = [
            (one, entry, one.entries.index(entry))
            for one, entry in held
            if shapes.entry_id(one, entry) in values(call, "id")
        ]
        return paged(
            call,
            "playlistItem",
            found,
            lambda row: shapes.playlist_item(call, row[0], row[1], row[2], parts(call)),
        )
    playlist = visible(call, call.query["playlistId"])
    if playlist is None:
        raise not_found("playlist", DOMAIN, "playlistId")
    only = call.query.get("videoId")
    rows = [
        (playlist, entry, position)
        for position, entry in enumerate(shapes.entries(playlist))
        if only in (None, shapes.key(entry.track))
    ]
    return paged(
        call,
        "playlistItem",
        rows,
        lambda row: shapes.playlist_item(call, row[0], row[1], row[2], parts(call)),
    )


@on("POST", "/playlistItems", parts=PARTS, query=OWNER, write=True, body="json")
def insert(call: Call) -> Any:
    """At the end, or at `snippet.position`."""
    given = body(call)
    name = text(given, "snippet", "playlistId")
    if not name:
        words = "The request does not specify a value for the required playlistId property."
        raise refuse(400, "playlistIdRequired", words, domain=DOMAIN, location="snippet.playlistId")
    video = resource_id(given, "youtube#video", "videoId", DOMAIN)
    if not video:
        words = "The request must contain a resource in which the snippet object specifies a resourceId."
        raise refuse(400, "resourceIdRequired", words, domain=DOMAIN, location="snippet.resourceId")
    playlist = owned(call, name)
    song = track(call, video)
    if song is None:
        raise not_found("video", DOMAIN, "snippet.resourceId.videoId")
    if len(playlist.entries) >= call.service.switches["playlist_limit"]:
        words = "The playlist already contains the maximum allowed number of items."
        raise refuse(403, "playlistContainsMaximumNumberOfVideos", words, domain=DOMAIN)
    position = place(given, playlist)
    entry = Entry(song, call.now, call.account)
    playlist.entries.insert(position, entry)
    playlist.changed()
    call.account.acts.append((call.now, "add", "playlist", playlist.id))
    return shapes.playlist_item(call, playlist, entry, position, parts(call))


def place(given: dict[str, Any], playlist: Playlist) -> int:
    position = at(given, "snippet", "position")
    if position is None:
        return len(playlist.entries)
    if (
        not isinstance(position, int)
        or isinstance(position, bool)
        or not 0 <= position <= len(playlist.entries)
    ):
        words = "The request specifies an invalid position for the playlist item."
        raise refuse(400, "invalidPlaylistItemPosition", words, domain=DOMAIN, location="snippet.position")
    return position


def entry_of(call: Call, given: str) -> tuple[Playlist, Entry]:
    """An entry of one of the fan's own playlists."""
    for playlist in call.account.followed["playlist"]:
        for entry in playlist.entries:
            if shapes.entry_id(playlist, entry) == given:
                return playlist, entry
    raise not_found("playlistItem", DOMAIN)


@on("PUT", "/playlistItems", parts=PARTS, query=OWNER, write=True, body="json")
def update(call: Call) -> Any:
    """Moves an entry to `snippet.position`."""
    given = body(call)
    playlist, entry = entry_of(call, text(given, "id"))
    playlist.entries.remove(entry)
    position = place(given, playlist)
    playlist.entries.insert(position, entry)
    return shapes.playlist_item(call, playlist, entry, position, parts(call))


@on("DELETE", "/playlistItems", required="id", query=OWNER, write=True)
def delete(call: Call) -> Any:
    playlist, entry = entry_of(call, call.query["id"])
    playlist.entries.remove(entry)
    playlist.changed()
    return Reply(204)
