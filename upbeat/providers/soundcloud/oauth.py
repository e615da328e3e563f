"""SoundCloud's permission: OAuth 2.1, authorization code with PKCE. There are no scopes."""

import time
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import urlencode

from upbeat.core.outcome import Outcome, Verdict, refused
from upbeat.providers.base import Grant, Token
from upbeat.providers.http import Door
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.soundcloud.answers import read_token

_EARLY_SECONDS = 60.0
_app_tokens: dict[ServiceSettings, tuple[Token, float]] = {}
"""An app may have 50 tokens of its own in twelve hours: this process shares one, until it has run out."""


def authorize_url(settings: ServiceSettings, *, redirect_uri: str, state: str, challenge: str) -> str:
    """Where the fan is asked."""
    query = {
        "client_id": settings.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": state,
    }
    return f"{settings.authorize_url}?{urlencode(query)}"


async def exchange(
    door: Door, settings: ServiceSettings, *, code: str, redirect_uri: str, verifier: str
) -> Grant | Outcome:
    """The grant for a code. A code is good once and for minutes; what is wrong with it ends this trip only."""
    form = {
        "grant_type": "authorization_code",
        **_credential(settings),
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "code": code,
    }
    grant = await _token(door, settings, form)
    if isinstance(grant, Outcome) and grant.verdict is Verdict.RECONNECT:
        return refused(
            "code_refused",
            "SoundCloud no longer knows this step: it was used, or took too long.",
            status=grant.status,
        )
    return grant


async def renew(door: Door, settings: ServiceSettings, refresh: Token) -> Grant | Outcome:
    """A fresh access token and the next refresh token: the old one is worthless from now on."""
    form = {
        "grant_type": "refresh_token",
        **_credential(settings),
        "refresh_token": refresh.reveal(),
    }
    return await _token(door, settings, form, kept=refresh)


async def app_token(
    door: Door, settings: ServiceSettings, *, refused: Token | None = None
) -> Token | Outcome:
    """The installation's own token, for looking things up. `refused`: one that was not accepted just now."""
    token, until = _app_tokens.get(settings, (None, 0.0))
    if token is not None and token is not refused and time.monotonic() < until:
        return token
    grant = await fresh_app_token(door, settings)
    return grant if isinstance(grant, Outcome) else grant.access


async def fresh_app_token(door: Door, settings: ServiceSettings) -> Grant | Outcome:
    """A new token of the installation's own, whatever is kept: also the proof that id and secret are good."""
    pair = f"{settings.client_id}:{settings.client_secret.reveal()}".encode()
    headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}
    grant = await _token(door, settings, {"grant_type": "client_credentials"}, headers=headers)
    if not isinstance(grant, Outcome) and grant.expires_in is not None:
        lives = grant.expires_in.total_seconds() - _EARLY_SECONDS
        _app_tokens[settings] = (grant.access, time.monotonic() + lives)
    return grant


def _credential(settings: ServiceSettings) -> dict[str, str]:
    return {"client_id": settings.client_id, "client_secret": settings.client_secret.reveal()}


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
