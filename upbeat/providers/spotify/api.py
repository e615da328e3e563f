"""Calls of Spotify's Web API: a fan's with the fan's token, the catalogue's with the installation's own."""

from collections.abc import Mapping
from typing import Any

from upbeat.core.outcome import Outcome
from upbeat.providers.base import Token
from upbeat.providers.faults import unreadable
from upbeat.providers.http import Answer, Door
from upbeat.providers.oauth2 import AppToken
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.spotify import answers, oauth

Query = Mapping[str, str]


class Api:
    """Keeps one thing: the installation's own access token."""

    def __init__(self, settings: ServiceSettings, door: Door) -> None:
        self._settings = settings
        self._door = door
        self._app_token = AppToken(oauth.oauth(settings, door).app_token)

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
        return _json(await self._fan(method, path, access, query, content))

    async def look(self, path: str, query: Query | None = None) -> Any | Outcome:
        """A call of the catalogue, with the installation's own token."""
        return _json(await self._app_token.call(lambda token: self._call("GET", path, token, query)))

    async def _fan(
        self, method: str, path: str, access: Token, query: Query | None, content: Any
    ) -> Answer | Outcome:
        """What may be a false no is asked about once more: a no has changed nothing."""
        answer = await self._call(method, path, access, query, content)
        if isinstance(answer, Answer) and answers.may_be_false(answer):
            answer = await self._call(method, path, access, query, content)
        return answer

    async def _call(
        self, method: str, path: str, token: Token, query: Query | None, content: Any = None
    ) -> Answer | Outcome:
        headers = {"Authorization": f"Bearer {token.reveal()}"}
        url = f"{self._settings.api_url}/v1{path}"
        return await self._door.ask(method, url, query=query, headers=headers, content=content)


def _json(answer: Answer | Outcome) -> Any | Outcome:
    """The body of a success; an outcome where it was none, or holds nothing readable."""
    if isinstance(answer, Outcome):
        return answer
    outcome = answers.read(answer)
    if not outcome.good:
        return outcome
    return unreadable(answer, answers.LABEL) if answer.json is None else answer.json
