"""Spotify's permission: the authorization code flow with the app's secret, PKCE besides."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from upbeat.core.outcome import Outcome, Verdict, refused
from upbeat.providers.base import Grant, Token
from upbeat.providers.http import Door
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.spotify.answers import read_token


def authorize_url(
    settings: ServiceSettings,
    *,
    redirect_uri: str,
    state: str,
    scopes: Sequence[str],
    challenge: str,
    ask_again: bool,
) -> str:
    """Where the fan is asked. `ask_again` shows the page even to a fan who agreed before."""
    query = {
        "client_id": settings.client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "state": state,
        "scope": " ".join(scopes),
        "code_challenge_method": "S256",
        "code_challenge": challenge,
        "show_dialog": "true" if ask_again else "false",
    }
    return f"{settings.authorize_url}?{urlencode({name: value for name, value in query.items() if value})}"


async def exchange(
    door: Door, settings: ServiceSettings, *, code: str, redirect_uri: str, verifier: str
) -> Grant | Outcome:
    """The grant for a code. A code is good once and for minutes; what is wrong with it ends this trip only."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    grant = await _token(door, settings, form | ({"code_verifier": verifier} if verifier else {}))
    if isinstance(grant, Outcome) and grant.verdict is Verdict.RECONNECT:
        return refused(
            "code_refused",
            "Spotify no longer knows this step: it was used, or took too long.",
            status=grant.status,
        )
    return grant


async def renew(door: Door, settings: ServiceSettings, refresh: Token) -> Grant | Outcome:
    """A fresh access token. The permission itself is not renewed by it: that ends six months after consent."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh.reveal()}
    return await _token(door, settings, form, kept=refresh)


async def app_token(door: Door, settings: ServiceSettings) -> Grant | Outcome:
    """The installation's own token, for looking things up: no fan is behind it."""
    return await _token(door, settings, {"grant_type": "client_credentials"})


async def _token(
    door: Door, settings: ServiceSettings, form: Mapping[str, str], *, kept: Token | None = None
) -> Grant | Outcome:
    pair = f"{settings.client_id}:{settings.client_secret.reveal()}".encode()
    headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}
    answer = await door.ask("POST", settings.token_url, form=form, headers=headers)
    return answer if isinstance(answer, Outcome) else read_token(answer, kept=kept)
