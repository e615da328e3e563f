"""api.soundcloud.com: liking and following, and what a fan likes and follows."""

from typing import Any

from upbeat_sandbox.call import Call, Reply, as_json
from upbeat_sandbox.catalogue import Album, Artist, Track
from upbeat_sandbox.people import Account, Playlist
from upbeat_sandbox.soundcloud import shapes
from upbeat_sandbox.soundcloud.answers import done, listing, refuse
from upbeat_sandbox.soundcloud.music import audible, set_at, shown_set, track_at, user_at
from upbeat_sandbox.soundcloud.permalinks import urn
from upbeat_sandbox.soundcloud.table import table

EVERYTHING = "playable,preview,blocked"


def shelf_of(account: Account, item: Any) -> tuple[dict[Any, Any], str]:
    """Where a like or a follow of this is kept, and the kind it is written down as."""
    if isinstance(item, Playlist):
        return account.followed["playlist"], "playlist"
    if isinstance(item, Artist | Account):
        kind = "artist" if isinstance(item, Artist) else "user"
        return account.followed[kind], kind
    kind = "track" if isinstance(item, Track) else "album"
    return account.saved[kind], kind


def like(call: Call, item: Any) -> Reply:
    """The first time counts; liking again changes nothing."""
    account, limit = call.account, call.service.switches["library_limit"]
    shelf, kind = shelf_of(account, item)
    if limit is not None and item not in shelf and sum(map(len, account.saved.values())) >= limit:
        raise refuse(400, "You have reached the maximum number of likes")
    account.keep(shelf, item, call.now)
    account.acts.append((call.now, "save" if kind in account.saved else "follow", kind, urn(item)))
    return done(200, "200 - OK")


def unlike(call: Call, item: Any) -> Reply:
    shelf, kind = shelf_of(call.account, item)
    if shelf.pop(item, None) is None:
        raise refuse(404, "404 - Not Found")
    call.account.acts.append((call.now, "remove", kind, urn(item)))
    return done(200, "200 - OK")


@table.on("POST", "/likes/tracks/{track_urn}", user=True)
def like_track(call: Call) -> Reply:
    return like(call, track_at(call))


@table.on("DELETE", "/likes/tracks/{track_urn}", user=True)
def unlike_track(call: Call) -> Reply:
    return unlike(call, track_at(call))


@table.on("POST", "/likes/playlists/{playlist_urn}", user=True)
def like_set(call: Call) -> Reply:
    return like(call, set_at(call))


@table.on("DELETE", "/likes/playlists/{playlist_urn}", user=True)
def unlike_set(call: Call) -> Reply:
    return unlike(call, set_at(call))


@table.on("GET", "/me/likes/tracks", query="limit access linked_partitioning cursor", user=True)
def liked_tracks(call: Call) -> Any:
    held = audible(call, [*call.account.saved["track"]][::-1], EVERYTHING)
    return listing(call, held, lambda one: shapes.track(call, one))


@table.on("GET", "/me/likes/playlists", query="limit linked_partitioning cursor", user=True)
def liked_sets(call: Call) -> Any:
    return listing(call, sets_liked_by(call.account), lambda one: shown_set(call, one))


def sets_liked_by(account: Account) -> list[Album | Playlist]:
    """The latest first; a fan's own playlists are in the collection without a like."""
    others = [one for one in account.followed["playlist"] if one.owner is not account and not one.deleted]
    return [*others, *account.saved["album"]][::-1]


@table.on("PUT", "/me/followings/{user_urn}", user=True)
def follow(call: Call) -> Reply:
    """201 with the user the first time, 200 after it; 422 for oneself and for one too many."""
    someone, account = user_at(call), call.account
    shelf, kind = shelf_of(account, someone)
    if someone is account:
        raise refuse(422, "You cannot follow yourself")
    if someone in shelf:
        account.acts.append((call.now, "follow", kind, urn(someone)))
        return done(200, "200 - Successful")
    if len(shapes.followings(account)) >= call.service.switches["followings_limit"]:
        raise refuse(422, "You have reached the maximum number of followings")
    account.keep(shelf, someone, call.now)
    account.acts.append((call.now, "follow", kind, urn(someone)))
    return as_json(shapes.user(call, someone), 201)


@table.on("DELETE", "/me/followings/{user_urn}", user=True)
def unfollow(call: Call) -> Reply:
    someone = user_at(call)
    shelf, kind = shelf_of(call.account, someone)
    if shelf.pop(someone, None) is None:
        raise refuse(404, "404 - Not Found")
    call.account.acts.append((call.now, "unfollow", kind, urn(someone)))
    return done(200, "Status(200) - OK")


@table.on("GET", "/me/followings", query="limit offset cursor", user=True)
def my_followings(call: Call) -> Any:
    return listing(call, shapes.followings(call.account), lambda one: shapes.user(call, one), paged=True)


@table.on("GET", "/me/followings/{user_urn}", user=True)
def one_following(call: Call) -> Any:
    someone = user_at(call)
    if someone not in shelf_of(call.account, someone)[0]:
        raise refuse(404, "404 - Not Found")
    return shapes.user(call, someone)


@table.on("GET", "/me", user=True)
def me(call: Call) -> Any:
    return shapes.me(call, call.account)


@table.on("POST", "/sign-out")
def sign_out(call: Call) -> Reply:
    """The session of this token is over: neither it nor its refresh token works any more."""
    assert call.token is not None
    if call.token.approval is not None:
        call.token.approval.revoked = True
    call.service.grants.access.pop(call.token.value, None)
    return Reply(200)
