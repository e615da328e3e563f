"""api.spotify.com: listing what a fan saved, and the older endpoints one per kind, gone in development mode."""

import json
from datetime import datetime
from typing import Any

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.clock import iso, read_moment
from upbeat_sandbox.ids import SPOTIFY_ID
from upbeat_sandbox.spotify import shapes
from upbeat_sandbox.spotify.answers import page, refuse, window
from upbeat_sandbox.spotify.library import holds, remove, save
from upbeat_sandbox.spotify.music import found
from upbeat_sandbox.spotify.table import table


def json_body(call: Call, bare: str = "ids") -> dict[str, Any]:
    """The body as an object; nothing sent is an empty object, a bare list is the field `bare`, all else is a 400."""
    if not call.body.strip():
        return {}
    try:
        body = json.loads(call.body)
    except ValueError:
        raise refuse(400, "Error parsing JSON.") from None
    if isinstance(body, list):
        return {bare: body}
    if not isinstance(body, dict):
        raise refuse(400, "Error parsing JSON.")
    return body


def text_list(value: Any, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise refuse(400, f"Invalid {name}")
    return value


def wanted_ids(call: Call, most_in_query: int, most_in_body: int = 50) -> list[str]:
    """`ids` from the query, or else from the body."""
    if "ids" in call.query:
        wanted, most = [one.strip() for one in call.query["ids"].split(",") if one.strip()], most_in_query
    else:
        wanted, most = text_list(json_body(call).get("ids", []), "ids"), most_in_body
    if not wanted:
        raise refuse(400, "Missing required field: ids")
    if len(wanted) > most:
        raise refuse(400, "Too many ids requested")
    return wanted


def saved_page(call: Call, kind: str, show: Any) -> dict[str, Any]:
    wanted = window(call, 20, 50)
    held = sorted(call.account.saved[kind].items(), key=lambda pair: pair[1], reverse=True)
    return page(call, held, wanted, lambda pair: {"added_at": iso(pair[1]), kind: show(call, pair[0])})


@table.on("GET", "/v1/me/albums", query="limit offset market", scopes="user-library-read", user=True)
def saved_albums(call: Call) -> Any:
    return saved_page(call, "album", shapes.album)


@table.on("GET", "/v1/me/tracks", query="limit offset market", scopes="user-library-read", user=True)
def saved_tracks(call: Call) -> Any:
    return saved_page(call, "track", shapes.track)


def timed_ids(call: Call) -> list[tuple[str, datetime | None]]:
    """For `PUT /v1/me/tracks`: ids, each with the moment the caller wants it filed under, if any."""
    timed = json_body(call).get("timestamped_ids") if call.body else None
    if timed is None:
        return [(one, None) for one in wanted_ids(call, 50)]
    if (
        not isinstance(timed, list)
        or not 0 < len(timed) <= 50
        or not all(isinstance(one, dict) for one in timed)
    ):
        raise refuse(400, "Invalid timestamped_ids")
    try:
        return [(str(one["id"]), read_moment(one["added_at"])) for one in timed]
    except (KeyError, ValueError):
        raise refuse(400, "Invalid timestamped_ids") from None


@table.on(
    "PUT", "/v1/me/albums", query="ids", body="json", scopes="user-library-modify", user=True, deprecated=True
)
def save_albums(call: Call) -> Any:
    for item_id, item in [(one, found(call, "album", one)) for one in wanted_ids(call, 20)]:
        save(call, "album", item_id, item)
    return Reply()


@table.on(
    "PUT", "/v1/me/tracks", query="ids", body="json", scopes="user-library-modify", user=True, deprecated=True
)
def save_tracks(call: Call) -> Any:
    for item_id, item, moment in [
        (one, found(call, "track", one), moment) for one, moment in timed_ids(call)
    ]:
        save(call, "track", item_id, item, moment)
    return Reply()


@table.on(
    "DELETE",
    "/v1/me/albums",
    query="ids",
    body="json",
    scopes="user-library-modify",
    user=True,
    deprecated=True,
)
def remove_albums(call: Call) -> Any:
    return removed(call, "album", 20)


@table.on(
    "DELETE",
    "/v1/me/tracks",
    query="ids",
    body="json",
    scopes="user-library-modify",
    user=True,
    deprecated=True,
)
def remove_tracks(call: Call) -> Any:
    return removed(call, "track", 50)


def removed(call: Call, kind: str, most: int) -> Reply:
    for item_id, item in [(one, found(call, kind, one)) for one in wanted_ids(call, most)]:
        remove(call, kind, item_id, item)
    return Reply()


@table.on(
    "GET", "/v1/me/albums/contains", query="ids", scopes="user-library-read", user=True, deprecated=True
)
def albums_contained(call: Call) -> Any:
    return contained(call, "album", 20)


@table.on(
    "GET", "/v1/me/tracks/contains", query="ids", scopes="user-library-read", user=True, deprecated=True
)
def tracks_contained(call: Call) -> Any:
    return contained(call, "track", 50)


def contained(call: Call, kind: str, most: int) -> list[bool]:
    wanted = wanted_ids(call, most)
    if kind != "user" and not all(SPOTIFY_ID.fullmatch(one) for one in wanted):
        raise refuse(400, "Invalid base62 id")
    return [holds(call, kind, one) for one in wanted]
