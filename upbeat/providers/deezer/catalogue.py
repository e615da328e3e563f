"""Looking things up on Deezer: the catalogue is open to everybody."""

from typing import Any
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome
from upbeat.providers.base import Entity, Found, Kind
from upbeat.providers.deezer import shapes
from upbeat.providers.deezer.api import Api
from upbeat.providers.fields import at, dicts, number, text

_MOST_TRACKS = 1000
_MOST_FOUND = "10"


async def look_up(api: Api, *, upc: str, isrc: str) -> Found | Outcome | None:
    """The release with this code. A UPC is known by 12 digits, or 13 where the first is no zero.

    An album that is delivered but not out is there with `available: false`: to us it is not there yet.
    """
    if upc:
        data = await _object(api, f"/album/upc:{quote(upc.lstrip('0').zfill(12), safe='')}")
        kind = Kind.ALBUM
    elif isrc:
        data = await _object(api, f"/track/isrc:{quote(isrc, safe='')}")
        kind = Kind.TRACK
    else:
        return None
    if data is None or isinstance(data, Outcome):
        return data
    shown = at(data, "available" if kind is Kind.ALBUM else "readable")
    return None if shown is False else await _whole(api, kind, data)


async def release(api: Api, kind: Kind, id: str) -> Found | Outcome | None:
    data = await _object(api, f"/{kind}/{quote(id, safe='')}")
    return data if data is None or isinstance(data, Outcome) else await _whole(api, kind, data)


async def entity(api: Api, kind: Kind, id: str) -> Entity | Outcome | None:
    data = await _object(api, f"/{kind}/{quote(id, safe='')}")
    return data if data is None or isinstance(data, Outcome) else shapes.entity(kind, data)


async def search(api: Api, kind: Kind, words: str) -> list[Entity] | Outcome:
    if not words.strip():
        return []
    page = await api.ask(f"/search/{kind}", None, {"q": words.strip()[:200], "limit": _MOST_FOUND})
    if isinstance(page, Outcome):
        return page
    return [shapes.entity(kind, item) for item in dicts(page, "data") if text(item, "id")]


async def _object(api: Api, path: str) -> Any | Outcome | None:
    """The object there; None where there is none."""
    data = await api.ask(path)
    if isinstance(data, Outcome):
        return None if data.reason == NOT_FOUND_YET else data
    return data if text(data, "id") else None


async def _whole(api: Api, kind: Kind, data: Any) -> Found | Outcome:
    """With all tracks: an album may bring only its first ones along."""
    if kind is not Kind.ALBUM:
        return shapes.release(kind, data, (text(data, "id"),))
    tracks = shapes.track_ids(at(data, "tracks"))
    if len(tracks) < number(data, "nb_tracks"):
        tracks = ()
        async for page in api.pages(f"/album/{text(data, 'id')}/tracks", None, _MOST_TRACKS):
            if isinstance(page, Outcome):
                return page
            tracks += shapes.track_ids({"data": page})
    return shapes.release(kind, data, tracks)
