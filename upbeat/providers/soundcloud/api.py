"""Calls of SoundCloud's API: a fan's with the fan's token, the catalogue's with the installation's own."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from yarl import URL

from upbeat.core.outcome import Outcome
from upbeat.providers.base import Token
from upbeat.providers.faults import unreadable
from upbeat.providers.fields import dicts, text
from upbeat.providers.http import Answer, Door
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.soundcloud import answers, oauth

Query = Mapping[str, str]
ALL_TRACKS = {"access": "playable,preview,blocked"}
"""Without it a list leaves out the tracks that this account may not hear: put back, they would be lost."""
_MOST_PAGES = 100
_FOUND_ELSEWHERE = (301, 302, 303, 307, 308)


class Api:
    """Keeps nothing of a fan."""

    def __init__(self, settings: ServiceSettings, door: Door) -> None:
        self._settings, self._door = settings, door
        self._oauth = oauth.oauth(settings, door)

    async def act(self, method: str, path: str, access: Token, content: Any = None) -> Outcome:
        """A call that changes something."""
        answer = await self._call(method, path, access, content=content)
        return answer if isinstance(answer, Outcome) else answers.read(answer)

    async def ask(
        self,
        path: str,
        access: Token,
        query: Query | None = None,
        *,
        method: str = "GET",
        content: Any = None,
    ) -> Any | Outcome:
        """A fan's call for its JSON."""
        return _json(await self._call(method, path, access, query, content))

    async def look(self, path: str, query: Query | None = None) -> Any | Outcome:
        """A call of the catalogue for its JSON."""
        return _json(await self._look(path, query))

    async def resolve(self, url: str) -> str | Outcome:
        """Where in the API the thing behind a page of the site is: an address, of which only the name in it counts."""
        answer = await self._look("/resolve", {"url": url})
        if isinstance(answer, Outcome):
            return answer
        if answer.status in _FOUND_ELSEWHERE:
            return answer.headers.get("location", "") or text(answer.json, "location")
        outcome = answers.read(answer)
        return unreadable(answer, answers.LABEL) if outcome.good else outcome

    async def pages(
        self, path: str, access: Token | None, query: Query, most: int
    ) -> AsyncIterator[list[dict[str, Any]] | Outcome]:
        """A list page by page, until it ends or `most` entries were seen. An outcome ends it."""
        asked: Query | None = {**query, "linked_partitioning": "true"}
        seen = 0
        for _ in range(_MOST_PAGES):
            page = await (self.look(path, asked) if access is None else self.ask(path, access, asked))
            if isinstance(page, Outcome):
                yield page
                return
            entries = dicts({"collection": page} if isinstance(page, list) else page, "collection")
            yield entries
            seen += len(entries)
            further = text(page, "next_href")
            if not further or seen >= most:
                return
            path, asked = self._next(path, further)

    def _next(self, path: str, further: str) -> tuple[str, Query]:
        """The next page. An address that is not below ours is not called, the token would go along: then it is the
        same list with what that address asks for."""
        base, there = URL(self._settings.api_url), URL(further)
        if there.origin() == base.origin() and there.raw_path.startswith(f"{base.raw_path.rstrip('/')}/"):
            path = there.raw_path.removeprefix(base.raw_path.rstrip("/"))
        return path, dict(there.query)

    async def _look(self, path: str, query: Query | None) -> Answer | Outcome:
        """With the installation's own token; one that is not accepted is replaced once."""
        token = await oauth.shared_app_token(self._oauth)
        if isinstance(token, Outcome):
            return token
        answer = await self._call("GET", path, token, query)
        if isinstance(answer, Answer) and answer.status == 401:
            token = await oauth.shared_app_token(self._oauth, refused=token)
            if isinstance(token, Outcome):
                return token
            answer = await self._call("GET", path, token, query)
        return answer

    async def _call(
        self, method: str, path: str, token: Token, query: Query | None = None, content: Any = None
    ) -> Answer | Outcome:
        headers = {"Authorization": f"OAuth {token.reveal()}", "Accept": "application/json; charset=utf-8"}
        url = self._settings.api_url + path
        return await self._door.ask(method, url, query=query, headers=headers, content=content)


def _json(answer: Answer | Outcome) -> Any | Outcome:
    """The body of a success; an outcome where it was none, or holds nothing readable."""
    if isinstance(answer, Outcome):
        return answer
    outcome = answers.read(answer)
    if not outcome.good:
        return outcome
    return answer.json if isinstance(answer.json, dict | list) else unreadable(answer, answers.LABEL)
