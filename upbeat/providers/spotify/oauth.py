"""Spotify's permission: the authorization code flow with the app's secret, PKCE besides.

Renewing does not renew the permission itself: that ends six months after consent.
"""

from collections.abc import Sequence

from upbeat.providers.http import Door
from upbeat.providers.oauth2 import OAuth2, Proof
from upbeat.providers.registry import ServiceSettings
from upbeat.providers.spotify.answers import LABEL, read_token


def oauth(settings: ServiceSettings, door: Door) -> OAuth2:
    return OAuth2(settings, door, LABEL, Proof.HEADER, _asks, read_token)


def _asks(scopes: Sequence[str], ask_again: bool) -> dict[str, str]:
    """`show_dialog` shows the page even to a fan who agreed before."""
    shown = {"show_dialog": "true" if ask_again else "false"}
    return {"scope": " ".join(scopes), **shown} if scopes else shown
