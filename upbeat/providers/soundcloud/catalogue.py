"""Looking things up on SoundCloud, with the installation's own token. It can be asked for links, not for codes."""

from typing import Any
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome
from upbeat.providers.base import Entity, Found, Kind
from upbeat.providers.fields import number, text
from upbeat.providers.soundcloud import shapes, urns
from upbeat.providers.soundcloud.api import ALL_TRACKS, Api

_SITE = "https://soundcloud.com"
_MOST_TRACKS = 1000
_MOST_FOUND = "10"


async def look_up(api: Api, *, upc: str, isrc: str) -> Found | Outcome | None:
    """Never: the catalogue cannot be asked for codes (`finds_by` is empty), so the team pastes the link."""
    return None


async def release(api: Api, kind: Kind, id: str) -> Found | Outcome | None:
    """A set or a track by its URN, its number, or its path on the site (`artist/sets/title`)."""
    urn = await _urn(api, kind, id)
    if not isinstance(urn, str):
        return urn
    kind = Kind.TRACK if urns.is_track(urn) else Kind.ALBUM
    data = await _object(api, urn)
    if data is None or isinstance(data, Outcome):
        return data
    if kind is Kind.TRACK:
        return shapes.release(kind, data, (shapes.urn(kind, data),))
    tracks = await _all_tracks(api, urn, data)
    return tracks if isinstance(tracks, Outcome) else shapes.release(kind, data, tracks)


async def entity(api: Api, kind: Kind, id: str) -> Entity | Outcome | None:
    urn = await _urn(api, kind, id)
    if not isinstance(urn, str):
        return urn
    data = await _object(api, urn)
    return data if data is None or isinstance(data, Outcome) else shapes.entity(kind, data)


async def search(api: Api, kind: Kind, words: str) -> list[Entity] | Outcome:
    if not words.strip():
        return []
    query = {"q": words.strip()[:200], "limit": _MOST_FOUND}
    async for page in api.pages(f"/{urns.collection(kind)}", None, query, 1):
        return (
            page
            if isinstance(page, Outcome)
            else [shapes.entity(kind, one) for one in page if shapes.urn(kind, one)]
        )
    return []


async def _urn(api: Api, kind: Kind, id: str) -> str | Outcome | None:
    """What the id is the name of; a path is asked for. None where it leads to nothing, or to another kind of thing."""
    urn = urns.read(kind, id)
    if not urn:
        address = await api.resolve(f"{_SITE}/{quote(id.strip('/'))}")
        if isinstance(address, Outcome):
            return None if address.reason == NOT_FOUND_YET else address
        urn = urns.of_resource(address)
    is_person = urn.startswith("soundcloud:users:")
    return urn if urn and is_person == (urns.collection(kind) == "users") else None


async def _object(api: Api, urn: str) -> Any | Outcome | None:
    """The object there; None where there is none."""
    query = ALL_TRACKS if urn.startswith("soundcloud:playlists:") else None
    data = await api.look(urns.path(urn), query)
    if isinstance(data, Outcome):
        return None if data.reason == NOT_FOUND_YET else data
    return data if isinstance(data, dict) and (text(data, "urn") or text(data, "id")) else None


async def _all_tracks(api: Api, urn: str, data: Any) -> tuple[str, ...] | Outcome:
    """The set brings its tracks along; where it brings fewer than it counts they are listed."""
    tracks = shapes.track_ids(data)
    if len(tracks) >= number(data, "track_count"):
        return tracks
    listed: tuple[str, ...] = ()
    async for page in api.pages(f"{urns.path(urn)}/tracks", None, ALL_TRACKS, _MOST_TRACKS):
        if isinstance(page, Outcome):
            return page
        listed += shapes.track_ids(page)
    return max(tracks, listed, key=len)
