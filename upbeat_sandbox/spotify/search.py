"""api.spotify.com: `GET /v1/search` with its field filters and its way with UPCs."""

import re
from collections.abc import Callable
from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track, folded, matches
from upbeat_sandbox.people import Playlist
from upbeat_sandbox.spotify import shapes
from upbeat_sandbox.spotify.answers import page, refuse, window
from upbeat_sandbox.spotify.table import table

TYPES = ("album", "artist", "playlist", "track", "show", "episode", "audiobook")
FILTER = re.compile(
    r'\b(upc|isrc|artist|album|track|year|genre|tag):\s*("[^"]*"|(?:(?!\b\w+:)\S+\s*)*)', re.IGNORECASE
)


def parsed(q: str) -> tuple[str, dict[str, str]]:
    """The free words and the field filters of a query; a filter's value runs to the next filter, or to the quote."""
    filters: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        filters[match[1].lower()] = match[2].strip().strip('"')
        return " "

    return FILTER.sub(take, q).strip(), filters


@table.on("GET", "/v1/search", query="q type market limit offset include_external")
def search(call: Call) -> Any:
    """One page per wanted type. Limit 5 unless told, 10 at most: more is refused since 2026."""
    q = call.query.get("q", "").strip()
    if not q:
        raise refuse(400, "No search query")
    kinds = [kind.strip() for kind in call.query.get("type", "").split(",") if kind.strip()]
    if not kinds:
        raise refuse(400, "Missing parameter type")
    for kind in kinds:
        if kind not in TYPES:
            raise refuse(400, f"Bad search type field {kind}")
    if call.query.get("include_external", "audio") != "audio":
        raise refuse(400, "Invalid include_external")
    wanted = window(call, 5, 10, 1000)
    words, filters = parsed(q)
    answer = {}
    for kind in dict.fromkeys(kinds):
        items, show = FINDERS.get(kind, nothing)(call, words, filters)
        answer[f"{kind}s"] = page(call, items, wanted, show, "/v1/search", query=q, type=kind)
    return answer


Found = tuple[list[Any], Callable[[Any], Any]]


def nothing(call: Call, words: str, filters: dict[str, str]) -> Found:
    return [], lambda item: item


def albums(call: Call, words: str, filters: dict[str, str]) -> Found:
    """`upc:` wants the digits in the form this release is filed under; `isrc:` and `track:` find no albums."""
    pool = call.world.catalogue.shown_albums("spotify", call.now)
    if filters.keys() & {"isrc", "track"}:
        pool = []
    if "upc" in filters:
        filed = call.world.catalogue.album_by_upc(filters["upc"])
        pool = [album for album in pool if album is filed and album.spotify_upc == filters["upc"]]
    pool = [
        album
        for album in pool
        if fits_album(call, album, filters) and matches(words, album.title, names(album.artists))
    ]
    return ranked(pool, words, lambda album: album.title), lambda album: shapes.simple_album(call, album)


def tracks(call: Call, words: str, filters: dict[str, str]) -> Found:
    """`isrc:` finds every visible recording with the code; `upc:` finds no tracks."""
    pool = [
        track for album in call.world.catalogue.shown_albums("spotify", call.now) for track in album.tracks
    ]
    if "upc" in filters:
        pool = []
    if "isrc" in filters:
        code = filters["isrc"].replace("-", "").upper()
        pool = [track for track in pool if track.isrc == code]
    pool = [track for track in pool if fits_track(call, track, filters)]
    pool = [track for track in pool if matches(words, track.title, names(track.artists), track.album.title)]
    return ranked(pool, words, lambda track: track.title), lambda track: shapes.track(call, track)


def artists(call: Call, words: str, filters: dict[str, str]) -> Found:
    pool = [] if filters.keys() - {"artist", "genre"} else call.world.catalogue.artists
    wanted = f"{words} {filters.get('artist', '')}"
    pool = [
        one for one in pool if matches(wanted, one.name) and matches(filters.get("genre", ""), *one.genres)
    ]
    return ranked(pool, wanted, lambda one: one.name), lambda one: shapes.artist(call, one)


def playlists(call: Call, words: str, filters: dict[str, str]) -> Found:
    pool: list[Playlist] = [] if filters else list(call.service.playlists.values())
    pool = [
        one for one in pool if one.public and not one.deleted and matches(words, one.name, one.owner.name)
    ]
    return ranked(pool, words, lambda one: one.name), lambda one: shapes.simple_playlist(call, one)


def fits_album(call: Call, album: Album, filters: dict[str, str]) -> bool:
    return (
        matches(filters.get("album", ""), album.title)
        and matches(filters.get("artist", ""), names(album.artists))
        and in_years(album, filters.get("year"))
        and matches(filters.get("genre", ""), *(genre for artist in album.artists for genre in artist.genres))
        and (filters.get("tag") != "new" or (call.now - album.released_at).days < 14)
    )


def fits_track(call: Call, track: Track, filters: dict[str, str]) -> bool:
    of_album = {name: value for name, value in filters.items() if name in ("album", "year", "genre", "tag")}
    return (
        fits_album(call, track.album, of_album)
        and matches(filters.get("artist", ""), names(track.artists))
        and matches(filters.get("track", ""), track.title)
    )


def in_years(album: Album, wanted: str | None) -> bool:
    """`year:2023` or `year:2020-2024`; something else finds nothing."""
    if wanted is None:
        return True
    span = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", wanted)
    return span is not None and int(span[1]) <= album.release_date.year <= int(span[2] or span[1])


def names(people: list[Artist]) -> str:
    return " ".join(artist.name for artist in people)


def ranked(pool: list[Any], words: str, title: Callable[[Any], str]) -> list[Any]:
    """The very title first, then titles that begin so, then the rest."""
    wanted = folded(words.strip())
    return sorted(
        pool, key=lambda one: (folded(title(one)) != wanted, not folded(title(one)).startswith(wanted))
    )


FINDERS: dict[str, Callable[[Call, str, dict[str, str]], Found]] = {
    "album": albums,
    "track": tracks,
    "artist": artists,
    "playlist": playlists,
}
