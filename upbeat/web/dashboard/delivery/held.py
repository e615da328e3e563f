"""A held service: what was announced and what its catalogue shows, side by side, for the team to decide."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from upbeat.campaigns.models import Release
from upbeat.core.hosts import label_of
from upbeat.core.identifiers import spaced
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery import night_words
from upbeat.web.dashboard.delivery.night import Night

_PRINTED = (12, 13)
"""How many digits of a code are printed in groups under its bars."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact on both sides."""

    what: str
    announced: str
    seen: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Held:
    """The question for the team. No `lines`: it is the canary that failed, not the release."""

    service: str
    label: str
    fans: int
    number: str
    lines: list[Line]
    canary: str
    closes: str
    others: list[tuple[str, str]]
    """Other services that are held, too."""


def held(night: Night, service: str) -> Held | None:
    """What is to be decided: of `service`, or of the first that is held."""
    if not night.held:
        return None
    name = service if service in night.held else night.held[0]
    fans = night.found.services[name].fans.queued
    return Held(
        name,
        label_of(name),
        fans,
        words.fans(fans),
        compare(night.campaign.release, night.links[name].seen, night.links[name].differs)
        if night.wrong_release(name)
        else [],
        "" if night.wrong_release(name) else _canary(night, name),
        night_words.short_day(night, night.closes),
        [(other, label_of(other)) for other in night.held if other != name],
    )


def compare(release: Release, seen: dict[str, Any], differs: list[str]) -> list[Line]:
    """Line by line. What neither side knows is left out."""
    pairs = (
        ("title", "Title", release.title, seen.get("title")),
        ("artist", "Artist", release.artist.name, seen.get("artist")),
        ("upc", "UPC", printed(release.upc), printed(str(seen.get("upc") or "").lstrip("0"))),
        ("isrc", "ISRC", release.isrc, seen.get("isrc")),
        ("track_count", "Tracks", release.track_count, seen.get("track_count")),
        ("release_date", "Release day", _day(release.campaign.day), _day(_read(seen.get("release_date")))),
    )  # fmt: skip
    return [
        Line(what, str(mine or "–"), str(theirs or "–"), field in differs)
        for field, what, mine, theirs in pairs
        if theirs or field in differs
    ]


def _canary(night: Night, service: str) -> str:
    batch = night.batches[service]
    missing = batch.canary_read - batch.canary_good
    were = "was" if batch.canary_read == 1 else "were"
    return (
        f"{words.fans(batch.canary_read)} {were} served first and read back. {words.in_figures(missing)} "
        f"of them {'does' if missing == 1 else 'do'} not have the release, although {label_of(service)} "
        "said that it was saved."
    )


def printed(code: str) -> str:
    """A UPC as it stands under its bars."""
    digits = code.zfill(_PRINTED[0]) if code else ""
    return spaced(digits) if len(digits) in _PRINTED and digits.isdigit() else code


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""


def _read(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
