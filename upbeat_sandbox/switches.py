"""How a service behaves just now: named settings that the control API can turn."""

from collections.abc import Callable
from typing import Any

Switches = dict[str, Any]
Check = Callable[[Any], bool]
Known = dict[str, tuple[Any, Check, str]]
"""name: (default, check, what it does)"""


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


COMMON: Known = {
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


def defaults(known: Known) -> Switches:
    return {
        name: list(value) if isinstance(value, list) else value
        for name, (value, _, _) in (COMMON | known).items()
    }


def turn(switches: Switches, service: str, known: Known, wanted: dict[str, Any]) -> None:
    """Sets several at once, or none: ValueError names the first that is unknown or out of range."""
    every = COMMON | known
    for name, value in wanted.items():
        if name not in every:
            raise ValueError(f"{service} has no switch {name!r}; it has {', '.join(every)}")
        _, check, meaning = every[name]
        if not check(value):
            raise ValueError(f"{name} cannot be {value!r}: {meaning}")
    switches.update(wanted)
