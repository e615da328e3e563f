"""Calls of Deezer's API. The token travels in the query, so no address may ever reach a message or a log."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from upbeat.core.outcome import Outcome, Verdict, later
from upbeat.providers.base import Token
from upbeat.providers.deezer import answers
from upbeat.providers.faults import unreadable
from upbeat.providers.fields import dicts, number
from upbeat.providers.http import Door
from upbeat.providers.registry import ServiceSettings

PAGE = 100


class Api:
    """Keeps nothing."""

    def __init__(self, settings: ServiceSettings, door: Door) -> None:
        self._url = settings.api_url
        self._door = door

    async def act(self, path: str, access: Token, query: Mapping[str, str]) -> Outcome:
        """A call that changes something."""
        answer = await self._door.ask("POST", self._url + path, query=_with(access, query))
        return answer if isinstance(answer, Outcome) else await self._believed(answers.read(answer), access)

    async def ask(
        self,
        path: str,
        access: Token | None = None,
        query: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
    ) -> Any | Outcome:
        """A call for its JSON object; without a token it is the public catalogue."""
        answer = await self._door.ask(method, self._url + path, query=_with(access, query or {}))
        if isinstance(answer, Outcome):
            return answer
        outcome = answers.read(answer)
        if not outcome.good:
            return await self._believed(outcome, access)
        return answer.json if isinstance(answer.json, dict) else unreadable(answer, answers.LABEL)

    async def _believed(self, outcome: Outcome, access: Token | None) -> Outcome:
        """A dead token is believed when it is said twice: there is no token endpoint to ask."""
        if outcome.verdict is not Verdict.RECONNECT or access is None:
            return outcome
        again = await self._door.ask("GET", f"{self._url}/user/me", query=_with(access, {}))
        if isinstance(again, Outcome):
            return again
        if answers.read(again).verdict is Verdict.RECONNECT:
            return outcome
        return later("unauthorized", "Deezer did not accept the permission just now.", status=outcome.status)

    async def pages(
        self, path: str, access: Token | None, most: int
    ) -> AsyncIterator[list[dict[str, Any]] | Outcome]:
        """A list page by page, `most` entries at the most. An outcome ends it."""
        for index in range(0, most, PAGE):
            page = await self.ask(path, access, {"index": str(index), "limit": str(PAGE)})
            if isinstance(page, Outcome):
                yield page
                return
            yield dicts(page, "data")
            if index + PAGE >= number(page, "total"):
                return


def _with(access: Token | None, query: Mapping[str, str]) -> dict[str, str]:
    return dict(query) if access is None else {**query, "access_token": access.reveal()}
