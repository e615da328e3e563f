"""The services we speak to, by name. They are named by dotted path: nobody imports a service by itself."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from upbeat.providers.base import Capabilities, Provider, Token

_PATHS = {
    "spotify": "upbeat.providers.spotify.client.Spotify",
    "deezer": "upbeat.providers.deezer.client.Deezer",
}


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What an installation has for one service. No client id: the service is not offered as a pre-save.

    `sandbox` allows private addresses, so that the service may be one played on this machine.
    """

    client_id: str
    client_secret: Token
    api_url: str
    authorize_url: str
    token_url: str
    open_url: str
    """Where its music is opened: what a Play button leads to begins with it."""
    sandbox: bool = False


_DEFAULTS = {
    "spotify": (
        "https://api.spotify.com",
        "https://accounts.spotify.com/authorize",
        "https://accounts.spotify.com/api/token",
        "https://open.spotify.com",
    ),
    "deezer": (
        "https://api.deezer.com",
        "https://connect.deezer.com/oauth/auth.php",
        "https://connect.deezer.com/oauth/access_token.php",
        "https://www.deezer.com",
    ),
}


def names() -> tuple[str, ...]:
    return tuple(_PATHS)


def defaults(name: str) -> ServiceSettings:
    """The service's own addresses, without a credential."""
    return ServiceSettings("", Token(""), *_DEFAULTS[name])


def build(name: str, settings: ServiceSettings) -> Provider:
    """The provider, ready to be called. One object serves every fan. Raises `KeyError` for an unknown name."""
    provider: Provider = _load(name)(settings)
    return provider


def label(name: str) -> str:
    """The service's name as people write it."""
    written: str = _load(name).label
    return written


def capabilities(name: str) -> Capabilities:
    """What the service can do, whether or not this installation has a credential for it."""
    can: Capabilities = _load(name).capabilities
    return can


def _load(name: str) -> Any:
    module, _, provider = _PATHS[name].rpartition(".")
    return getattr(import_module(module), provider)
