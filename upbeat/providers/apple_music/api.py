"""Calls of the Apple Music API: all of them carry our developer token, a fan's carries the fan's token besides."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from upbeat.core.outcome import Outcome
from upbeat.providers.apple_music import answers, shapes
from upbeat.providers.apple_music.oauth import Signer
from upbeat.providers.base import Token
from upbeat.providers.faults import unreadable
from upbeat.providers.http import Answer, Door
from upbeat.providers.registry import ServiceSettings

Query = Mapping[str, str]
# In the specification 25 is the most a page may have, for playlists 100.
PAGE = 25


class Api:
    """Keeps the installation's signer."""

    def __init__(self, settings: ServiceSettings, door: Door) -> None:
        self._url = settings.api_url
        self._door = door
        self.signer = Signer(settings)

    async def act(
        self, method: str, path: str, access: Token, *, query: Query | None = None, content: Any = None
    ) -> Outcome:
        """A call that changes something."""
        answer = await self._fan(method, path, access, query, content)
        return answer if isinstance(answer, Outcome) else answers.read(answer)

    async def ask(
        self,
        path: str,
        access: Token,
        *,
        method: str = "GET",
        query: Query | None = None,
        content: Any = None,
    ) -> Any | Outcome:
        """A fan's call for its JSON."""
        answer = await self._fan(method, path, access, query, content)
        return answer if isinstance(answer, Outcome) else _json(answer, answers.read(answer))

    async def look(self, path: str, query: Query | None = None) -> Any | Outcome:
        """A call of the catalogue, for its JSON."""
        answer = await self._call("GET", path, None, query)
        return answer if isinstance(answer, Outcome) else _json(answer, answers.read_look(answer))

    async def pages(
        self, path: str, access: Token, query: Query, most: int
    ) -> AsyncIterator[dict[str, Any] | Outcome]:
        """A fan's list page by page. An outcome ends it; past the end, and for an empty list, Apple may say 404."""
        offset = ""
        for _ in range(most):
            page = await self.ask(path, access, query={**query, "offset": offset} if offset else query)
            if isinstance(page, Outcome) and page.status == 404:
                return
            yield page
            if isinstance(page, Outcome):
                return
            before, offset = offset, shapes.next_offset(page)
            if offset in ("", before):
                return

    async def known(self) -> Outcome | None:
        """Why Apple does not know this installation just now, or None if it does."""
        query = {"term": "a", "types": "artists", "limit": "1"}
        found = await self.look("/v1/catalog/us/search", query)
        return found if isinstance(found, Outcome) else None

    async def _fan(
        self, method: str, path: str, access: Token, query: Query | None, content: Any
    ) -> Answer | Outcome:
        """A 401 may be about us or about the fan's subscription: asked without the fan, Apple says which."""
        answer = await self._call(method, path, access, query, content)
        if isinstance(answer, Answer) and answer.status == 401:
            return await self.known() or answers.no_subscription(401)
        return answer

    async def _call(
        self, method: str, path: str, access: Token | None, query: Query | None, content: Any = None
    ) -> Answer | Outcome:
        token = self.signer.token()
        if isinstance(token, Outcome):
            return token
        headers = {"Authorization": f"Bearer {token.reveal()}"}
        if access is not None:
            headers["Music-User-Token"] = access.reveal()
        return await self._door.ask(method, self._url + path, query=query, headers=headers, content=content)


def _json(answer: Answer, outcome: Outcome) -> Any | Outcome:
    """The body of a success; an outcome where it was none, or holds nothing readable."""
    if not outcome.good:
        return outcome
    return answer.json if isinstance(answer.json, dict) else unreadable(answer, answers.LABEL)
