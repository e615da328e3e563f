"""Careful reading of parsed JSON: a field that is missing or of another kind reads as empty, never as an error."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

_MOST_FIGURES = 18
_TEN_YEARS = 315_360_000


def at(value: Any, *path: str) -> Any:
    """The value at the end of a path of keys, or None."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text(value: Any, *path: str) -> str:
    """The text or number there, as text."""
    found = at(value, *path)
    if isinstance(found, str):
        return found
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else ""


def number(value: Any, *path: str) -> int:
    """The whole number there; 0 where there is none."""
    found = at(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def digits(value: Any, *path: str) -> int:
    """The whole number there, or the one written there in figures; 0 where there is none, or one nobody means."""
    said = text(value, *path)
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _MOST_FIGURES else 0


def seconds(value: Any, *path: str) -> timedelta:
    """A span in seconds, ten years at the most; none at all where there is no sensible one."""
    return timedelta(seconds=min(digits(value, *path), _TEN_YEARS))


def dicts(value: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of the list there; whatever else is in it (nulls) is left out."""
    found = at(value, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def day(value: Any, *path: str) -> date | None:
    """A whole date (`2026-03-27`); a year or a month alone is none."""
    try:
        return date.fromisoformat(text(value, *path))
    except ValueError:
        return None


def first(values: Iterable[str]) -> str:
    """The first that is not empty."""
    return next((value for value in values if value), "")


def upc(code: str) -> str:
    """A release's code without needless zeros, as `core.identifiers.Upc` has it; empty where there is none."""
    return code.lstrip("0").zfill(12) if code.strip("0") else ""
