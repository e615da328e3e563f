"""What the rest of the sandbox has to know of SoundCloud."""

from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.facts import Facts
from upbeat_sandbox.soundcloud.permalinks import SITE, permalink
from upbeat_sandbox.switches import Known, flag, positive, texts, whole

SWITCHES: Known = {
    "window_seconds": (30, positive, "length of the rolling window"),
    "app_token_limit": (50, whole, "tokens an application gets for itself within twelve hours"),
    "followings_limit": (2_000, whole, "how many people one account can follow; more is a 422"),
    "playlist_limit": (500, whole, "tracks a playlist can hold; more is a 422"),
    "blocked": (
        [],
        texts,
        "ISRCs of tracks nobody here may hear: lists leave them out unless `access` names them",
    ),
    "hidden": ([], texts, "ISRCs of tracks that playlists count and never show"),
    "invalid_grant_wave": (
        False,
        flag,
        "every refresh is answered invalid_grant, and nothing is spent by it",
    ),
}
_COLLECTIONS = {
    "track": "tracks",
    "album": "playlists",
    "playlist": "playlists",
    "artist": "users",
    "account": "users",
}
_SECOND_HALF = ("playlist", "account")
_HALF = 10**9


def new_id(kind: str, *words: object) -> str:
    """A URN. Releases and fans' playlists are both playlists, artists and fans both users: each kind has its range."""
    number = _HALF + ids.number_from("soundcloud", kind, *words) % _HALF
    return f"soundcloud:{_COLLECTIONS[kind]}:{number + (_HALF if kind in _SECOND_HALF else 0)}"


def url(kind: str, item: Any) -> str:
    return f"{SITE}/{permalink(item)}"


FACTS = Facts(
    name="soundcloud",
    label="SoundCloud",
    hosts=("api", "secure", "www"),
    real_hosts=(".soundcloud.com", "soundcloud.com"),
    site="www",
    endpoints={
        "api_url": "/soundcloud/api",
        "authorize_url": "/soundcloud/secure/authorize",
        "token_url": "/soundcloud/secure/oauth/token",
        "open_url": "/soundcloud/www",
    },
    new_id=new_id,
    new_client_id=ids.hex_id,
    url=url,
    scopes={},
    switches=SWITCHES,
)
