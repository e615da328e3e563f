"""Google's permission: the authorization code flow with the app's secret, PKCE besides, for acting later."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from upbeat.core.outcome import Outcome, Verdict, done, refused
from upbeat.providers.base import Grant, Token
from upbeat.providers.http import Door
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.youtube.answers import read_token

_NO_CODE = "none"


def authorize_url(
    settings: ServiceSettings,
    *,
    redirect_uri: str,
    state: str,
    scopes: Sequence[str],
    challenge: str,
    ask_again: bool,
) -> str:
    """Where the fan is asked. A refresh token comes with `offline` only, and a second time only with `consent`."""
    query = {
        "client_id": settings.client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": state,
        "access_type": "offline",
        "prompt": "select_account consent" if ask_again else "consent",
        "include_granted_scopes": "true",
        "code_challenge_method": "S256",
        "code_challenge": challenge,
    }
    return f"{settings.authorize_url}?{urlencode(query)}"


async def exchange(
    door: Door, settings: ServiceSettings, *, code: str, redirect_uri: str, verifier: str
) -> Grant | Outcome:
    """The grant for a code. A code is good once and for minutes; what is wrong with it ends this trip only."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    grant = await _token(door, settings, form | ({"code_verifier": verifier} if verifier else {}))
    if isinstance(grant, Outcome) and grant.verdict is Verdict.RECONNECT:
        return refused(
            "code_refused",
            "Google no longer knows this step: it was used, or took too long.",
            status=grant.status,
        )
    return grant


async def renew(door: Door, settings: ServiceSettings, refresh: Token) -> Grant | Outcome:
    """A fresh access token. Google keeps the refresh token as it is."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh.reveal()}
    return await _token(door, settings, form, kept=refresh)


async def credential(door: Door, settings: ServiceSettings) -> Outcome:
    """A code that never was: a client that is known is told that the code is wrong, another that it is."""
    form = {"grant_type": "authorization_code", "code": _NO_CODE, "redirect_uri": "http://127.0.0.1"}
    answer = await _token(door, settings, form)
    return answer if isinstance(answer, Outcome) and answer.verdict is not Verdict.RECONNECT else done()


async def _token(
    door: Door, settings: ServiceSettings, form: Mapping[str, str], *, kept: Token | None = None
) -> Grant | Outcome:
    app = {"client_id": settings.client_id, "client_secret": settings.client_secret.reveal()}
    answer = await door.ask("POST", settings.token_url, form={**form, **app})
    return answer if isinstance(answer, Outcome) else read_token(answer, kept=kept)
