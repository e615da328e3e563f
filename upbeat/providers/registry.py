"""Name -> provider. The provider helper completes this file: build(), label(), capabilities()."""

from dataclasses import dataclass

from upbeat.providers.base import Token

_PATHS = {
    "spotify": "upbeat.providers.spotify.client.Spotify",
    "deezer": "upbeat.providers.deezer.client.Deezer",
}


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What an installation has for one service. No client id: the service is not offered as a pre-save."""

    client_id: str
    client_secret: Token
    api_url: str
    authorize_url: str
    token_url: str
    sandbox: bool = False


_DEFAULTS = {
    "spotify": (
        "https://api.spotify.com",
        "https://accounts.spotify.com/authorize",
        "https://accounts.spotify.com/api/token",
    ),
    "deezer": (
        "https://api.deezer.com",
        "https://connect.deezer.com/oauth/auth.php",
        "https://connect.deezer.com/oauth/access_token.php",
    ),
}


def names() -> tuple[str, ...]:
    return tuple(_PATHS)


def defaults(name: str) -> ServiceSettings:
    """The service's own addresses, without a credential."""
    return ServiceSettings("", Token(""), *_DEFAULTS[name])
