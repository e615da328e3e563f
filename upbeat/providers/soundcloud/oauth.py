"""SoundCloud's permission: OAuth 2.1, authorization code with PKCE. There are no scopes: a grant is good for
everything. And there is no way to insist on the page.

Renewing brings the next refresh token: the old one is worthless from then on.
"""

import time

from upbeat.core.outcome import Outcome
from upbeat.providers.base import Grant, Token
from upbeat.providers.http import Door
from upbeat.providers.oauth2 import OAuth2, Proof
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.soundcloud.answers import LABEL, read_token

_EARLY_SECONDS = 60.0
_app_tokens: dict[ServiceSettings, tuple[Token, float]] = {}
"""An app may have 50 tokens of its own in twelve hours: this process shares one, until it has run out."""


class _SoundCloudOAuth2(OAuth2):
    async def app_token(self) -> Grant | Outcome:
        """A new one, whatever is kept: also the proof that id and secret are good."""
        grant = await super().app_token()
        if not isinstance(grant, Outcome) and grant.expires_in is not None:
            lives = grant.expires_in.total_seconds() - _EARLY_SECONDS
            _app_tokens[self.settings] = (grant.access, time.monotonic() + lives)
        return grant


def oauth(settings: ServiceSettings, door: Door) -> OAuth2:
    return _SoundCloudOAuth2(settings, door, LABEL, Proof.FORM, lambda *_: {}, read_token)


async def shared_app_token(oauth: OAuth2, *, refused: Token | None = None) -> Token | Outcome:
    """The installation's own token, for looking things up. `refused`: one that was not accepted just now."""
    token, until = _app_tokens.get(oauth.settings, (None, 0.0))
    if token is not None and token is not refused and time.monotonic() < until:
        return token
    grant = await oauth.app_token()
    return grant if isinstance(grant, Outcome) else grant.access
