"""api.soundcloud.com: tracks, sets and people; what a link of the site leads to; searching."""

import re
from typing import Any
from urllib.parse import urlsplit

from upbeat_sandbox.call import Call, Reply, as_json
from upbeat_sandbox.catalogue import Album, Artist, Track, matches
from upbeat_sandbox.people import Account, Playlist
from upbeat_sandbox.soundcloud import shapes
from upbeat_sandbox.soundcloud.answers import api, listing, refuse, truth
from upbeat_sandbox.soundcloud.permalinks import NAME, thing_at, urn
from upbeat_sandbox.soundcloud.table import table

ACCESS = {"playable", "preview", "blocked"}
MISSING = "404 - Not Found"
SITES = ("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com", "on.soundcloud.com")


def named(call: Call, name: str, collection: str) -> str:
    """The URN in the path; a bare number is an older form of it, and noted."""
    given = call.path_values[name]
    if re.fullmatch(r"[0-9]{1,19}", given):
        call.note("a number where a URN belongs; numbers are deprecated")
        return f"soundcloud:{collection}:{given}"
    return given


def track_at(call: Call) -> Track:
    item = call.world.catalogue.find(NAME, "track", named(call, "track_urn", "tracks"), call.now)
    if not isinstance(item, Track):
        raise refuse(404, MISSING)
    return item


def set_at(call: Call) -> Album | Playlist:
    """A release that is out, or a playlist this caller may see."""
    wanted = named(call, "playlist_urn", "playlists")
    item = call.world.catalogue.find(NAME, "album", wanted, call.now)
    if isinstance(item, Album):
        return item
    playlist = call.service.playlists.get(wanted)
    if playlist is None or playlist.deleted or not readable(call, playlist):
        raise refuse(404, MISSING)
    return playlist


def readable(call: Call, playlist: Playlist) -> bool:
    return playlist.public or (call.token is not None and playlist.owner is call.token.account)


def user_at(call: Call, name: str = "user_urn") -> Artist | Account:
    wanted = named(call, name, "users")
    artist = call.world.catalogue.find(NAME, "artist", wanted, call.now)
    someone = artist if isinstance(artist, Artist) else call.service.accounts.get(wanted)
    if someone is None:
        raise refuse(404, MISSING)
    return someone


def audible(call: Call, tracks: list[Track], usual: str = "playable,preview") -> list[Track]:
    """The tracks that a list shows: those with an access that is asked for. Hidden ones are in none."""
    wanted = set(call.query.get("access", usual).split(","))
    if not wanted <= ACCESS:
        raise refuse(400, "access is playable, preview, blocked, or several of them")
    hidden = call.service.switches["hidden"]
    return [one for one in tracks if shapes.access(call, one) in wanted and one.isrc not in hidden]


def tracks_of(one: Album | Playlist) -> list[Track]:
    return one.tracks if isinstance(one, Album) else [entry.track for entry in one.entries]


def shown_set(call: Call, one: Album | Playlist, *, tracks: bool = True) -> dict[str, Any]:
    held = audible(call, tracks_of(one)) if tracks else None
    return shapes.release(call, one, held) if isinstance(one, Album) else shapes.playlist(call, one, held)


@table.on("GET", "/tracks/{track_urn}", query="secret_token")
def one_track(call: Call) -> Any:
    return shapes.track(call, track_at(call))


@table.on("GET", "/playlists/{playlist_urn}", query="secret_token access show_tracks")
def one_set(call: Call) -> Any:
    return shown_set(call, set_at(call), tracks=truth(call, "show_tracks", default=True))


@table.on("GET", "/playlists/{playlist_urn}/tracks", query="secret_token access linked_partitioning cursor")
def tracks_of_set(call: Call) -> Any:
    return listing(call, audible(call, tracks_of(set_at(call))), lambda one: shapes.track(call, one))


@table.on("GET", "/users/{user_urn}")
def one_user(call: Call) -> Any:
    return shapes.user(call, user_at(call))


@table.on("GET", "/resolve", query="url")
def resolve(call: Call) -> Reply:
    """302 to the thing's own address here; 404 for what is not there, not out yet or private."""
    parts = urlsplit(call.query.get("url", ""))
    item = thing_at(call.world, parts.path) if parts.hostname in SITES else None
    location = api(call, f"/{urn(item).split(':')[1]}/{urn(item)}") if shown(call, item) else ""
    if not location:
        raise refuse(404, MISSING)
    reply = as_json({"status": "302 - Found", "location": location}, 302)
    reply.headers["Location"] = location
    return reply


def shown(call: Call, item: Any) -> bool:
    if isinstance(item, Album | Track):
        album = item if isinstance(item, Album) else item.album
        return album.visible(NAME, call.now)
    return item is not None and (
        not isinstance(item, Playlist) or (readable(call, item) and not item.deleted)
    )


@table.on(
    "GET", "/tracks",
    query="q urns ids genres tags bpm[from] bpm[to] duration[from] duration[to] created_at[from] created_at[to] "
    "access limit offset linked_partitioning cursor",
)  # fmt: skip
def search_tracks(call: Call) -> Any:
    albums = call.world.catalogue.shown_albums(NAME, call.now)
    every = [track for album in albums for track in album.tracks]
    found = [
        one for one in every
        if matches(call.query.get("q", ""), one.title, *(artist.name for artist in one.artists))
    ]  # fmt: skip
    return listing(call, audible(call, by_urn(call, found)), lambda one: shapes.track(call, one))


@table.on("GET", "/playlists", query="q access show_tracks limit offset linked_partitioning cursor")
def search_sets(call: Call) -> Any:
    albums = call.world.catalogue.shown_albums(NAME, call.now)
    public = [one for one in call.service.playlists.values() if one.public and not one.deleted]
    words = call.query.get("q", "")
    found: list[Album | Playlist] = [
        one for one in albums if matches(words, one.title, *(artist.name for artist in one.artists))
    ]
    found += [one for one in public if matches(words, one.name, one.owner.name)]
    with_tracks = truth(call, "show_tracks", default=True)
    return listing(call, found, lambda one: shown_set(call, one, tracks=with_tracks))


@table.on("GET", "/users", query="q urns ids limit offset linked_partitioning cursor")
def search_users(call: Call) -> Any:
    """An account of an artist's name is that artist's, and is not shown beside."""
    words, artists = call.query.get("q", ""), call.world.catalogue.artists
    named = {one.name for one in artists}
    people: list[Artist | Account] = [
        *artists,
        *(one for one in call.service.accounts.values() if one.name not in named),
    ]
    found = [one for one in people if matches(words, one.name)]
    return listing(call, by_urn(call, found), lambda one: shapes.user(call, one), paged=True)


def by_urn(call: Call, items: list[Any]) -> list[Any]:
    """Those named in `urns` (formerly `ids`), where it is given."""
    wanted = {
        one.strip() for one in call.query.get("urns", call.query.get("ids", "")).split(",") if one.strip()
    }
    return [one for one in items if not wanted or urn(one) in wanted or urn(one).rpartition(":")[2] in wanted]
