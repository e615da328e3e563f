"""What the rest of the sandbox has to know of a service it plays. Each folder has its own in `facts.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.switches import Known


def _never(_authorized_at: datetime) -> datetime | None:
    return None


def _secret(*words: object) -> str:
    return ids.hex_id("secret", *words)


def _credential(client: Any) -> Mapping[str, str]:
    return {"client_id": client.id, "client_secret": client.secret}


def _an_hour(_scopes: frozenset[str]) -> timedelta | None:
    return timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """One service. `name` is its folder and the first part of every path here: `/<name>/<host>/…`."""

    name: str
    label: str
    hosts: tuple[str, ...]
    """What it answers under; each stands for a host of the real service."""
    real_hosts: tuple[str, ...]
    """The endings of the real hosts' names."""
    site: str
    """The host of `hosts` with the public pages of its music, if it has one."""
    endpoints: Mapping[str, str]
    """What an installation sets, by the end of the setting's name in small letters: paths here."""
    new_id: Callable[..., str]
    """(kind, *words) -> an id as the service makes them; kinds are album, artist, track, playlist and account."""
    new_client_id: Callable[..., str]
    """(*words) -> the id of an application."""
    url: Callable[[str, Any], str]
    """(kind, item) -> the real service's public address of an artist, album, track, playlist or account ("user")."""
    scopes: Mapping[str, str]
    """Every permission there is, in the words a fan reads on the consent page."""
    switches: Known = field(default_factory=dict)
    """Beside the common ones."""
    always_granted: frozenset[str] = frozenset()
    """Permissions that come with every other."""
    access_life: Callable[[frozenset[str]], timedelta | None] = _an_hour
    """(scopes) -> how long an access token lives; None: for ever."""
    gives_refresh: Callable[[Mapping[str, Any]], bool] = lambda _switches: True
    """(switches) -> whether a fan's yes brings a refresh token."""
    dies_at: Callable[[datetime], datetime | None] = _never
    """(when the fan agreed) -> when the permission is dead for good; None: never."""
    until: str = ""
    """What the consent page says about that."""
    new_secret: Callable[..., str] = _secret
    """(*words) -> the secret of an application."""
    credential: Callable[[Any], Mapping[str, str]] = _credential
    """(client) -> what an installation sets to be that application, by the end of the setting's name."""
