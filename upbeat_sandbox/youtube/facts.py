"""What the rest of the sandbox has to know of YouTube."""

from datetime import datetime
from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.clock import six_months_after
from upbeat_sandbox.facts import Facts
from upbeat_sandbox.switches import Known, one_of, positive, texts, whole
from upbeat_sandbox.youtube.scopes import SCOPES

SWITCHES: Known = {
    "window_seconds": (60, positive, "length of the rolling window"),
    "units_a_day": (10_000, whole, "the project's quota; it starts afresh at midnight Pacific Time"),
    "searches_a_day": (100, whole, "search.list has a quota of its own"),
    "publishing": (
        "production",
        one_of("production", "testing"),
        "of the consent screen; while it is tested, permissions die after seven days",
    ),
    "no_channel": ([], texts, "names of fans who have a Google account and no YouTube channel"),
    "no_likes": ([], texts, "ids of videos that take no likes"),
    "playlist_limit": (5_000, whole, "videos a playlist can hold"),
}
_LENGTHS = {"album": ("OLAK5uy_", 33), "track": ("", 11), "playlist": ("PL", 32)}


def new_id(kind: str, *words: object) -> str:
    """A video, a playlist (an album's is one that YouTube makes), or a channel: an artist's or a fan's."""
    start, length = _LENGTHS.get(kind, ("UC", 22))
    return start + ids.base62(ids.number_from("youtube", kind, *words), length)


def new_client_id(*words: object) -> str:
    number = ids.number_from("google", *words)
    return f"{number % 9 * 10**11 + number % 10**11 + 10**11}-{ids.base36(number, 32)}.apps.googleusercontent.com"


def api_key(client: Any) -> str:
    """The API key of the client's project."""
    return "AIza" + ids.base62(ids.number_from("api key", client.id), 35)


def credential(client: Any) -> dict[str, str]:
    return {"client_id": client.id, "client_secret": client.secret, "api_key": api_key(client)}


def url(kind: str, item: Any) -> str:
    page = {"track": "watch?v=", "album": "playlist?list=", "playlist": "playlist?list="}.get(
        kind, "channel/"
    )
    return f"https://www.youtube.com/{page}{ids.of(item, 'youtube')}"


def dies_at(authorized_at: datetime) -> datetime:
    """Six months without use; each use begins them anew."""
    return six_months_after(authorized_at)


FACTS: Facts = Facts(
    name="youtube",
    label="YouTube",
    hosts=("api", "accounts", "oauth2", "www"),
    real_hosts=(".youtube.com", ".googleapis.com", ".google.com"),
    site="www",
    endpoints={
        "api_url": "/youtube/api",
        "authorize_url": "/youtube/accounts/o/oauth2/v2/auth",
        "token_url": "/youtube/oauth2/token",
        "open_url": "/youtube/www",
    },
    new_id=new_id,
    new_client_id=new_client_id,
    credential=credential,
    url=url,
    scopes=SCOPES,
    switches=SWITCHES,
    dies_at=dies_at,
    until="This permission ends by itself when it has not been used for six months.",
)
