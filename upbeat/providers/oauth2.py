"""The standard dialect of permission: the authorization code flow with PKCE (RFC 6749, RFC 7636). What a service says
otherwise stands in its own `oauth.py`.
"""

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol
from urllib.parse import urlencode

from upbeat.core.outcome import Outcome, Verdict, refused
from upbeat.providers.base import Grant, Token
from upbeat.providers.fields import seconds, text
from upbeat.providers.http import Answer, Door
from upbeat.providers.registry import ServiceSettings

_HOUR = timedelta(hours=1)


class ReadToken(Protocol):
    """Reads what the token endpoint gave. `kept` is the refresh token to go on with where no new one came."""

    def __call__(self, answer: Answer, /, *, kept: Token | None = None) -> Grant | Outcome: ...


def granted(answer: Answer, kept: Token | None) -> Grant | None:
    """What a token endpoint gave (RFC 6749 §5.1), or None where it gave nothing. `expires_in` is seconds, an hour where
    it is not said."""
    access, fresh = text(answer.json, "access_token"), text(answer.json, "refresh_token")
    if answer.status != 200 or not access:
        return None
    return Grant(
        access=Token(access),
        refresh=Token(fresh) if fresh else kept,
        expires_in=seconds(answer.json, "expires_in") or _HOUR,
        scopes=frozenset(text(answer.json, "scope").split()),
    )


class Proof(Enum):
    """How the app proves to the token endpoint who it is."""

    HEADER = "header"
    """Id and secret in the `Authorization` header."""
    FORM = "form"
    """Id and secret in the form."""
    ID = "id"
    """The id alone: the verifier proves the rest."""


@dataclass(frozen=True, slots=True)
class OAuth2:
    """One service's permission. Keeps the installation's credential and the way to the service; nothing of a fan."""

    settings: ServiceSettings
    door: Door
    whose: str
    """Who runs the token endpoint, as a fan knows them."""
    proof: Proof
    """With a fan's grant. For the installation's own token it is always the header."""
    asks: Callable[[Sequence[str], bool], Mapping[str, str]]
    """What the page is told besides: of the scopes, and whether it is to be shown even to a fan who agreed before."""
    read_token: ReadToken

    def authorize_url(
        self, *, redirect_uri: str, state: str, scopes: Sequence[str], challenge: str, ask_again: bool
    ) -> str:
        """Where the fan is asked."""
        query = {
            "client_id": self.settings.client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge_method": "S256",
            "code_challenge": challenge,
            **self.asks(scopes, ask_again),
        }
        return f"{self.settings.authorize_url}?{urlencode(query)}"

    async def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> Grant | Outcome:
        """The grant for a code. A code is good once and for minutes; what is wrong with it ends this trip only."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        grant = await self.token(form | ({"code_verifier": verifier} if verifier else {}), self.proof)
        if isinstance(grant, Outcome) and grant.verdict is Verdict.RECONNECT:
            note = f"{self.whose} no longer knows this step: it was used, or took too long."
            return refused("code_refused", note, status=grant.status)
        return grant

    async def renew(self, refresh: Token) -> Grant | Outcome:
        """A fresh access token. Where no new refresh token comes with it the old one is kept."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh.reveal()}
        return await self.token(form, self.proof, kept=refresh)

    async def app_token(self) -> Grant | Outcome:
        """The installation's own token, for looking things up: no fan is behind it."""
        return await self.token({"grant_type": "client_credentials"}, Proof.HEADER)

    async def token(
        self, form: Mapping[str, str], proof: Proof, *, kept: Token | None = None
    ) -> Grant | Outcome:
        """One call of the token endpoint."""
        app, headers = {"client_id": self.settings.client_id}, {}
        secret = self.settings.client_secret.reveal()
        if proof is Proof.FORM:
            app["client_secret"] = secret
        elif proof is Proof.HEADER:
            pair = b64encode(f"{self.settings.client_id}:{secret}".encode()).decode()
            app, headers = {}, {"Authorization": f"Basic {pair}"}
        answer = await self.door.ask("POST", self.settings.token_url, form={**form, **app}, headers=headers)
        return answer if isinstance(answer, Outcome) else self.read_token(answer, kept=kept)


class AppToken:
    """Keeps the installation's own access token, until the service says that it has run out."""

    def __init__(self, fresh: Callable[[], Awaitable[Grant | Outcome]]) -> None:
        self._fresh = fresh
        self._kept: Token | None = None

    async def call(self, ask: Callable[[Token], Awaitable[Answer | Outcome]]) -> Answer | Outcome:
        """A call with it; one that is not accepted is replaced once."""
        token = self._kept or await self._replace()
        if isinstance(token, Outcome):
            return token
        answer = await ask(token)
        if isinstance(answer, Answer) and answer.status == 401:
            token = await self._replace()
            return token if isinstance(token, Outcome) else await ask(token)
        return answer

    async def _replace(self) -> Token | Outcome:
        grant = await self._fresh()
        if isinstance(grant, Outcome):
            return grant
        self._kept = grant.access
        return grant.access
