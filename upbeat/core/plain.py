"""Values as JSON has them, and names as a sentence has them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any


def plain(value: Any) -> Any:
    """The same with times as ISO 8601, all the way down."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def in_a_row(names: Iterable[str]) -> str:
    """`Spotify`, `Spotify and Deezer`, `Spotify, Deezer and TIDAL`."""
    *others, last = [*names] or [""]
    return f"{', '.join(others)} and {last}" if others else last
