"""Calls of TIDAL's API, all of it JSON:API: a fan's with the fan's token, the catalogue's with the app's own."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from upbeat.core.outcome import Outcome
from upbeat.providers.base import Token
from upbeat.providers.faults import unreadable
from upbeat.providers.fields import text
from upbeat.providers.http import Answer, Door
from upbeat.providers.oauth2 import AppToken
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.tidal import answers, oauth

Query = Mapping[str, str | Sequence[str]]
_MEDIA_TYPE = "application/vnd.api+json"
_NEXT = "page[cursor]"


class Api:
    """Keeps one thing: the installation's own access token."""

    def __init__(self, settings: ServiceSettings, door: Door) -> None:
        self._settings = settings
        self._door = door
        self._app_token = AppToken(oauth.oauth(settings, door).app_token)

    async def add(self, path: str, access: Token, kind: str, ids: Sequence[str]) -> Outcome:
        """Put these into a collection or playlist: fifty at the most."""
        content = {"data": [{"id": one, "type": kind} for one in ids]}
        answer = await self._write(path, access, content)
        return answer if isinstance(answer, Outcome) else answers.read_added(answer, ids)

    async def make(self, path: str, access: Token, content: Any) -> Any | Outcome:
        """A call that makes something, for its JSON."""
        return _json(await self._write(path, access, content))

    async def ask(self, path: str, access: Token, query: Query | None = None) -> Any | Outcome:
        """A fan's call for its JSON."""
        return _json(await self._call("GET", path, access, query))

    async def look(self, path: str, query: Query | None = None) -> Any | Outcome:
        """A call of the catalogue, with the installation's own token."""
        return _json(await self._app_token.call(lambda token: self._call("GET", path, token, query)))

    async def pages(
        self, path: str, access: Token | None, query: Query, most: int
    ) -> AsyncIterator[Any | Outcome]:
        """A list page by page, `most` pages at the most; without a token it is the catalogue's. An outcome ends it."""
        for _ in range(most):
            page = await (self.look(path, query) if access is None else self.ask(path, access, query))
            yield page
            cursor = "" if isinstance(page, Outcome) else next_cursor(page)
            if not cursor:
                return
            query = {**query, _NEXT: cursor}

    async def _write(self, path: str, access: Token, content: Any) -> Answer | Outcome:
        """A repeat on the same errand is the same request: the service answers it from memory, for an hour."""
        key = _key(access.errand, path, content) if access.errand else ""
        more = {"Idempotency-Key": key} if key else {}
        return await self._call("POST", path, access, content=content, headers=more)

    async def _call(
        self,
        method: str,
        path: str,
        token: Token,
        query: Query | None = None,
        *,
        content: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer | Outcome:
        sent = {"Authorization": f"Bearer {token.reveal()}", "Accept": _MEDIA_TYPE, **(headers or {})}
        if content is not None:
            sent["Content-Type"] = _MEDIA_TYPE
        url = f"{self._settings.api_url}/v2{path}"
        return await self._door.ask(method, url, query=query, headers=sent, content=content)


def next_cursor(page: Any) -> str:
    """Where the page after this one begins; "" after the last. It stands beside the link, or only in it."""
    link = text(page, "links", "next")
    if not link:
        return ""
    return text(page, "links", "meta", "nextCursor") or parse_qs(urlsplit(link).query).get(_NEXT, [""])[0]


def _key(errand: str, path: str, content: Any) -> str:
    """What is asked is part of it, so that no key ever comes with another request than its own."""
    return hashlib.sha256(f"{errand}\n{path}\n{json.dumps(content)}".encode()).hexdigest()


def _json(answer: Answer | Outcome) -> Any | Outcome:
    """The document of a success; an outcome where it was none, or holds nothing readable."""
    if isinstance(answer, Outcome):
        return answer
    outcome = answers.read(answer)
    if not outcome.good:
        return outcome
    return unreadable(answer, answers.LABEL) if answer.json is None else answer.json
