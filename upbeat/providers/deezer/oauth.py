"""Deezer's permission: an OAuth 2 draft of its own, without PKCE, without refresh tokens."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from upbeat.core.outcome import Outcome, done
from upbeat.providers.base import Grant
from upbeat.providers.deezer.answers import read_token
from upbeat.providers.deezer.api import Api
from upbeat.providers.fields import at
from upbeat.providers.http import Door
from upbeat.providers.registry import ServiceSettings

_NO_CODE = "none"


def authorize_url(settings: ServiceSettings, *, redirect_uri: str, state: str, scopes: Sequence[str]) -> str:
    """Where the fan is asked; permissions are separated by commas."""
    query = {
        "app_id": settings.client_id,
        "redirect_uri": redirect_uri,
        "perms": ",".join(scopes),
        "state": state,
    }
    return f"{settings.authorize_url}?{urlencode(query)}"


async def exchange(door: Door, api: Api, settings: ServiceSettings, code: str) -> Grant | Outcome:
    """The grant for a code. What the fan allowed is not in it: it is asked for right after."""
    grant = await _token(door, settings, code)
    if isinstance(grant, Outcome):
        return grant
    allowed = await api.ask("/user/me/permissions", grant.access)
    if isinstance(allowed, Outcome):
        return allowed
    permissions = at(allowed, "permissions")
    names = permissions.items() if isinstance(permissions, dict) else ()
    return replace(grant, scopes=frozenset(name for name, given in names if given is True))


async def credential(door: Door, settings: ServiceSettings) -> Outcome:
    """A code that never was: an app that is known is told that the code is wrong, another that it is."""
    answer = await _token(door, settings, _NO_CODE)
    return done() if not isinstance(answer, Outcome) or answer.reason == "code_refused" else answer


async def _token(door: Door, settings: ServiceSettings, code: str) -> Grant | Outcome:
    query = {
        "app_id": settings.client_id,
        "secret": settings.client_secret.reveal(),
        "code": code,
        "output": "json",
    }
    answer = await door.ask("GET", settings.token_url, query=query)
    return answer if isinstance(answer, Outcome) else read_token(answer)
