"""The progress bar: delivered, queued, pending, could not, in this order."""

from dataclasses import dataclass

from upbeat.core.delivery import Headline
from upbeat.delivery.counts import Standing
from upbeat.web.dashboard import words

HEADLINES = tuple(headline.value for headline in Headline)
_LEAST_SHARE = 0.9
"""Per cent a count above none takes on the bar at least, so that it is seen."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a progress bar, in per cent of its length."""

    name: str
    x: str
    width: str


def bar(standing: Standing) -> list[Part]:
    """Its parts, each count in sight."""
    amounts = {name: amount for name in HEADLINES if (amount := getattr(standing, name))}
    if not amounts:
        return []
    shares = {name: max(_LEAST_SHARE, 100 * amount / standing.total) for name, amount in amounts.items()}
    scale, x, parts = 100 / sum(shares.values()), 0.0, []
    for name, share in shares.items():
        parts.append(Part(name, f"{x:.3f}%", f"{share * scale:.3f}%"))
        x += share * scale
    return parts


def in_figures(standing: Standing) -> dict[str, str]:
    """The four headline figures as they are written, and their sum."""
    return {name: words.in_figures(getattr(standing, name)) for name in (*HEADLINES, "total")}


def share(standing: Standing) -> str:
    """`98.8 %` of them have it; 100 only when that is everybody."""
    if not standing.total:
        return ""
    if standing.delivered == standing.total:
        return "100 %"
    return f"{min(100 * standing.delivered / standing.total, 99.9):.1f} %"
