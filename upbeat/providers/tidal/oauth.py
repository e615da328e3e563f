"""TIDAL's permission: OAuth 2.1, the authorization code flow with PKCE.

Whether a refresh token comes with it, only a grant tells.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from upbeat.core.outcome import Outcome, Verdict, refused
from upbeat.providers.base import Grant, Token
from upbeat.providers.http import Door
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.tidal.answers import app_refused, read_token


def authorize_url(
    settings: ServiceSettings, *, redirect_uri: str, state: str, scopes: Sequence[str], challenge: str
) -> str:
    """Where the fan is asked."""
    query = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "code_challenge_method": "S256",
        "code_challenge": challenge,
        "state": state,
    }
    return f"{settings.authorize_url}?{urlencode(query)}"


async def exchange(
    door: Door, settings: ServiceSettings, *, code: str, redirect_uri: str, verifier: str
) -> Grant | Outcome:
    """The grant for a code. What is wrong with a code ends this trip only."""
    form = {
        "grant_type": "authorization_code",
        "client_id": settings.client_id,
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    grant = await _token(door, settings, form)
    if isinstance(grant, Outcome) and grant.verdict is Verdict.RECONNECT:
        note = "TIDAL no longer knows this step: it was used, or took too long."
        return refused("code_refused", note, status=grant.status)
    return grant


async def renew(door: Door, settings: ServiceSettings, refresh: Token) -> Grant | Outcome:
    """A fresh access token; the refresh token stays the same."""
    form = {
        "grant_type": "refresh_token",
        "client_id": settings.client_id,
        "refresh_token": refresh.reveal(),
    }
    return await _token(door, settings, form, kept=refresh)


async def app_token(door: Door, settings: ServiceSettings) -> Grant | Outcome:
    """The installation's own token, for looking things up: no fan is behind it."""
    pair = f"{settings.client_id}:{settings.client_secret.reveal()}".encode()
    headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}
    grant = await _token(door, settings, {"grant_type": "client_credentials"}, headers=headers)
    if isinstance(grant, Outcome) and grant.verdict is Verdict.RECONNECT:
        return app_refused(grant.status)
    return grant


async def _token(
    door: Door,
    settings: ServiceSettings,
    form: Mapping[str, str],
    *,
    headers: Mapping[str, str] | None = None,
    kept: Token | None = None,
) -> Grant | Outcome:
    answer = await door.ask("POST", settings.token_url, form=form, headers=headers)
    return answer if isinstance(answer, Outcome) else read_token(answer, kept=kept)
