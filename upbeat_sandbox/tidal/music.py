"""openapi.tidal.com: the catalogue, by id, by code and by words, and how it hangs together."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from upbeat_sandbox.call import Call, Reply
from upbeat_sandbox.tidal.documents import document, here, page, refuse, values
from upbeat_sandbox.tidal.include import Compound, asked, identified
from upbeat_sandbox.tidal.relations import ONE, RELATIONS
from upbeat_sandbox.tidal.resources import Thing, album_of, artist_of, handle, track_of
from upbeat_sandbox.tidal.standing import STANDING
from upbeat_sandbox.tidal.table import table

COMMON = "countryCode include replaceMedia"
SHARED = f"{COMMON} shareCode"
SEARCHED = f"{COMMON} explicitFilter deviceType systemType clientVersion"


def one(call: Call, thing: Thing) -> Reply:
    """A document of one resource."""
    compound, tree = Compound(call), asked(call, {thing.type})
    shown = compound.shown(thing, tree)
    return document({"data": shown, "links": {"self": here(call)}} | beside(compound, tree))


def many(call: Call, type_name: str, things: list[Thing]) -> Reply:
    """A page of a list of resources."""
    compound, tree = Compound(call), asked(call, {type_name})
    window, links = page(call, things)
    shown = [compound.shown(thing, tree) for thing in window]
    return document({"data": shown, "links": links} | beside(compound, tree))


def related(call: Call, thing: Thing, name: str, links: list[Any] | None = None) -> Reply:
    """A relationship's own document: a page of identifiers, the resources only where they are asked for."""
    compound, tree = Compound(call), asked(call, {thing.type}, only=name)
    found = RELATIONS[thing.type][name](call, thing) if links is None else links
    window, said = page(call, found)
    if tree:
        for other, _ in window:
            compound.include(other, tree[name])
    data: Any = [identified(link) for link in window]
    if name in ONE:
        data = data[0] if data else None
    return document({"data": data, "links": said} | beside(compound, tree))


def beside(compound: Compound, tree: dict[str, Any]) -> dict[str, Any]:
    return {"included": compound.included} if tree else {}


def found(call: Call, type_name: str, item_id: str) -> Thing:
    """The resource with this id; 404 if nothing visible has it."""
    thing = STANDING[type_name](call, item_id)
    if thing is None:
        raise refuse(404)
    return thing


def chosen(call: Call, *filters: str) -> str:
    """The one filter that was used; 400 where there is none or more than one."""
    used = [name for name in filters if name in call.query]
    if len(used) != 1:
        raise refuse(
            400, f"Exactly one filter is needed. Available: {', '.join(filters)}", parameter="filter"
        )
    if not values(call, used[0]):
        raise refuse(400, "The filter is empty", parameter=used[0])
    return used[0]


def by_ids(call: Call, type_name: str) -> list[Thing]:
    made = (STANDING[type_name](call, one) for one in values(call, "filter[id]"))
    return [thing for thing in made if thing is not None]


@table.on(
    "GET",
    "/v2/albums",
    query=f"{SHARED} sort page[cursor] filter[barcodeId] filter[id] filter[owners.id]",
)
def albums(call: Call) -> Any:
    """By bar code: one album for each code, and the code must be written as the catalogue has it."""
    used = chosen(call, "filter[barcodeId]", "filter[id]", "filter[owners.id]")
    if used == "filter[owners.id]":
        return many(call, "albums", [])
    if used == "filter[id]":
        return many(call, "albums", by_ids(call, "albums"))
    codes = [code for code in dict.fromkeys(values(call, used)) if code.isascii() and code.isdigit()]
    known = [(code, call.world.catalogue.album_by_upc(code)) for code in codes]
    shown = [
        album_of(album)
        for code, album in known
        if album and album.visible("tidal", call.now) and (album.spotify_upc or album.upc) == code
    ]
    return many(call, "albums", shown)


@table.on(
    "GET",
    "/v2/tracks",
    query=f"{SHARED} sort page[cursor] filter[isrc] filter[id] filter[owners.id]",
)
def tracks(call: Call) -> Any:
    """By ISRC: all tracks of one code, or one for each of several."""
    used = chosen(call, "filter[isrc]", "filter[id]", "filter[owners.id]")
    if used == "filter[owners.id]":
        return many(call, "tracks", [])
    if used == "filter[id]":
        return many(call, "tracks", by_ids(call, "tracks"))
    codes = values(call, used)
    by_code = [
        [
            track
            for track in call.world.catalogue.tracks_by_isrc(code)
            if track.album.visible("tidal", call.now)
        ]
        for code in codes
    ]
    most = None if len(codes) == 1 else 1
    return many(call, "tracks", [track_of(track) for found in by_code for track in found[:most]])


@table.on("GET", "/v2/artists", query=f"{COMMON} filter[handle] filter[id] filter[owners.id]")
def artists(call: Call) -> Any:
    used = chosen(call, "filter[handle]", "filter[id]", "filter[owners.id]")
    if used == "filter[owners.id]":
        return many(call, "artists", [])
    if used == "filter[id]":
        return many(call, "artists", by_ids(call, "artists"))
    wanted = values(call, used)
    known = [artist for artist in call.world.catalogue.artists if handle(artist) in wanted]
    return many(call, "artists", [artist_of(artist) for artist in known])


@table.on("GET", "/v2/artworks", query="countryCode include filter[id]")
def artworks(call: Call) -> Any:
    chosen(call, "filter[id]")
    return many(call, "artworks", by_ids(call, "artworks"))


def search_of(call: Call, query: str) -> Thing:
    """What was searched for stands in the id: nothing else is kept of a search."""
    made = base64.urlsafe_b64encode(query.encode()).rstrip(b"=").decode()
    return Thing("searchResults", made, query)


@table.on("GET", "/v2/searchResults", query=f"{SEARCHED} filter[query]")
def search(call: Call) -> Any:
    """400 without words: the only filter, and required."""
    query = call.query.get("filter[query]", "").strip()
    if not query:
        raise refuse(400, "filter[query] is required", parameter="filter[query]")
    check_search(call)
    return many(call, "searchResults", [search_of(call, query)])


def check_search(call: Call) -> None:
    if call.query.get("explicitFilter", "INCLUDE") not in ("INCLUDE", "EXCLUDE"):
        raise refuse(400, "explicitFilter is INCLUDE or EXCLUDE", parameter="explicitFilter")


def searched(call: Call, item_id: str) -> Thing:
    try:
        words = base64.urlsafe_b64decode(item_id + "=" * (-len(item_id) % 4)).decode()
    except (binascii.Error, ValueError):
        raise refuse(404) from None
    return search_of(call, words)


def _one(type_name: str) -> Callable[[Call], Reply]:
    return lambda call: one(call, found(call, type_name, call.path_values["id"]))


def _related(type_name: str, name: str) -> Callable[[Call], Reply]:
    return lambda call: related(call, found(call, type_name, call.path_values["id"]), name)


def _artist_tracks(call: Call) -> Reply:
    """The one list that insists on a parameter."""
    if call.query.get("collapseBy") not in ("FINGERPRINT", "NONE"):
        raise refuse(400, "collapseBy is FINGERPRINT or NONE", parameter="collapseBy")
    return related(call, found(call, "artists", call.path_values["id"]), "tracks")


def _search_related(name: str) -> Callable[[Call], Reply]:
    return lambda call: related(call, searched(call, call.path_values["id"]), name)


for kind in ("albums", "tracks", "artists", "artworks"):
    table.on("GET", f"/v2/{kind}/{{id}}", query=SHARED)(_one(kind))
    for relation in RELATIONS[kind]:
        where = f"/v2/{kind}/{{id}}/relationships/{relation}"
        if (kind, relation) == ("artists", "tracks"):
            table.on("GET", where, query=f"{COMMON} page[cursor] collapseBy")(_artist_tracks)
        else:
            table.on("GET", where, query=f"{SHARED} page[cursor]")(_related(kind, relation))
for relation in RELATIONS["searchResults"]:
    where = f"/v2/searchResults/{{id}}/relationships/{relation}"
    table.on("GET", where, query=f"{SEARCHED} page[cursor]")(_search_related(relation))
