"""api.soundcloud.com: what the specification has besides. The sandbox plays no feeds, comments, reposts or uploads:
their lists are empty, and what would change them is refused."""

from typing import Any

from upbeat_sandbox.call import Call, Reply, as_json
from upbeat_sandbox.catalogue import Artist
from upbeat_sandbox.people import Account
from upbeat_sandbox.soundcloud import shapes
from upbeat_sandbox.soundcloud.answers import api, error, listing, refuse
from upbeat_sandbox.soundcloud.likes import sets_liked_by
from upbeat_sandbox.soundcloud.music import audible, set_at, shown_set, track_at, user_at
from upbeat_sandbox.soundcloud.permalinks import NAME
from upbeat_sandbox.soundcloud.table import table

LISTING = "access limit offset linked_partitioning cursor show_tracks sort"
ACTIVITIES = (
    "/me/activities",
    "/me/activities/all/own",
    "/me/activities/tracks",
    "/me/feed",
    "/me/feed/tracks",
)
PEOPLE = ("/me/followers",)
MINE = (
    "/me/recently-played/tracks",
    "/me/tracks",
    "/me/reposts/tracks",
    "/me/reposts/playlists",
)


def no_activities(call: Call) -> Any:
    return {"collection": [], "next_href": api(call, call.path), "future_href": api(call, call.path)}


def nobody(call: Call) -> Any:
    return listing(call, [], dict, paged=True)


def nothing(call: Call) -> Any:
    return listing(call, [], dict)


@table.on("GET", "/me/followings/tracks", query=LISTING, user=True)
def no_tracks(call: Call) -> Reply:
    """Never a page: the specification knows only the bare list here."""
    return as_json([])


for path in ACTIVITIES:
    table.on("GET", path, query=LISTING, user=True)(no_activities)
for path in PEOPLE:
    table.on("GET", path, query=LISTING, user=True)(nobody)
for path in MINE:
    table.on("GET", path, query=LISTING, user=True)(nothing)


@table.on("GET", "/me/followers/{follower_urn}", user=True)
def one_follower(call: Call) -> Any:
    user_at(call, "follower_urn")
    raise refuse(404, "404 - Not Found")


@table.on("GET", "/tracks/{track_urn}/streams", query="secret_token")
def streams(call: Call) -> Any:
    track_at(call)
    names = ("hls_aac_160_url", "http_mp3_128_url", "hls_mp3_128_url", "preview_mp3_128_url")
    return dict.fromkeys(names, api(call, f"{call.path.removesuffix('/streams')}/preview"))


@table.on("GET", "/tracks/{track_urn}/preview", query="secret_token")
def preview(call: Call) -> Reply:
    """There is no sound here."""
    track_at(call)
    raise refuse(404, "404 - Not Found")


@table.on("GET", "/tracks/{track_urn}/comments", query=LISTING)
@table.on("GET", "/tracks/{track_urn}/related", query=LISTING)
@table.on("GET", "/tracks/{track_urn}/favoriters", query=LISTING)
@table.on("GET", "/tracks/{track_urn}/reposters", query=LISTING)
def about_a_track(call: Call) -> Any:
    """Those who like it are known; nobody comments or reposts here."""
    track = track_at(call)
    fans = [one for one in call.service.accounts.values() if track in one.saved["track"]]
    if call.path.endswith("/favoriters"):
        return listing(call, fans, lambda one: shapes.user(call, one), paged=True)
    return listing(call, [], dict, paged=True if not call.path.endswith("/related") else None)


@table.on("GET", "/playlists/{playlist_urn}/reposters", query=LISTING)
def about_a_set(call: Call) -> Any:
    set_at(call)
    return nobody(call)


def albums_of(call: Call, someone: Artist | Account) -> list[Any]:
    """The sets a user has made that everybody may see."""
    if isinstance(someone, Artist):
        return [one for one in someone.albums if one.visible(NAME, call.now)]
    return [
        one for one in someone.followed["playlist"] if one.owner is someone and one.public and not one.deleted
    ]


@table.on("GET", "/users/{user_urn}/playlists", query=LISTING)
def sets_of_user(call: Call) -> Any:
    with_tracks = call.query.get("show_tracks", "true") == "true"
    return listing(call, albums_of(call, user_at(call)), lambda one: shown_set(call, one, tracks=with_tracks))


@table.on("GET", "/users/{user_urn}/tracks", query=LISTING)
def tracks_of_user(call: Call) -> Any:
    someone = user_at(call)
    tracks = (
        [one for album in albums_of(call, someone) for one in album.tracks]
        if isinstance(someone, Artist)
        else []
    )
    return listing(call, audible(call, tracks), lambda one: shapes.track(call, one))


@table.on("GET", "/users/{user_urn}/likes/tracks", query=LISTING)
@table.on("GET", "/users/{user_urn}/favorites", query=LISTING)
def likes_of_user(call: Call) -> Any:
    someone = user_at(call)
    held = [*someone.saved["track"]][::-1] if isinstance(someone, Account) else []
    return listing(call, audible(call, held), lambda one: shapes.track(call, one))


@table.on("GET", "/users/{user_urn}/likes/playlists", query=LISTING)
def liked_sets_of_user(call: Call) -> Any:
    someone = user_at(call)
    held = sets_liked_by(someone) if isinstance(someone, Account) else []
    return listing(call, held, lambda one: shown_set(call, one))


@table.on("GET", "/users/{user_urn}/followings", query=LISTING)
def followings_of_user(call: Call) -> Any:
    someone = user_at(call)
    held = shapes.followings(someone) if isinstance(someone, Account) else []
    return listing(call, held, lambda one: shapes.user(call, one), paged=True)


@table.on("GET", "/users/{user_urn}/followers", query=LISTING)
@table.on("GET", "/users/{user_urn}/related", query=LISTING)
def followers_of_user(call: Call) -> Any:
    someone = user_at(call)
    fans = [one for one in call.service.accounts.values() if someone in shapes.followings(one)]
    held = fans if call.path.endswith("/followers") else []
    return listing(call, held, lambda one: shapes.user(call, one), paged=True)


@table.on("GET", "/users/{user_urn}/followings/{following_urn}")
def one_following_of_user(call: Call) -> Any:
    someone, other = user_at(call), user_at(call, "following_urn")
    if not isinstance(someone, Account) or other not in shapes.followings(someone):
        raise refuse(404, "404 - Not Found")
    return shapes.user(call, other)


@table.on("GET", "/users/{user_urn}/reposts/tracks", query=LISTING)
@table.on("GET", "/users/{user_urn}/reposts/playlists", query=LISTING)
def reposts_of_user(call: Call) -> Any:
    user_at(call)
    return nothing(call)


@table.on("GET", "/users/{user_urn}/web-profiles", query=LISTING)
def profiles_of_user(call: Call) -> Reply:
    user_at(call)
    return as_json([])


def not_played(call: Call) -> Reply:
    """In a status that the specification has for this call."""
    if call.path.endswith("/comments"):
        return error(422, "The sandbox does not play this")
    return error(404 if call.method == "DELETE" else 401, "The sandbox does not play this")


for method, path in (
    ("POST", "/tracks"), ("PUT", "/tracks/{track_urn}"), ("DELETE", "/tracks/{track_urn}"),
    ("PUT", "/tracks/{track_urn}/storefront"), ("POST", "/tracks/{track_urn}/comments"),
    ("POST", "/reposts/tracks/{track_urn}"), ("DELETE", "/reposts/tracks/{track_urn}"),
    ("POST", "/reposts/playlists/{playlist_urn}"), ("DELETE", "/reposts/playlists/{playlist_urn}"),
):  # fmt: skip
    table.on(method, path, body="json", user=True)(not_played)
