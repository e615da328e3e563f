"""playlists.list, insert, update and delete. The playlist of an album is YouTube's own and nobody's to change."""

from typing import Any

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.catalogue import Album
from upbeat_sandbox.people import Playlist
from upbeat_sandbox.youtube import shapes
from upbeat_sandbox.youtube.answers import listing, not_found, page_size, paged, refuse
from upbeat_sandbox.youtube.bodies import body, text
from upbeat_sandbox.youtube.table import flag, on, parts, values

PARTS = "id snippet status contentDetails player localizations"
DOMAIN = "youtube.playlist"
LONGEST = 150
OWNERS = "onBehalfOfContentOwner onBehalfOfContentOwnerChannel"


@on("GET", "/playlists", parts=PARTS, filters="channelId id mine", query=f"hl maxResults pageToken {OWNERS}")
def playlists(call: Call) -> Any:
    """By id, of a channel, or the fan's own: newest first."""
    if "id" in call.query:
        size = page_size(call)
        found = [one for one in (visible(call, given) for given in dict.fromkeys(values(call, "id"))) if one]
        shown = [shapes.playlist(call, one, parts(call)) for one in found[:50]]
        return listing("playlist", shown, len(shown), size)
    theirs = own(call) if flag(call, "mine") else of_channel(call, call.query.get("channelId", ""))
    return paged(call, "playlist", theirs, lambda one: shapes.playlist(call, one, parts(call)))


def own(call: Call) -> list[Playlist]:
    return [one for one in call.account.followed["playlist"] if one.owner is call.account and not one.deleted]


def of_channel(call: Call, channel: str) -> list[Playlist]:
    account = call.service.accounts.get(channel)
    held = account.followed["playlist"] if account else {}
    return [one for one in held if one.owner is account and one.public and not one.deleted]


def visible(call: Call, given: str) -> Playlist | Album | None:
    """The playlist with this id, if this caller may see it; an album's once it is out."""
    found = call.service.playlists.get(given)
    if found is not None:
        fan = call.token.account if call.token else None
        return found if not found.deleted and (found.public or found.owner is fan) else None
    album = call.world.catalogue.find("youtube", "album", given, call.now)
    return album if isinstance(album, Album) else None


def owned(call: Call, given: str) -> Playlist:
    """A playlist of the fan's own; 404 or 403 if it is none."""
    found = visible(call, given)
    if found is None:
        raise not_found("playlist", DOMAIN)
    if isinstance(found, Album) or found.owner is not call.account:
        raise refuse(403, "playlistForbidden", "This operation is forbidden.", domain=DOMAIN)
    return found


@on("POST", "/playlists", parts=PARTS, query=OWNERS, write=True, body="json")
def insert(call: Call) -> Any:
    given = body(call)
    title, status = checked(given)
    made = call.service.new_playlist(
        call.account, title, call.now, description=text(given, "snippet", "description")
    )
    set_privacy(made, status or "public")
    call.account.acts.append((call.now, "create", "playlist", made.id))
    return shapes.playlist(call, made, parts(call))


@on("PUT", "/playlists", parts=PARTS, query=OWNERS, write=True, body="json")
def update(call: Call) -> Any:
    given = body(call)
    playlist = owned(call, text(given, "id"))
    title, status = checked(given)
    playlist.name, playlist.description = title, text(given, "snippet", "description")
    if "status" in parts(call):
        set_privacy(playlist, status or "public")
    return shapes.playlist(call, playlist, parts(call))


@on("DELETE", "/playlists", required="id", query=OWNERS, write=True)
def delete(call: Call) -> Any:
    owned(call, call.query["id"]).deleted = True
    call.account.acts.append((call.now, "remove", "playlist", call.query["id"]))
    return Reply(204)


def checked(given: dict[str, Any]) -> tuple[str, str]:
    """Title and privacy of a playlist to be; 400 for what YouTube does not take."""
    title, status = text(given, "snippet", "title").strip(), text(given, "status", "privacyStatus")
    if not title:
        words = "The request must specify a playlist title."
        raise refuse(400, "playlistTitleRequired", words, domain=DOMAIN, location="snippet.title")
    if len(title) > LONGEST or "<" in title or ">" in title:
        words = "The request metadata specifies an invalid playlist title."
        raise refuse(400, "invalidPlaylistSnippet", words, domain=DOMAIN, location="snippet.title")
    if status not in ("", "public", "private", "unlisted"):
        words = f"Invalid value at 'resource.status.privacyStatus' (TYPE_ENUM), \"{status}\""
        raise refuse(400, "invalid", words, status="INVALID_ARGUMENT")
    return title, status


def set_privacy(playlist: Playlist, status: str) -> None:
    playlist.public, playlist.collaborative = status != "private", status == "unlisted"
