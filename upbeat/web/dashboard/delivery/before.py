"""Before the night: what will happen, when, and whether everything is ready for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from upbeat.core.canary import HANDFUL
from upbeat.core.channels import is_channel
from upbeat.core.hosts import label_of
from upbeat.delivery.counts import Standings
from upbeat.delivery.source import AHEAD
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery import night_words
from upbeat.web.dashboard.delivery.night import Night

_SECOND = timedelta(seconds=1)
_CANARY = timedelta(seconds=10)
"""About how long a canary takes: a handful of fans, and reading them back."""
_OCCASIONS = (
    (timedelta(days=7), "7 days"),
    (timedelta(hours=48), "48 hours"),
    (timedelta(hours=24), "24 hours"),
    (timedelta(hours=1), "one hour"),
)
_TITLES = {"7d": "7 days", "48h": "48 hours", "24h": "24 hours", "1h": "one hour"}
_ORDER = {"stop": 0, "warning": 1, "fine": 2}


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing that will happen. `mark`: done, next, last, or empty for the instant itself."""

    time: str
    what: str
    sentence: str
    mark: str = "next"


@dataclass(frozen=True, slots=True)
class Flight:
    """The last pre-flight as a column: trouble first."""

    title: str
    note: str
    lines: list[dict[str, Any]]
    stops: list[dict[str, Any]]
    worst: str


def will_happen(night: Night) -> list[Coming]:
    """The night in sentences, in its order."""
    opens, zone = night.opens, night.zone
    return [
        _look(night),
        Coming(
            words.clock_time(opens, zone),
            "The page turns" if not night.campaign.local else "The first midnight",
            "The same link becomes the smart link. No job has to run for it."
            if not night.campaign.local
            else "The page turns and the fans are served zone by zone, each at their own midnight.",
            "",
        ),
        Coming(
            words.clock_time(opens + _SECOND, zone),
            "Canary",
            f"{HANDFUL} fans on each service first. They are read back before anyone else is touched.",
        ),
        Coming(words.clock_time(opens + _CANARY, zone), "Everyone", _everyone(night)),
        *_last_fan(night),
        Coming(
            night_words.short_day(night, night.closes),
            "The window closes",
            "Until then we try again for every fan still waiting. After that each one has a named end.",
            "last",
        ),
    ]


def flight(night: Night) -> Flight | None:
    """The last one made, or None."""
    made = night.flight
    if made is None:
        return None
    lines = sorted(made.lines, key=lambda line: _ORDER.get(line.get("level", ""), 3))
    stops = [line for line in lines if line.get("level") == "stop"]
    occasion = _TITLES.get(made.occasion, "")
    title = f"Pre-flight, {occasion} before" if stops and occasion else "Pre-flight"
    coming = _next_flight(night)
    note = f"Last look {_moment(night, made.at)}" if not stops else _moment(night, made.at)
    if stops and coming:
        note += f" · next look {coming}"
    return Flight(title, note, lines, stops, made.worst)


def first_flight(night: Night) -> str:
    """What stands where no pre-flight has been made yet."""
    coming = _next_flight(night)
    return f"The next look is on {coming}, by itself." if coming else ""


def _next_flight(night: Night) -> str:
    for ahead, _ in _OCCASIONS:
        if night.opens - ahead > night.now:
            return _moment(night, night.opens - ahead)
    return ""


def _moment(night: Night, at: Any) -> str:
    """`23:55:00` on the day itself, `Thu 26 Nov, 00:00` on another."""
    return night_words.clock(night, at)


def _look(night: Night) -> Coming:
    begins = night.opens - AHEAD
    services = night.savers
    found = {name: link.found_at for name in services if (link := night.links.get(name)) and link.found_at}
    missing = [name for name in services if name not in found]
    told = []
    if found:
        places = ", ".join(
            f"{label_of(name)} {night_words.hours(night, at)}" if at >= begins else label_of(name)
            for name, at in found.items()
        )
        told.append(f"Found on {places}.")
    for name in missing:
        link = night.links.get(name)
        again = link.next_look_at if link else None
        if night.looking and again and again > night.now:
            told.append(f"{label_of(name)}: not yet, next look {night_words.hours(night, again)}.")
        else:
            told.append(f"{label_of(name)}: one look for all fans, again and again until it is there.")
    if not services:
        told.append("On every service, once for all fans.")
    return Coming(
        night_words.hours(night, begins),
        "Looking for the release",
        " ".join(told),
        "done" if night.looking else "next",
    )


def _everyone(night: Night) -> str:
    """`9,871 libraries, 2,340 playlists, 1,120 artist follows on Deezer.`"""
    every = night.found.all
    if not every.fans.total:
        return "Whoever has pre-saved by then."
    reminders = sum(night.found.services[name].fans.total for name in night.services if is_channel(name))
    told = []
    if every.fans.total > reminders:
        told.append(_counted(every.fans.total - reminders, "library", "libraries"))
    if reminders:
        told.append(_counted(reminders, "reminder", "reminders"))
    if every.playlists.total:
        told.append(_counted(every.playlists.total, "playlist", "playlists"))
    told += [
        f"{_counted(number, 'artist follow', 'artist follows')} on {label_of(name)}"
        for name in night.services
        if (number := _follows(night.found.services[name]))
    ]
    return ", ".join(told) + "."


def _follows(standings: Standings) -> int:
    return standings.follows.queued


def _counted(number: int, one: str, more: str) -> str:
    return f"{words.in_figures(number)} {one if number == 1 else more}"


def _last_fan(night: Night) -> list[Coming]:
    if not night.left:
        return []
    seconds = night.seconds_left
    if night.campaign.local:
        return [
            Coming(night_words.when(night, night.last_opens), "The last midnight",
                   f"Every fan by then: {len(night.midnights)} midnights around the world."),
        ]  # fmt: skip
    at = night.opens + timedelta(seconds=seconds + 30)
    said = f"About {night_words.span(seconds)} at the pace the services allow."
    rehearsed = night.rehearsal
    if rehearsed is not None and rehearsed.passed and rehearsed.seconds:
        on = night_words.day(night, rehearsed.began_at)
        took = night_words.exact_span(rehearsed.seconds)
        said = f"Rehearsed on {on} with {words.fans(rehearsed.fans)}: {took}."
    hours = night_words.hours(night, at) if seconds < 72000 else night_words.day(night, at)
    return [Coming(f"≈ {hours}", "Last fan of the night", said)]
