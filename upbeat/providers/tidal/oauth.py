"""TIDAL's permission: OAuth 2.1, the authorization code flow with PKCE. There is no way to insist on the page.

Whether a refresh token comes with it, only a grant tells; renewed, it stays the same.
"""

from upbeat.core.outcome import Outcome, Verdict
from upbeat.providers.base import Grant
from upbeat.providers.http import Door
from upbeat.providers.oauth2 import OAuth2, Proof
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.tidal.answers import LABEL, app_refused, read_token


class _TidalOAuth2(OAuth2):
    async def app_token(self) -> Grant | Outcome:
        """No fan is behind it, so what sounds like a dead grant is an app that is not accepted."""
        grant = await super().app_token()
        if isinstance(grant, Outcome) and grant.verdict is Verdict.RECONNECT:
            return app_refused(grant.status)
        return grant


def oauth(settings: ServiceSettings, door: Door) -> OAuth2:
    return _TidalOAuth2(
        settings, door, LABEL, Proof.ID, lambda scopes, _: {"scope": " ".join(scopes)}, read_token
    )
