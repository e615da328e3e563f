"""How a service behaves just now: named settings that the control API can turn."""

from collections.abc import Callable
from typing import Any

Switches = dict[str, Any]
Check = Callable[[Any], bool]


def one_of(*values: Any) -> Check:
    return lambda value: value in values and not (isinstance(value, bool) and True not in values)


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def whole_or_none(value: Any) -> bool:
    return value is None or whole(value)


def seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 10**8


def positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def at_most_five_texts(value: Any) -> bool:
    return texts(value) and len(value) <= 5


# name: (default, check, what it does)
COMMON: dict[str, tuple[Any, Check, str]] = {
    "calls_per_window": (
        None,
        whole_or_none,
        "calls an application may make in the rolling window; null: no limit",
    ),
    "clock_seconds_ahead": (
        0,
        seconds,
        "how far its clock, as the Date header tells it, is ahead of the machine's; negative: behind",
    ),
    "withhold_scopes": ([], texts, "scopes left out of every consent, although the fan agreed"),
    "library_limit": (
        None,
        whole_or_none,
        "how much a fan can save before the library is full; null: no end",
    ),
}
SPOTIFY: dict[str, tuple[Any, Check, str]] = {
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
DEEZER: dict[str, tuple[Any, Check, str]] = {
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
KNOWN = {"spotify": COMMON | SPOTIFY, "deezer": COMMON | DEEZER}


def defaults(service: str) -> Switches:
    return {
        name: list(value) if isinstance(value, list) else value
        for name, (value, _, _) in KNOWN[service].items()
    }


def turn(switches: Switches, service: str, wanted: dict[str, Any]) -> None:
    """Sets several at once, or none: ValueError names the first that is unknown or out of range."""
    for name, value in wanted.items():
        if name not in KNOWN[service]:
            raise ValueError(f"{service} has no switch {name!r}; it has {', '.join(KNOWN[service])}")
        _, check, meaning = KNOWN[service][name]
        if not check(value):
            raise ValueError(f"{name} cannot be {value!r}: {meaning}")
    switches.update(wanted)
