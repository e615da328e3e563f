"""Looking things up on TIDAL, with the installation's own token."""

from typing import Any
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.identifiers import Upc
from upbeat.core.outcome import Outcome
from upbeat.providers.base import Entity, Found, Kind
from upbeat.providers.fields import text
from upbeat.providers.tidal import shapes
from upbeat.providers.tidal.api import Api, next_cursor

# What is not sold in a country is not found there.
_COUNTRIES = ("US", "DE")
_INCLUDED = {
    Kind.ALBUM: "artists,items,coverArt",
    Kind.TRACK: "artists,albums.coverArt",
    Kind.ARTIST: "profileArt",
    Kind.PLAYLIST: "coverArt",
}
_MOST_PAGES = 50
_MOST_FOUND = 10


async def look_up(api: Api, *, upc: str, isrc: str) -> Found | Outcome | None:
    """The release with this code. A UPC is asked for in all its forms at once: some albums have 14 digits."""
    if upc:
        codes = Upc(upc.lstrip("0").zfill(12)).variants
        return await _first_found(api, Kind.ALBUM, "filter[barcodeId]", codes)
    return await _first_found(api, Kind.TRACK, "filter[isrc]", (isrc,)) if isrc else None


async def _first_found(api: Api, kind: Kind, code: str, values: tuple[str, ...]) -> Found | Outcome | None:
    for country in _COUNTRIES:
        query = {code: list(values), "countryCode": country, "include": _INCLUDED[kind]}
        page = await api.look(f"/{kind}s", query)
        if isinstance(page, Outcome):
            if page.reason == NOT_FOUND_YET:
                continue
            return page
        for data in shapes.resources(page):
            if text(data, "id"):
                return await _whole(api, kind, page, data, country)
    return None


async def release(api: Api, kind: Kind, id: str) -> Found | Outcome | None:
    """An album with all its tracks, or a track."""
    for country in _COUNTRIES:
        page = await _object(api, kind, id, country)
        if page is None:
            continue
        return page if isinstance(page, Outcome) else await _whole(api, kind, page, _only(page), country)
    return None


async def entity(api: Api, kind: Kind, id: str) -> Entity | Outcome | None:
    """Name and picture. Profiles of people are not told to others."""
    if kind not in _INCLUDED:
        return None
    page = await _object(api, kind, id, _COUNTRIES[0])
    return page if page is None or isinstance(page, Outcome) else shapes.entity(kind, page, _only(page))


async def search(api: Api, kind: Kind, words: str) -> list[Entity] | Outcome:
    """Up to ten. There is no searching for profiles."""
    if kind not in _INCLUDED or not words.strip():
        return []
    query = {
        "filter[query]": words.strip()[:200],
        "countryCode": _COUNTRIES[0],
        "include": ",".join(f"{kind}s.{path}" for path in _INCLUDED[kind].split(",") if "Art" in path),
    }
    page = await api.look("/searchResults", query)
    if isinstance(page, Outcome):
        return page
    found = [one for result in shapes.resources(page) for one in shapes.related(page, result, f"{kind}s")]
    return [shapes.entity(kind, page, one) for one in found[:_MOST_FOUND]]


async def _object(api: Api, kind: Kind, id: str, country: str) -> Any | Outcome | None:
    """The document of one resource; None where there is none."""
    query = {"countryCode": country, "include": _INCLUDED[kind]}
    page = await api.look(f"/{kind}s/{quote(id, safe='')}", query)
    if isinstance(page, Outcome):
        return None if page.reason == NOT_FOUND_YET else page
    return page if text(_only(page), "id") else None


def _only(page: Any) -> dict[str, Any]:
    return next(iter(shapes.resources(page)), {})


async def _whole(api: Api, kind: Kind, page: Any, data: dict[str, Any], country: str) -> Found | Outcome:
    """With all tracks: an album brings only its first ones along."""
    if kind is not Kind.ALBUM:
        return shapes.release(kind, page, data, (text(data, "id"),))
    tracks, cursor = shapes.first_tracks(data), next_cursor(_items(data))
    if cursor:
        path = f"/albums/{quote(text(data, 'id'), safe='')}/relationships/items"
        query = {"countryCode": country, "page[cursor]": cursor}
        async for more in api.pages(path, None, query, _MOST_PAGES):
            if isinstance(more, Outcome):
                return more
            tracks += shapes.track_ids(more)
    return shapes.release(kind, page, data, tracks)


def _items(album: dict[str, Any]) -> Any:
    relationships = album.get("relationships")
    return relationships.get("items") if isinstance(relationships, dict) else None
