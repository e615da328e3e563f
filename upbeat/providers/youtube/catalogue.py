"""Looking things up on YouTube, with the installation's API key. Its catalogue knows no UPC and no ISRC."""

from typing import Any

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome
from upbeat.providers.base import Entity, Found, Kind
from upbeat.providers.youtube import shapes
from upbeat.providers.youtube.api import Api

_MOST_TRACKS = 500
_SEARCHED = {Kind.ARTIST: "channel", Kind.USER: "channel", Kind.TRACK: "video"}


async def look_up(api: Api, *, upc: str, isrc: str) -> Found | Outcome | None:
    """Nothing is found by a code here: the team pastes the link."""
    return None


async def release(api: Api, kind: Kind, id: str) -> Found | Outcome | None:
    """A video, or a playlist with its videos; None while it cannot be seen."""
    return await _video(api, id) if kind is Kind.TRACK else await _album(api, id)


async def entity(api: Api, kind: Kind, id: str) -> Entity | Outcome | None:
    """A channel by its id or its @handle."""
    which = {"forHandle": id} if id.startswith("@") else {"id": id}
    page = await api.ask("/channels", None, {"part": "snippet", **which})
    if isinstance(page, Outcome):
        return None if page.reason == NOT_FOUND_YET else page
    return next((one for one in _named(kind, page)), None)


async def search(api: Api, kind: Kind, words: str) -> list[Entity] | Outcome:
    """Searches have a budget of their own: a hundred a day."""
    if not words.strip():
        return []
    query = {
        "part": "snippet",
        "type": _SEARCHED.get(kind, "playlist"),
        "q": words.strip()[:200],
        "maxResults": "10",
    }
    page = await api.ask("/search", None, query)
    return page if isinstance(page, Outcome) else _named(kind, page)


def _named(kind: Kind, page: Any) -> list[Entity]:
    """Those on a page that have an id."""
    return [one for one in (shapes.entity(kind, item) for item in shapes.items(page)) if one.id]


async def _video(api: Api, id: str) -> Found | Outcome | None:
    page = await api.ask("/videos", None, {"part": "snippet,contentDetails,status", "id": id})
    if isinstance(page, Outcome):
        return await _without_key(api, id, page)
    videos = (shapes.video(one) for one in shapes.items(page))
    return next((one for one in videos if one is not None and one.id), None)


async def _without_key(api: Api, id: str, refusal: Outcome) -> Found | Outcome | None:
    """Without a key the catalogue answers nobody. What the site itself tells everybody is enough for one video."""
    if refusal.reason == NOT_FOUND_YET:
        return None
    if api.has_key or refusal.status != 403:
        return refusal
    said = await api.embed(f"https://www.youtube.com/watch?v={id}")
    if isinstance(said, Outcome):
        return None if said.status in (400, 401, 403, 404) else said
    return shapes.embedded(id, said)


async def _album(api: Api, id: str) -> Found | Outcome | None:
    page = await api.ask("/playlists", None, {"part": "snippet,contentDetails,status", "id": id})
    if isinstance(page, Outcome):
        return None if page.reason == NOT_FOUND_YET else page
    found = shapes.items(page)
    if not found:
        return None
    entries = []
    query = {"part": "snippet,contentDetails,status", "playlistId": id}
    async for some in api.pages("/playlistItems", None, query, _MOST_TRACKS):
        if isinstance(some, Outcome):
            return None if some.reason == NOT_FOUND_YET else some
        entries += some
    return shapes.album(found[0], entries)
