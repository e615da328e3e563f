"""Looking things up on Spotify, with the installation's own token."""

from typing import Any
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.identifiers import Upc
from upbeat.core.outcome import Outcome
from upbeat.providers.base import Entity, Found, Kind
from upbeat.providers.fields import at, dicts, text
from upbeat.providers.spotify import shapes
from upbeat.providers.spotify.api import Api

# Without a market the documentation calls everything unavailable; with one, what is not sold there is not found.
_MARKETS = ("US", "")
_MOST_FOUND = "10"
_PAGE = 50


async def look_up(api: Api, *, upc: str, isrc: str) -> Found | Outcome | None:
    """The release with this code. A UPC is asked for as it is, then padded to 13 and 14 digits: each finds some."""
    if upc:
        return await _first_found(api, Kind.ALBUM, "upc", Upc(upc.lstrip("0").zfill(12)).variants)
    if isrc:
        return await _first_found(api, Kind.TRACK, "isrc", (isrc,))
    return None


async def _first_found(api: Api, kind: Kind, field: str, codes: tuple[str, ...]) -> Found | Outcome | None:
    for market in _MARKETS:
        for code in codes:
            query = {"q": f"{field}:{code}", "type": str(kind), "limit": "1"}
            page = await api.look("/search", query | _in(market))
            if isinstance(page, Outcome):
                return page
            for item in dicts(page, f"{kind}s", "items"):
                return await _release(api, kind, text(item, "id"), market)
    return None


async def release(api: Api, kind: Kind, id: str) -> Found | Outcome | None:
    """An album with all its tracks, or a track."""
    for market in _MARKETS:
        found = await _release(api, kind, id, market)
        if found is not None:
            return found
    return None


async def _release(api: Api, kind: Kind, id: str, market: str) -> Found | Outcome | None:
    data = await api.look(f"/{kind}s/{quote(id, safe='')}", _in(market))
    if isinstance(data, Outcome):
        return None if data.reason == NOT_FOUND_YET else data
    if not text(data, "id") or not text(data, "name"):
        return None  # one without a name has been taken down
    if kind is not Kind.ALBUM:
        return shapes.release(kind, data, (text(data, "id"),))
    tracks = await _all_tracks(api, id, at(data, "tracks"), market)
    return tracks if isinstance(tracks, Outcome) else shapes.release(kind, data, tracks)


async def _all_tracks(api: Api, album_id: str, page: Any, market: str) -> tuple[str, ...] | Outcome:
    """The tracks of the album's first page and of those after it."""
    tracks = shapes.track_ids(page)
    while text(page, "next"):
        query = {"limit": str(_PAGE), "offset": str(len(tracks))}
        page = await api.look(f"/albums/{quote(album_id, safe='')}/tracks", query | _in(market))
        if isinstance(page, Outcome):
            return page
        if not shapes.track_ids(page):
            break
        tracks += shapes.track_ids(page)
    return tracks


def _in(market: str) -> dict[str, str]:
    return {"market": market} if market else {}


async def entity(api: Api, kind: Kind, id: str) -> Entity | Outcome | None:
    """Name and picture. In development mode Spotify tells nothing about profiles: then the id is the name."""
    data = await api.look(f"/{kind}s/{quote(id, safe='')}")
    if not isinstance(data, Outcome):
        return shapes.entity(kind, data) if text(data, "id") else None
    if kind is Kind.USER and data.reason == "forbidden":
        return shapes.entity(kind, {"id": id})
    return None if data.reason == NOT_FOUND_YET else data


async def search(api: Api, kind: Kind, words: str) -> list[Entity] | Outcome:
    """Profiles cannot be searched for, and ten is the most Spotify gives."""
    if kind is Kind.USER or not words.strip():
        return []
    page = await api.look("/search", {"q": words.strip()[:200], "type": str(kind), "limit": _MOST_FOUND})
    if isinstance(page, Outcome):
        return page
    return [shapes.entity(kind, item) for item in dicts(page, f"{kind}s", "items") if text(item, "id")]
