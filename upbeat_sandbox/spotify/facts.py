"""What the rest of the sandbox has to know of Spotify."""

from datetime import datetime
from typing import Any

from upbeat_sandbox import ids
from upbeat_sandbox.clock import six_months_after
from upbeat_sandbox.facts import Facts
from upbeat_sandbox.spotify.scopes import SCOPES
from upbeat_sandbox.switches import Known, at_most_five_texts, flag, one_of, positive, whole

SWITCHES: Known = {
    "window_seconds": (30, positive, "length of the rolling window"),
    "mode": ("extended", one_of("extended", "development"), "quota mode of the application"),
    "allow_list": ([], at_most_five_texts, "the fan names (five at most) that development mode serves"),
    "not_registered_body": (
        "json",
        one_of("text", "json", "json2026"),
        "how it says that a fan is not on the list",
    ),
    "artist_follow": (
        "accepted",
        one_of("accepted", "refused", "ignored"),
        "spotify:artist: in PUT /v1/me/library",
    ),
    "rotate_refresh_tokens": (
        False,
        flag,
        "whether a client with a secret gets a new refresh token on every refresh",
    ),
    "replay_revokes": (False, flag, "whether a code used twice revokes what it brought"),
    "playlist_limit": (10_000, whole, "items a playlist can hold"),
}


def new_id(kind: str, *words: object) -> str:
    """28 characters for an account, 22 for everything else."""
    if kind == "account":
        return "31" + ids.base36(ids.number_from(kind, *words), 26)
    return ids.spotify_id(kind, *words)


def url(kind: str, item: Any) -> str:
    return f"https://open.spotify.com/{kind}/{ids.of(item, 'spotify')}"


def dies_at(authorized_at: datetime) -> datetime:
    return six_months_after(authorized_at)


FACTS = Facts(
    name="spotify",
    label="Spotify",
    hosts=("api", "accounts", "open"),
    real_hosts=(".spotify.com",),
    site="open",
    endpoints={
        "api_url": "/spotify/api",
        "authorize_url": "/spotify/accounts/authorize",
        "token_url": "/spotify/accounts/api/token",
        "open_url": "/spotify/open",
    },
    new_id=new_id,
    new_client_id=ids.hex_id,
    url=url,
    scopes=SCOPES,
    switches=SWITCHES,
    dies_at=dies_at,
    until="This permission ends by itself six months from now.",
)
