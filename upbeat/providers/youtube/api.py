"""Calls of YouTube's Data API: a fan's with the fan's token, the catalogue's with the installation's API key."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from upbeat.core.outcome import Outcome
from upbeat.providers.base import Token
from upbeat.providers.faults import unreadable
from upbeat.providers.fields import dicts, text
from upbeat.providers.http import Answer, Door
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.youtube import answers

Query = Mapping[str, str]
_VERSION = "/youtube/v3"
_PAGE = "50"


class Api:
    """Keeps nothing of a fan."""

    def __init__(self, settings: ServiceSettings, door: Door) -> None:
        # Google's documentation gives the address with the version, its discovery document without.
        self._url = settings.api_url.removesuffix(_VERSION) + _VERSION
        self._key, self._site = settings.api_key, settings.open_url
        self._door = door

    @property
    def has_key(self) -> bool:
        return bool(self._key.reveal())

    async def act(self, path: str, access: Token, query: Query, content: Any = None) -> Outcome:
        """A call that changes something."""
        answer = await self._call("POST", path, access, query, content)
        return answer if isinstance(answer, Outcome) else answers.read(answer)

    async def ask(
        self, path: str, access: Token | None, query: Query, *, method: str = "GET", content: Any = None
    ) -> Any | Outcome:
        """A call for its JSON object; without a token it is the catalogue."""
        answer = await self._call(method, path, access, query, content)
        if isinstance(answer, Outcome):
            return answer
        outcome = answers.read(answer)
        if not outcome.good:
            return outcome
        return answer.json if isinstance(answer.json, dict) else unreadable(answer, answers.LABEL)

    async def embed(self, address: str) -> Any | Outcome:
        """Title and author of a video at this address of the site, which tells them to anybody (oEmbed)."""
        query = {"url": address, "format": "json"}
        answer = await self._door.ask("GET", f"{self._site}/oembed", query=query)
        if isinstance(answer, Outcome):
            return answer
        outcome = answers.read(answer)
        return answer.json if outcome.good and isinstance(answer.json, dict) else outcome

    async def pages(
        self, path: str, access: Token | None, query: Query, most: int
    ) -> AsyncIterator[list[dict[str, Any]] | Outcome]:
        """The entries of a list page by page, about `most` of them. An outcome ends it."""
        following, seen = "", 0
        while seen < most:
            turned = {"pageToken": following} if following else {}
            page = await self.ask(path, access, {**query, "maxResults": _PAGE, **turned})
            if isinstance(page, Outcome):
                yield page
                return
            entries, following = dicts(page, "items"), text(page, "nextPageToken")
            yield entries
            seen += int(_PAGE)
            if not following:
                return

    async def _call(
        self, method: str, path: str, access: Token | None, query: Query, content: Any
    ) -> Answer | Outcome:
        headers = {"Authorization": f"Bearer {access.reveal()}"} if access else {}
        # In a header, not in the query: addresses get into logs.
        if access is None and self._key.reveal():
            headers["X-Goog-Api-Key"] = self._key.reveal()
        return await self._door.ask(method, self._url + path, query=query, headers=headers, content=content)
