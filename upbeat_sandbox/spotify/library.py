"""api.spotify.com: the one library endpoint of 2026, for saving, following and asking."""

import re
from typing import Any
from urllib.parse import unquote

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.people import Account, Playlist
from upbeat_sandbox.spotify.answers import refuse
from upbeat_sandbox.spotify.gate import require
from upbeat_sandbox.spotify.table import table

MOST_URIS = 40
URI = re.compile(
    r"spotify:(track|album|episode|show|audiobook|playlist|artist):([0-9A-Za-z]{22})|spotify:(user):([^:\s]+)"
)
WRITE_SCOPE = {
    "artist": "user-follow-modify",
    "user": "user-follow-modify",
    "playlist": "playlist-modify-public",
}
READ_SCOPE = {"artist": "user-follow-read", "user": "user-follow-read", "playlist": "playlist-read-private"}


def wanted_uris(call: Call) -> list[tuple[str, str]]:
    """The `uris` of the query as (kind, id); 400 if missing, too many or not a URI of a kind the library knows."""
    parts = [part.strip() for part in call.query.get("uris", "").split(",") if part.strip()]
    if not parts:
        raise refuse(400, "Missing required field: uris")
    if len(parts) > MOST_URIS:
        raise refuse(400, f"Too many uris requested, maximum {MOST_URIS}")
    return [read_uri(part) for part in parts]


def read_uri(uri: str) -> tuple[str, str]:
    match = URI.fullmatch(uri)
    if match is None:
        raise refuse(400, f"Invalid URI: {uri}")
    return (match[1], match[2]) if match[1] else (match[3], unquote(match[4]))


def target(call: Call, kind: str, item_id: str) -> Any:
    """The thing behind a URI, or None if the service does not show such a thing."""
    if kind == "playlist":
        playlist = call.service.playlists.get(item_id)
        return playlist if playlist and readable(playlist, call.account) else None
    if kind == "user":
        return call.service.accounts.get(item_id)
    return call.world.catalogue.find("spotify", kind, item_id, call.now)


def readable(playlist: Playlist, account: Account | None) -> bool:
    return playlist.public or playlist.owner is account or (playlist.collaborative and account is not None)


def shelf(account: Account, kind: str) -> dict[Any, Any]:
    return account.saved[kind] if kind in account.saved else account.followed.get(kind, {})


def scopes_for(call: Call, kinds: list[str], by_kind: dict[str, str], otherwise: str) -> None:
    for kind in kinds:
        require(call, by_kind.get(kind, otherwise))


def chosen(call: Call) -> list[tuple[str, str, Any]]:
    """What a PUT or DELETE is about; nothing is written if any of it is not there."""
    uris = wanted_uris(call)
    if any(kind == "artist" for kind, _ in uris) and call.service.switches["artist_follow"] == "refused":
        raise refuse(400, "Unsupported URI type: artist")
    scopes_for(call, [kind for kind, _ in uris], WRITE_SCOPE, "user-library-modify")
    items = [(kind, item_id, target(call, kind, item_id)) for kind, item_id in uris]
    if any(item is None for _, _, item in items):
        raise refuse(404, "Resource not found")
    if call.service.switches["artist_follow"] == "ignored":
        items = [item for item in items if item[0] != "artist"]
    return items


@table.on("PUT", "/v1/me/library", query="uris", user=True)
def put_library(call: Call) -> Any:
    items = chosen(call)
    for kind, item_id, item in items:
        save(call, kind, item_id, item)
    return Reply()


@table.on("DELETE", "/v1/me/library", query="uris", user=True)
def delete_library(call: Call) -> Any:
    for kind, item_id, item in chosen(call):
        remove(call, kind, item_id, item)
    return Reply()


def save(call: Call, kind: str, item_id: str, item: Any, moment: Any = None) -> None:
    """Puts one thing into the library; the first time counts, saving again changes nothing."""
    limit, account = call.service.switches["library_limit"], call.account
    held = shelf(account, kind)
    if (
        limit is not None
        and item not in held
        and sum(map(len, account.saved.values())) >= limit
        and kind in account.saved
    ):
        raise refuse(400, "Library size limit reached")
    account.keep(held, item, moment or call.now)
    account.acts.append((call.now, "save" if kind in account.saved else "follow", kind, item_id))


def remove(call: Call, kind: str, item_id: str, item: Any) -> None:
    account = call.account
    if shelf(account, kind).pop(item, None) is not None and kind == "playlist" and item.owner is account:
        item.deleted = True
    account.acts.append((call.now, "remove" if kind in account.saved else "unfollow", kind, item_id))


@table.on("GET", "/v1/me/library/contains", query="uris", user=True)
def library_contains(call: Call) -> Any:
    uris = wanted_uris(call)
    scopes_for(call, [kind for kind, _ in uris], READ_SCOPE, "user-library-read")
    return [holds(call, kind, item_id) for kind, item_id in uris]


def holds(call: Call, kind: str, item_id: str) -> bool:
    return target(call, kind, item_id) in shelf(call.account, kind)
