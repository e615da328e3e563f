"""Google's permission: the authorization code flow with the app's secret, PKCE besides, for acting later.

Google keeps the refresh token as it is.
"""

from collections.abc import Sequence

from upbeat.core.outcome import Outcome, Verdict, done
from upbeat.providers.http import Door
from upbeat.providers.oauth2 import OAuth2, Proof
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.youtube.answers import read_token

_NO_CODE = "none"


def oauth(settings: ServiceSettings, door: Door) -> OAuth2:
    return OAuth2(settings, door, "Google", Proof.FORM, _asks, read_token)


def _asks(scopes: Sequence[str], ask_again: bool) -> dict[str, str]:
    """A refresh token comes with `offline` only, and a second time only with `consent`."""
    return {
        "scope": " ".join(scopes),
        "access_type": "offline",
        "prompt": "select_account consent" if ask_again else "consent",
        "include_granted_scopes": "true",
    }


async def credential(oauth: OAuth2) -> Outcome:
    """A code that never was: a client that is known is told that the code is wrong, another that it is."""
    form = {"grant_type": "authorization_code", "code": _NO_CODE, "redirect_uri": "http://127.0.0.1"}
    answer = await oauth.token(form, oauth.proof)
    return answer if isinstance(answer, Outcome) and answer.verdict is not Verdict.RECONNECT else done()
