"""What the rest of the sandbox has to know of Deezer."""

from datetime import timedelta
from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.deezer.permissions import PERMISSIONS
from upbeat_sandbox.facts import Facts
from upbeat_sandbox.switches import Known, one_of, positive, whole

SWITCHES: Known = {
    "window_seconds": (
        5,
        positive,
        "length of the rolling window (documented: 50 calls in 5 s, per address)",
    ),
    "not_found_status": (
        200,
        one_of(200, 404),
        "HTTP status of `no data`: 200 as ever, 404 as sometimes seen lately",
    ),
    "playlist_limit": (2_000, whole, "tracks a playlist can hold"),
}
_DIGITS = {"account": 10**9, "playlist": 10**10}


def new_id(kind: str, *words: object) -> str:
    """Numbers: nine digits for music, ten for accounts, eleven for playlists."""
    base = _DIGITS.get(kind)
    if base is None:
        return str(ids.deezer_id(kind, *words))
    return str(base + ids.number_from(kind, *words) % (9 * base))


def new_client_id(*words: object) -> str:
    return str(ids.deezer_id(*words) % 1_000_000)


def url(kind: str, item: Any) -> str:
    return f"https://www.deezer.com/{'profile' if kind == 'user' else kind}/{ids.of(item, 'deezer')}"


def access_life(scopes: frozenset[str]) -> timedelta | None:
    return None if "offline_access" in scopes else timedelta(hours=1)


FACTS = Facts(
    name="deezer",
    label="Deezer",
    hosts=("api", "connect", "www"),
    real_hosts=(".deezer.com",),
    site="www",
    endpoints={
        "api_url": "/deezer/api",
        "authorize_url": "/deezer/connect/oauth/auth.php",
        "token_url": "/deezer/connect/oauth/access_token.php",
        "open_url": "/deezer/www",
    },
    new_id=new_id,
    new_client_id=new_client_id,
    url=url,
    scopes=PERMISSIONS,
    switches=SWITCHES,
    always_granted=frozenset({"basic_access"}),
    access_life=access_life,
    gives_refresh=lambda _switches: False,
)
