"""api.music.apple.com: the catalogue of a storefront, by id, by code and by words. The developer token suffices."""

import re
from collections.abc import Callable
from typing import Any

from upbeat_sandbox.apple_music import shelves
from upbeat_sandbox.apple_music.answers import bad, listed, not_found, number, page, refuse, related
from upbeat_sandbox.apple_music.gate import check_user
from upbeat_sandbox.apple_music.shapes import KINDS, NAME, bare, href, id_of, plain, whole
from upbeat_sandbox.apple_music.table import table
from upbeat_sandbox.call import Call
from upbeat_sandbox.catalogue import Album, Artist, Track, matches

COMMON = "l extend include relate views"
UPC, ISRC = re.compile(r"\d{12,14}"), re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
MOST_CODES, MOST_IDS = 25, 300


def sold(call: Call) -> bool:
    """Whether this storefront has a catalogue; a 404 where there is no such storefront."""
    storefront = call.path_values["storefront"]
    if not re.fullmatch(r"[a-z]{2}", storefront):
        raise not_found("No storefront was found")
    return storefront not in call.service.switches["unsold_in"]


def item(call: Call, word: str, item_id: str) -> Any:
    """What has this id here and is shown; None else."""
    kind = KINDS.get(word)
    if kind is None or not sold(call):
        return None
    return call.world.catalogue.find(NAME, kind, item_id, call.now)


def word_of(call: Call) -> str:
    """albums, songs or artists: /v1/catalog/us/albums/…"""
    return call.path.split("/")[4]


def shown(call: Call, one: Any) -> dict[str, Any]:
    """A resource with all that was asked for; `library` too, where the fan's own token came along."""
    found = whole(call, one)
    asked = f"{call.query.get('include', '')},{call.query.get('relate', '')}".split(",")
    if "library" in asked and "music-user-token" in call.headers:
        check_user(call)
        held = shelves.in_library(call, one)
        found["relationships"]["library"] = related(f"{href(call, one)}/library", held)
    return found


def by_codes(call: Call, name: str, pattern: re.Pattern[str], find: Callable[[str], list[Any]]) -> Any:
    codes = listed(call, name)
    if len(codes) > MOST_CODES or not all(pattern.fullmatch(code) for code in codes):
        raise bad(name, f"Value must be at most {MOST_CODES} codes")
    found = {code: find(code) if sold(call) else [] for code in codes}
    items = list(dict.fromkeys(one for some in found.values() for one in some))
    field = name[len("filter[") : -1]
    return {
        "data": [shown(call, one) for one in items],
        "meta": {"filters": {field: {c: [bare(call, one) for one in some] for c, some in found.items()}}},
    }


def several(call: Call, word: str) -> Any:
    """By ids; those that are not there are left out."""
    wanted = listed(call, "ids") or listed(call, "filter[equivalents]")
    if not wanted:
        raise refuse(400, "40001", "No ids supplied on the request", title="Invalid Request")
    if len(wanted) > MOST_IDS:
        raise bad("ids", f"Value must be at most {MOST_IDS} ids")
    found = [item(call, word, one) for one in wanted]
    return {"data": [shown(call, one) for one in found if one is not None]}


@table.on(
    "GET",
    "/v1/catalog/{storefront}/albums",
    query=f"{COMMON} ids restrict filter[upc] filter[equivalents]",
)
def albums(call: Call) -> Any:
    if "filter[upc]" not in call.query:
        return several(call, "albums")
    return by_codes(call, "filter[upc]", UPC, lambda code: _album(call, code))


def _album(call: Call, code: str) -> list[Any]:
    found = call.world.catalogue.album_by_upc(code)
    return [found] if found is not None and found.visible(NAME, call.now) else []


@table.on(
    "GET",
    "/v1/catalog/{storefront}/songs",
    query=f"{COMMON} ids restrict filter[isrc] filter[equivalents]",
)
def songs(call: Call) -> Any:
    if "filter[isrc]" not in call.query:
        return several(call, "songs")
    catalogue = call.world.catalogue
    return by_codes(
        call,
        "filter[isrc]",
        ISRC,
        lambda code: [one for one in catalogue.tracks_by_isrc(code) if one.album.visible(NAME, call.now)],
    )


@table.on("GET", "/v1/catalog/{storefront}/artists", query=f"{COMMON} ids restrict")
def artists(call: Call) -> Any:
    return several(call, "artists")


def one(call: Call) -> Any:
    found = item(call, word_of(call), call.path_values["id"])
    if found is None:
        raise not_found()
    return {"data": [shown(call, found)]}


def relationship(call: Call) -> Any:
    values = call.path_values
    found = item(call, word_of(call), values["id"])
    if found is None:
        raise not_found()
    name = values["relationship"]
    if name == "library":
        check_user(call)
        held = shelves.in_library(call, found)
        if not held:
            raise refuse(404, "40403", "No related resources found for library", title="No related resources")
        return {"data": held}
    return page(call, related_items(call, found, name), lambda one: plain(call, one), usual=100, most=300)


def related_items(call: Call, found: Any, name: str) -> list[Any]:
    known: dict[str, Callable[[], list[Any]]] = {}
    if isinstance(found, Album):
        known = {"artists": lambda: found.artists, "tracks": lambda: found.tracks}
        known |= {"genres": list, "record-labels": list}
    elif isinstance(found, Track):
        known = {"artists": lambda: found.artists, "albums": lambda: [found.album]}
        known |= dict.fromkeys(("composers", "genres", "music-videos", "station"), list)
    elif isinstance(found, Artist):
        known = {"albums": lambda: [one for one in found.albums if one.visible(NAME, call.now)]}
        known |= dict.fromkeys(("genres", "music-videos", "playlists", "station"), list)
    if name not in known:
        raise bad("relationship", f"No relationship found matching '{name}'")
    return known[name]()


def view(call: Call) -> Any:
    """Nothing is put together by hand here: the artist's own albums and singles, else an empty view."""
    found = item(call, word_of(call), call.path_values["id"])
    if found is None:
        raise not_found()
    wanted = {"full-albums": "album", "singles": "single"}.get(call.path_values["view"], "")
    mine = found.albums if isinstance(found, Artist) else []
    items = [one for one in mine if one.kind == wanted and one.visible(NAME, call.now)]
    title = call.path_values["view"].replace("-", " ").title()
    return {"attributes": {"title": title}, "href": call.path} | page(
        call, items, lambda one: plain(call, one)
    )


for _word in KINDS:
    _path, _paging = f"/v1/catalog/{{storefront}}/{_word}/{{id}}", "l extend include limit offset"
    table.on("GET", _path, query=COMMON)(one)
    table.on("GET", f"{_path}/{{relationship}}", query=_paging)(relationship)
    if _word != "songs":
        table.on("GET", f"{_path}/view/{{view}}", query=f"{_paging} with")(view)


@table.on("GET", "/v1/catalog/{storefront}/search", query="l term types limit offset with include extend")
def search(call: Call) -> Any:
    term = call.query.get("term", "").strip()
    if not term:
        raise refuse(400, "40005", "Missing required parameter", parameter="term")
    limit, offset = number(call, "limit", 5, 25), number(call, "offset", 0, 10**6)
    types = listed(call, "types") or ["albums", "artists", "songs"]
    results = {}
    for word in types:
        found = [one for one in _all(call, word) if matches(term, *_words(one))] if sold(call) else []
        some = found[offset : offset + limit]
        if some:
            path = f"{call.path}?term={term}&types={word}"
            more = {"next": f"{path}&offset={offset + limit}"} if offset + limit < len(found) else {}
            results[word] = {"href": path, **more, "data": [plain(call, one) for one in some]}
    return {"results": results, "meta": {"results": {"order": list(results), "rawOrder": list(results)}}}


def _all(call: Call, word: str) -> list[Any]:
    catalogue = call.world.catalogue
    if word == "artists":
        return list(catalogue.artists)
    albums = catalogue.shown_albums(NAME, call.now)
    if word == "albums":
        return list(albums)
    return [track for album in albums for track in album.tracks] if word == "songs" else []


def _words(one: Any) -> list[str]:
    if isinstance(one, Artist):
        return [one.name]
    return [one.title, *(artist.name for artist in one.artists), id_of(one)]
