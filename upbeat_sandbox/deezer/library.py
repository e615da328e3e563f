"""api.deezer.com: users, and what they keep: albums, tracks, artists, playlists, people."""

from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.deezer import shapes
from upbeat_sandbox.deezer.answers import listing, no_data, refuse, wanted_ids
from upbeat_sandbox.deezer.gate import need
from upbeat_sandbox.deezer.music import found
from upbeat_sandbox.deezer.permissions import PERMISSIONS
from upbeat_sandbox.deezer.table import table
from upbeat_sandbox.people import Account
from upbeat_sandbox.routing import Handler


def user_at(call: Call) -> Account:
    """The user in the path: `me` is whoever's token it is."""
    wanted = call.path_values["id"]
    if wanted == "me":
        need(call)
        return call.account
    account = call.service.accounts.get(wanted)
    if account is None:
        raise no_data(call)
    return account


def oneself(call: Call, *permissions: str) -> Account:
    """The user in the path, who must be the token's own, with these permissions."""
    need(call, *permissions)
    account = user_at(call)
    if account is not call.account:
        raise refuse(200, "You can only change your own library")
    return account


def is_me(call: Call, account: Account) -> bool:
    return call.token is not None and call.token.account is account


@table.on("GET", "/user/{id}")
def one_user(call: Call) -> Any:
    account = user_at(call)
    return shapes.me(call, account) if is_me(call, account) else shapes.user(call, account)


@table.on("GET", "/user/{id}/permissions")
def permissions(call: Call) -> Any:
    oneself(call)
    assert call.token is not None
    return {"permissions": {name: name in call.token.scopes for name in PERMISSIONS}}


def shelf_of(account: Account, kind: str) -> dict[Any, Any]:
    return account.saved[kind] if kind in account.saved else account.followed[kind]


def kept(kind: str, show: Any) -> Handler:
    """Handler that lists one shelf, the last added first."""

    def listed(call: Call) -> Any:
        held = sorted(shelf_of(user_at(call), kind).items(), key=lambda pair: pair[1], reverse=True)
        checksum = shapes.md5(kind, *(id(item) for item, _ in held))
        return listing(
            call,
            held,
            lambda pair: show(call, pair[0]) | {"time_add": int(pair[1].timestamp())},
            checksum=checksum,
        )

    return listed


def keep(kind: str, *parameters: str) -> Handler:
    """Handler that adds to a shelf; again is `true` as well and changes nothing."""

    def add(call: Call) -> Any:
        account = oneself(call, "manage_library")
        ids = wanted_ids(call, *parameters)
        items = [found(call, kind, item_id) for item_id in ids]
        check_room(call, account, kind, items)
        for item_id, item in zip(ids, items, strict=True):
            account.keep(shelf_of(account, kind), item, call.now)
            account.acts.append((call.now, "save" if kind in account.saved else "follow", kind, item_id))
        return True

    return add


def check_room(call: Call, account: Account, kind: str, items: list[Any]) -> None:
    limit = call.service.switches["library_limit"]
    if limit is None or kind not in account.saved:
        return
    more = [item for item in items if item not in account.saved[kind]]
    if more and sum(map(len, account.saved.values())) + len(more) > limit:
        raise refuse(100)


def drop(kind: str, *parameters: str) -> Handler:
    def remove(call: Call) -> Any:
        account = oneself(call, "manage_library", "delete_library")
        for item_id in wanted_ids(call, *parameters):
            shelf_of(account, kind).pop(found(call, kind, item_id), None)
            account.acts.append((call.now, "remove" if kind in account.saved else "unfollow", kind, item_id))
        return True

    return remove


SHOWN = {"album": shapes.simple_album, "track": shapes.simple_track, "artist": shapes.artist}
for kind, shape in SHOWN.items():
    path, names = f"/user/{{id}}/{kind}s", (f"{kind}_id", f"{kind}_ids")
    table.on("GET", path, query="index limit")(kept(kind, shape))
    table.on("POST", path, query=" ".join(names))(keep(kind, *names))
    table.on("DELETE", path, query=" ".join(names))(drop(kind, *names))


@table.on("GET", "/user/{id}/followings", query="index limit")
def followings(call: Call) -> Any:
    held = list(user_at(call).followed["user"])
    return listing(call, held, lambda account: shapes.user(call, account))


@table.on("GET", "/user/{id}/followers", query="index limit")
def followers(call: Call) -> Any:
    account = user_at(call)
    fans = [one for one in call.service.accounts.values() if account in one.followed["user"]]
    return listing(call, fans, lambda one: shapes.user(call, one))


@table.on("POST", "/user/{id}/followings", query="user_id")
def follow(call: Call) -> Any:
    """`false` where there is nobody to follow."""
    account = oneself(call, "manage_community")
    other = call.service.accounts.get(wanted_ids(call, "user_id")[0])
    if other is None or other is account:
        return False
    account.keep(account.followed["user"], other, call.now)
    account.acts.append((call.now, "follow", "user", other.id))
    return True


@table.on("DELETE", "/user/{id}/followings", query="user_id")
def unfollow(call: Call) -> Any:
    account = oneself(call, "manage_community")
    other = call.service.accounts.get(wanted_ids(call, "user_id")[0])
    account.acts.append((call.now, "unfollow", "user", wanted_ids(call, "user_id")[0]))
    return account.followed["user"].pop(other, None) is not None


def nothing_kept(call: Call) -> Any:
    """Lists the sandbox keeps empty: history and recommendations."""
    oneself(call, *(["listening_history"] if call.path.endswith("history") else []))
    return listing(call, [], lambda one: one)


for last in (
    "history",
    "recommendations/albums",
    "recommendations/artists",
    "recommendations/tracks",
    "flow",
    "radios",
):
    table.on("GET", f"/user/{{id}}/{last}", query="index limit")(nothing_kept)
