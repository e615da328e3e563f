"""What the rest of the sandbox has to know of TIDAL."""

from datetime import timedelta
from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.facts import Facts
from upbeat_sandbox.switches import Known, flag, one_of, positive, whole
from upbeat_sandbox.tidal.scopes import SCOPES

SWITCHES: Known = {
    "window_seconds": (10, positive, "length of the rolling window"),
    "gives_refresh_token": (
        False,
        flag,
        "whether a fan's yes brings a refresh token; since July 2026 it does not (tidal-sdk-web#681)",
    ),
    "shows_collection": (
        True,
        flag,
        "false: reading a collection back shows it empty, as one third-party application met it",
    ),
    "error_form": (
        "document",
        one_of("document", "legacy"),
        "how a refused token is told: in a JSON:API error document, or with status and subStatus as elsewhere at TIDAL",
    ),
    "playlist_limit": (10_000, whole, "items a playlist can hold"),
}


def new_id(kind: str, *words: object) -> str:
    """Digits for music and accounts, a UUID for a playlist."""
    number = ids.number_from("tidal", kind, *words)
    if kind == "playlist":
        return uuid(number)
    return str(10**8 + number % (9 * 10**8)) if kind != "artist" else str(10**6 + number % (9 * 10**6))


def uuid(number: int) -> str:
    """A version 4 UUID made from a number."""
    digits = f"{number:064x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-a{digits[15:18]}-{digits[18:30]}"


def new_client_id(*words: object) -> str:
    return ids.base62(ids.number_from("tidal client", *words), 16)


def url(kind: str, item: Any) -> str:
    return f"https://tidal.com/{kind}/{ids.of(item, 'tidal')}"


def access_life(scopes: frozenset[str]) -> timedelta:
    """Four hours for a fan's, a day for the application's own."""
    return timedelta(hours=4) if scopes else timedelta(days=1)


FACTS = Facts(
    name="tidal",
    label="TIDAL",
    hosts=("openapi", "login", "auth", "www"),
    real_hosts=(".tidal.com",),
    site="www",
    endpoints={
        "api_url": "/tidal/openapi",
        "authorize_url": "/tidal/login/authorize",
        "token_url": "/tidal/auth/v1/oauth2/token",
        "open_url": "/tidal/www",
    },
    new_id=new_id,
    new_client_id=new_client_id,
    url=url,
    scopes=SCOPES,
    switches=SWITCHES,
    access_life=access_life,
    gives_refresh=lambda switches: bool(switches["gives_refresh_token"]),
    until="TIDAL's applications of others get this permission for four hours, unless it says otherwise.",
)
