"""Apple's open look-up, as the Catalogue protocol wants it. What it finds is on Apple Music."""

from collections.abc import Mapping
from typing import Any

from upbeat.core.identifiers import Upc
from upbeat.core.outcome import Outcome
from upbeat.providers import http
from upbeat.providers.base import Entity, Found, Kind
from upbeat.providers.itunes import answers, shapes
from upbeat.providers.registry import ServiceSettings

_STOREFRONTS = ("us", "gb")
"""Asked one after the other: what is not sold in the first may be in the second. There are 20 calls a minute."""
_MOST_SONGS = "200"
_ENTITIES = {Kind.ALBUM: "album", Kind.TRACK: "song", Kind.ARTIST: "musicArtist"}


class ITunes:
    """Keeps the way there, and nothing else. There is no credential."""

    name = shapes.SERVICE
    label = "Apple Music"

    def __init__(self, settings: ServiceSettings) -> None:
        self._url = settings.lookup_url
        self._door = http.Door(answers.LABEL, allow_private=settings.sandbox)

    async def look_up(self, *, upc: str = "", isrc: str = "") -> Found | Outcome | None:
        """By UPC, in 12, 13 and 14 digits at once. It cannot be asked for an ISRC."""
        if not upc:
            return None
        codes = Upc(upc.lstrip("0").zfill(12)).variants
        return await self._look({"upc": ",".join(codes)}, upc)

    async def release(self, kind: Kind, id: str) -> Found | Outcome | None:
        return await self._look({"id": id})

    async def entity(self, kind: Kind, id: str) -> Entity | Outcome | None:
        """An artist. Playlists are not in this catalogue."""
        results = await self._ask("lookup", {"id": id, "country": _STOREFRONTS[0]})
        if isinstance(results, Outcome):
            return results
        return next((shapes.entity(kind, one) for one in results), None)

    async def search(self, kind: Kind, text: str) -> list[Entity] | Outcome:
        if kind not in _ENTITIES or not text.strip():
            return []
        query = {"term": text.strip()[:200], "media": "music", "entity": _ENTITIES[kind], "limit": "10"}
        results = await self._ask("search", query | {"country": _STOREFRONTS[0]})
        return results if isinstance(results, Outcome) else [shapes.entity(kind, one) for one in results]

    async def close(self) -> None:
        await http.close()

    async def _look(self, query: Mapping[str, str], upc: str = "") -> Found | Outcome | None:
        """An album with its songs, or one song."""
        for storefront in _STOREFRONTS:
            asked = {**query, "entity": "song", "limit": _MOST_SONGS, "country": storefront}
            results = await self._ask("lookup", asked)
            if isinstance(results, Outcome):
                return results
            found = shapes.release(results, upc)
            if found is not None:
                return found
        return None

    async def _ask(self, what: str, query: Mapping[str, str]) -> list[dict[str, Any]] | Outcome:
        answer = await self._door.ask("GET", f"{self._url}/{what}", query=query)
        return answer if isinstance(answer, Outcome) else answers.read(answer)
