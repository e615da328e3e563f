"""The services we speak to, by name. They are named by dotted path: nobody imports a service by itself."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from upbeat.providers.base import Capabilities, Catalogue, Kind, Provider, Token

_PATHS = {
    "spotify": "upbeat.providers.spotify.client.Spotify",
    "apple_music": "upbeat.providers.apple_music.client.AppleMusic",
    "deezer": "upbeat.providers.deezer.client.Deezer",
    "tidal": "upbeat.providers.tidal.client.Tidal",
    "soundcloud": "upbeat.providers.soundcloud.client.SoundCloud",
    "youtube": "upbeat.providers.youtube.client.YouTube",
}


@dataclass(frozen=True, slots=True)
class Credential:
    """What the settings of a service's credential are called, behind `UPBEAT_<SERVICE>_`."""

    id: str = "CLIENT_ID"
    secret: str = "CLIENT_SECRET"  # noqa: S105 - a name
    key_id: str = ""
    """Of the key where a token is signed with one; most services have none."""


_CREDENTIALS = {"apple_music": Credential("TEAM_ID", "PRIVATE_KEY", "KEY_ID")}


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
    api_key: Token = field(default_factory=lambda: Token(""))
    """What its catalogue is asked with, where that is another secret."""
    units_a_day: int = 0
    """What the app may spend in a day, where that is not what every app may (`Capabilities.budget`)."""
    key_id: str = ""
    musickit_url: str = ""
    """The script that asks on our own page, where the service has one (`Asks.MUSICKIT`)."""
    lookup_url: str = ""
    """Where its catalogue is asked without a credential, where that is another place than `api_url`."""


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
    "youtube": (
        "https://youtube.googleapis.com",
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://www.youtube.com",
    ),
    "tidal": (
        "https://openapi.tidal.com",
        "https://login.tidal.com/authorize",
        "https://auth.tidal.com/v1/oauth2/token",
        "https://tidal.com",
    ),
    "apple_music": (
        "https://api.music.apple.com",
        "https://authorize.music.apple.com/woa",
        "",  # its tokens are signed here and brought by the page
        "https://music.apple.com",
    ),
    "soundcloud": (
        "https://api.soundcloud.com",
        "https://secure.soundcloud.com/authorize",
        "https://secure.soundcloud.com/oauth/token",
        "https://soundcloud.com",
    ),
}
_LOOK_UPS = {"apple_music": ("upbeat.providers.itunes.client.ITunes", "https://itunes.apple.com")}
"""Who answers instead of a service whose own catalogue wants a credential, and where."""
_MUSICKIT = {"apple_music": "https://js-cdn.music.apple.com/musickit/v3/musickit.js"}


def names() -> tuple[str, ...]:
    return tuple(_PATHS)


def defaults(name: str) -> ServiceSettings:
    """The service's own addresses, without a credential."""
    return ServiceSettings(
        "",
        Token(""),
        *_DEFAULTS[name],
        musickit_url=_MUSICKIT.get(name, ""),
        lookup_url=_LOOK_UPS.get(name, ("", ""))[1],
    )


def credential(name: str) -> Credential:
    """What the settings of its credential are called."""
    return _CREDENTIALS.get(name, Credential())


def follows_at() -> str:
    """Where a team chooses whom fans follow at once: the first service that knows people and playlists."""
    everything = {Kind.ARTIST, Kind.PLAYLIST, Kind.USER}
    named = (name for name in names() if capabilities(name).follow_now)
    return next(name for name in named if everything <= capabilities(name).follow_kinds)


def build(name: str, settings: ServiceSettings) -> Provider:
    """The provider, ready to be called. One object serves every fan. Raises `KeyError` for an unknown name."""
    provider: Provider = _load(name)(settings)
    return provider


def can_read(name: str, settings: ServiceSettings) -> bool:
    """Whether this installation can ask the service's catalogue, with its credential or without."""
    return bool(settings.client_id) or capabilities(name).looks_up_without_credential


def reader(name: str, settings: ServiceSettings) -> Catalogue | None:
    """The service's catalogue, as far as this installation may ask it; None where it may not."""
    if not can_read(name, settings):
        return None
    if settings.client_id or name not in _LOOK_UPS:
        return build(name, settings)
    catalogue: Catalogue = _at(_LOOK_UPS[name][0])(settings)
    return catalogue


def label(name: str) -> str:
    """The service's name as people write it."""
    written: str = _load(name).label
    return written


def capabilities(name: str) -> Capabilities:
    """What the service can do, whether or not this installation has a credential for it."""
    can: Capabilities = _load(name).capabilities
    return can


def mistake(name: str, settings: ServiceSettings) -> str:
    """What is wrong with the credential as it stands, in a sentence; empty where nothing is."""
    check = getattr(_load(name), "mistake", None)
    said: str = check(settings) if check is not None else ""
    return said


def _load(name: str) -> Any:
    return _at(_PATHS[name])


def _at(path: str) -> Any:
    module, _, named = path.rpartition(".")
    return getattr(import_module(module), named)
