"""api.spotify.com: who the fan is, other users, and following."""

from typing import Any

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.spotify import shapes
from upbeat_sandbox.spotify.answers import api, refuse, whole_number
from upbeat_sandbox.spotify.collection import contained, wanted_ids
from upbeat_sandbox.spotify.library import remove, save, target
from upbeat_sandbox.spotify.table import table


@table.on("GET", "/v1/me", user=True)
def me(call: Call) -> Any:
    return shapes.private_user(call, call.account)


@table.on("GET", "/v1/users/{user_id}", deprecated=True)
def one_user(call: Call) -> Any:
    account = call.service.accounts.get(call.path_values["user_id"])
    if account is None:
        raise refuse(404, "No such user")
    return shapes.public_user(call, account)


@table.on("GET", "/v1/me/following", query="type after limit", scopes="user-follow-read", user=True)
def followed_artists(call: Call) -> Any:
    """A cursor page: `after` is the id of the last artist of the page before."""
    if call.query.get("type") != "artist":
        raise refuse(400, "Missing parameter type" if "type" not in call.query else "Invalid type")
    limit = whole_number(call, "limit", 20, 1, 50)
    artists = list(call.account.followed["artist"])
    ids = [artist.spotify_id for artist in artists]
    after = call.query.get("after", "")
    if after and after not in ids:
        raise refuse(400, "Invalid after")
    start = ids.index(after) + 1 if after else 0
    shown = artists[start : start + limit]
    more = start + limit < len(artists)
    here = api(call, f"/v1/me/following?type=artist&limit={limit}")
    last = shown[-1].spotify_id if more else None
    page = {
        "href": here + (f"&after={after}" if after else ""),
        "items": [shapes.artist(call, artist) for artist in shown],
        "limit": limit,
        "next": f"{here}&after={last}" if last else None,
        "cursors": {"after": last, "before": None},
        "total": len(artists),
    }
    return {"artists": page}


def wanted_people(call: Call) -> list[tuple[str, str, Any]]:
    kind = call.query.get("type", "")
    if kind not in ("artist", "user"):
        raise refuse(400, "Missing parameter type" if not kind else "Invalid type")
    wanted = [(kind, one, target(call, kind, one)) for one in wanted_ids(call, 50)]
    if any(item is None for _, _, item in wanted):
        raise refuse(404, "Resource not found")
    return wanted


@table.on(
    "PUT",
    "/v1/me/following",
    query="type ids",
    body="json",
    scopes="user-follow-modify",
    user=True,
    deprecated=True,
)
def follow(call: Call) -> Any:
    for kind, item_id, item in wanted_people(call):
        save(call, kind, item_id, item)
    return Reply(204)


@table.on(
    "DELETE",
    "/v1/me/following",
    query="type ids",
    body="json",
    scopes="user-follow-modify",
    user=True,
    deprecated=True,
)
def unfollow(call: Call) -> Any:
    for kind, item_id, item in wanted_people(call):
        remove(call, kind, item_id, item)
    return Reply(204)


@table.on(
    "GET",
    "/v1/me/following/contains",
    query="type ids",
    scopes="user-follow-read",
    user=True,
    deprecated=True,
)
def follows(call: Call) -> Any:
    kind = call.query.get("type", "")
    if kind not in ("artist", "user"):
        raise refuse(400, "Missing parameter type" if not kind else "Invalid type")
    return contained(call, kind, 50)
