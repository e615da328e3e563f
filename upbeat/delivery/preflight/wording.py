"""Numbers, names and spans, as the lines of a check write them."""

from collections.abc import Sequence


def figures(number: int) -> str:
    """`11,415`."""
    return f"{number:,}"


def fans(number: int) -> str:
    """`1 fan`, `412 fans`."""
    return f"{number:,} fan{'s' * (number != 1)}"


def waiting(number: int) -> str:
    """`1 fan waits`, `412 fans wait`."""
    return f"{fans(number)} wait{'s' * (number == 1)}"


def listed(names: Sequence[str]) -> str:
    """`Spotify, Apple Music and Deezer`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def span(seconds: float) -> str:
    """`40 s`, `9 min`, `3 h 20 min`, `2 days`: as exact as an estimate is."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{round(minutes / 1440)} days"


def size(free: int) -> str:
    """`61 GB`, `480 MB`."""
    return (
        f"{free / 1e9:.0f} GB"
        if free >= 1e10
        else f"{free / 1e9:.1f} GB"
        if free >= 1e9
        else f"{free // 10**6} MB"
    )
