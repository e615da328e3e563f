"""api.deezer.com: `/search` and its kinds, with the advanced form `artist:"x" album:"y" track:"z"`."""

import re
from collections.abc import Callable
from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Artist, folded, matches
from upbeat_sandbox.deezer import shapes
from upbeat_sandbox.deezer.answers import listing, refuse
from upbeat_sandbox.deezer.table import table

FILTER = re.compile(
    r'\b(artist|album|track|label|dur_min|dur_max|bpm_min|bpm_max):\s*("[^"]*"|\S+)', re.IGNORECASE
)
ORDERS: dict[str, Callable[[Any], Any]] = {
    "TRACK": lambda track: folded(track.title),
    "ARTIST": lambda track: folded(track.artists[0].name),
    "ALBUM": lambda track: folded(track.album.title),
    "DURATION": lambda track: track.duration_ms,
    "RATING": lambda track: 0,
}
PARAMETERS = "q strict order ordering index limit"


def question(call: Call) -> tuple[str, dict[str, str]]:
    """The free words and the fields; 501 without a `q`."""
    q = call.query.get("q", "").strip()
    if not q:
        raise refuse(501, "Missing parameters: q")
    fields = {name.lower(): value.strip('"') for name, value in FILTER.findall(q)}
    return FILTER.sub(" ", q).strip(), fields


@table.on("GET", "/search", query=PARAMETERS)
@table.on("GET", "/search/track", query=PARAMETERS)
def search_tracks(call: Call) -> Any:
    words, fields = question(call)
    pool = [
        track for album in call.world.catalogue.shown_albums("deezer", call.now) for track in album.tracks
    ]
    pool = [track for track in pool if fits_track(track, words, fields)]
    order, _, direction = call.query.get("order", "RANKING").partition("_")
    if order in ORDERS:
        pool = sorted(pool, key=ORDERS[order], reverse=direction == "DESC")
    elif order != "RANKING":
        raise refuse(500)
    return listing(call, pool, lambda track: shapes.simple_track(call, track))


def fits_track(track: Any, words: str, fields: dict[str, str]) -> bool:
    length = track.duration_ms / 1000
    return (
        matches(words, track.title, names(track.artists), track.album.title)
        and matches(fields.get("track", ""), track.title)
        and matches(fields.get("artist", ""), names(track.artists))
        and matches(fields.get("album", ""), track.album.title)
        and matches(fields.get("label", ""), track.album.label)
        and number(fields, "dur_min", 0) <= length <= number(fields, "dur_max", 10**6)
    )


def number(fields: dict[str, str], name: str, default: int) -> int:
    text = fields.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else default


@table.on("GET", "/search/album", query=PARAMETERS)
def search_albums(call: Call) -> Any:
    words, fields = question(call)
    shown = [
        album
        for album in call.world.catalogue.shown_albums("deezer", call.now)
        if matches(words, album.title, names(album.artists))
        and matches(fields.get("album", ""), album.title)
        and matches(fields.get("artist", ""), names(album.artists))
        and matches(fields.get("label", ""), album.label)
        and "track" not in fields
    ]
    return listing(call, shown, lambda album: shapes.simple_album(call, album))


@table.on("GET", "/search/artist", query=PARAMETERS)
def search_artists(call: Call) -> Any:
    words, fields = question(call)
    wanted = f"{words} {fields.get('artist', '')}"
    shown = [artist for artist in call.world.catalogue.artists if matches(wanted, artist.name)]
    return listing(call, shown, lambda artist: shapes.artist(call, artist))


@table.on("GET", "/search/playlist", query=PARAMETERS)
def search_playlists(call: Call) -> Any:
    words, _ = question(call)
    public = [one for one in call.service.playlists.values() if one.public and not one.deleted]
    shown = [one for one in public if matches(words, one.name, one.owner.name)]
    return listing(call, shown, lambda one: shapes.simple_playlist(call, one))


@table.on("GET", "/search/user", query=PARAMETERS)
def search_users(call: Call) -> Any:
    words, _ = question(call)
    shown = [account for account in call.service.accounts.values() if matches(words, account.name)]
    return listing(call, shown, lambda account: shapes.user(call, account))


def names(people: list[Artist]) -> str:
    return " ".join(artist.name for artist in people)
