"""Looking things up on Apple Music, with the developer token alone. A catalogue is a country's: a storefront."""

from typing import Any
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.identifiers import Upc
from upbeat.core.outcome import Outcome
from upbeat.providers.apple_music import shapes
from upbeat.providers.apple_music.api import Api
from upbeat.providers.apple_music.shapes import TYPES
from upbeat.providers.base import Entity, Found, Kind
from upbeat.providers.fields import at, dicts, text

# An id is mostly the same in all of them; what is not sold in the first may be in another.
_STOREFRONTS = ("us", "gb", "de", "jp")
_WITH = {"include": "artists,tracks"}
_MOST_PAGES = 40


async def look_up(api: Api, *, upc: str, isrc: str) -> Found | Outcome | None:
    """The release with this code. A UPC is asked for in 12, 13 and 14 digits at once: Apple keeps some padded."""
    if upc:
        codes = Upc(upc.lstrip("0").zfill(12)).variants
        return await _by_code(api, Kind.ALBUM, {"filter[upc]": ",".join(codes)})
    if isrc:
        return await _by_code(api, Kind.TRACK, {"filter[isrc]": isrc})
    return None


async def _by_code(api: Api, kind: Kind, query: dict[str, str]) -> Found | Outcome | None:
    for storefront in _STOREFRONTS:
        page = await api.look(f"/v1/catalog/{storefront}/{TYPES[kind]}", query)
        if isinstance(page, Outcome) and page.reason != NOT_FOUND_YET:
            return page
        found = "" if isinstance(page, Outcome) else text(shapes.only(page), "id")
        if found:
            return await _release(api, kind, found, storefront)
    return None


async def release(api: Api, kind: Kind, id: str) -> Found | Outcome | None:
    """An album with all its tracks, or a song."""
    for storefront in _STOREFRONTS:
        found = await _release(api, kind, id, storefront)
        if found is not None:
            return found
    return None


async def is_shown(api: Api, release: Found, storefront: str) -> bool | Outcome:
    """Whether one country's catalogue has it."""
    page = await api.look(f"/v1/catalog/{storefront}/{TYPES[release.kind]}/{quote(release.id, safe='')}")
    if isinstance(page, Outcome):
        return False if page.reason == NOT_FOUND_YET else page
    return bool(shapes.only(page))


async def _release(api: Api, kind: Kind, id: str, storefront: str) -> Found | Outcome | None:
    wanted = _WITH if kind is Kind.ALBUM else {"include": "artists"}
    page = await api.look(f"/v1/catalog/{storefront}/{TYPES[kind]}/{quote(id, safe='')}", wanted)
    if isinstance(page, Outcome):
        return None if page.reason == NOT_FOUND_YET else page
    data = shapes.only(page)
    if not text(data, "id") or not text(data, "attributes", "name"):
        return None
    if kind is not Kind.ALBUM:
        return shapes.release(kind, data, (text(data, "id"),))
    tracks = await _all_tracks(api, data, storefront)
    return tracks if isinstance(tracks, Outcome) else shapes.release(kind, data, tracks)


async def _all_tracks(api: Api, album: Any, storefront: str) -> tuple[str, ...] | Outcome:
    """The tracks that came with the album, and the pages after them."""
    page = at(album, "relationships", "tracks")
    tracks, path = shapes.songs(page), f"/v1/catalog/{storefront}/albums/{text(album, 'id')}/tracks"
    for _ in range(_MOST_PAGES):
        offset = shapes.next_offset(page)
        if not offset:
            break
        page = await api.look(path, {"offset": offset})
        if isinstance(page, Outcome):
            return tracks if page.status == 404 else page
        tracks += shapes.songs(page)
    return tracks


async def entity(api: Api, kind: Kind, id: str) -> Entity | Outcome | None:
    if kind not in TYPES:
        return None
    page = await api.look(f"/v1/catalog/{_STOREFRONTS[0]}/{TYPES[kind]}/{quote(id, safe='')}")
    if isinstance(page, Outcome):
        return None if page.reason == NOT_FOUND_YET else page
    data = shapes.only(page)
    return shapes.entity(kind, data) if data else None


async def search(api: Api, kind: Kind, words: str) -> list[Entity] | Outcome:
    """Profiles cannot be searched for."""
    if kind not in TYPES or not words.strip():
        return []
    query = {"term": words.strip()[:200], "types": TYPES[kind], "limit": "10"}
    page = await api.look(f"/v1/catalog/{_STOREFRONTS[0]}/search", query)
    if isinstance(page, Outcome):
        return page
    found = dicts(page, "results", TYPES[kind], "data")
    return [shapes.entity(kind, one) for one in found if text(one, "id")]
