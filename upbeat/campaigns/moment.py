"""The release's day, time and zone as people type them, and the instant they make (S21)."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from upbeat.campaigns.models import Campaign
from upbeat.campaigns.trouble import Remedy, Trouble
from upbeat.core import release_clock
from upbeat.core.problem import Problem
from upbeat.core.zones import is_zone, zone

FIELDS = ("day", "time", "zone", "fold", "local")
_TIME = re.compile(r"([01]?\d|2[0-3])(?:\s*[:.h]\s*([0-5]\d))?")
_FIELD_OF = {"zone_unknown": "zone", "date_far": "day", "date_past": "day"}


def read_day(text: str) -> date | Problem:
    """A day as a date field sends it."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return Problem("day_shape", "This is not a day of the calendar.", "Write it like 2027-03-26.")


def read_time(text: str) -> time | Problem:
    """A time of day on the 24-hour clock: `00:00`, `9`, `21.30`."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return Problem("time_shape", "This is not a time of day.", "Write it like 00:00 or 18:30.")
    return time(int(found[1]), int(found[2] or 0))


def answer_when(campaign: Campaign, typed: Mapping[str, str], now: datetime) -> Trouble | None:
    """Set the campaign's moment from what was typed, or say why it cannot be that one.

    It may be moved at any time, also when the music is out already, to one that lies ahead.
    """
    day = read_day(typed["day"]) if typed.get("day", "").strip() else None
    at = read_time(typed["time"]) if typed.get("time", "").strip() else None
    for name, read in (("day", day), ("time", at)):
        if isinstance(read, Problem):
            return Trouble(read, name)
    assert not isinstance(day, Problem)
    assert not isinstance(at, Problem)
    zone_name = typed.get("zone", "")
    if not is_zone(zone_name):
        return _trouble(release_clock.check(date(2000, 1, 1), time(0), zone_name))
    if campaign.state == Campaign.PUBLISHED and (day is None or at is None):
        return Trouble(
            Problem("moment_missing", "A published page needs its day and time.", "Choose both."), "day"
        )
    fold, local = typed.get("fold", ""), typed.get("local", "") == "1"
    if day is not None and at is not None:
        trouble = (
            _holds_somewhere(day, at, zone_name, now) if local else _holds(day, at, zone_name, fold, now)
        )
        if trouble:
            return trouble
    campaign.day, campaign.time, campaign.zone = day, at, zone_name
    campaign.fold, campaign.local = int(fold == "1" and not local), local
    campaign.derive_moment()
    return None


def _holds(day: date, at: time, zone_name: str, fold: str, now: datetime) -> Trouble | None:
    problem = release_clock.check(day, at, zone_name)
    if problem is not None:
        return Trouble(
            problem, _FIELD_OF.get(problem.code, "time"), _around_the_gap(problem, day, at, zone_name)
        )
    twice = release_clock.twice(day, at, zone_name)
    if twice is not None and fold not in ("0", "1"):
        choice = (Remedy(twice.first, {"fold": "0"}), Remedy(twice.second, {"fold": "1"}))
        return Trouble(Problem("time_twice", twice.sentence, "Say which one is meant."), "time", choice)
    opens = release_clock.opens_at(day, at, zone_name, fold=int(fold == "1"))
    return _trouble(release_clock.check_ahead(opens, now))


def _holds_somewhere(day: date, at: time, zone_name: str, now: datetime) -> Trouble | None:
    """For a local release: each zone has its own way through a gap or an hour that comes twice.

    By the team's own clock it must lie ahead; where a few fans' clocks are past it already, it is out for them.
    """
    problem = release_clock.check(day, release_clock.MIDNIGHT, zone_name)
    return _trouble(problem or release_clock.check_ahead(release_clock.opens_at(day, at, zone_name), now))


def _around_the_gap(problem: Problem, day: date, at: time, zone_name: str) -> tuple[Remedy, ...]:
    """The first minute after the clocks have skipped this time, and the last one before."""
    if problem.code != "time_skipped":
        return ()
    skipped_at = release_clock.opens_at(day, at, zone_name)
    minutes = (skipped_at, skipped_at - timedelta(minutes=1))
    return tuple(_use(minute.astimezone(zone(zone_name)), day) for minute in minutes)


def _use(local: datetime, day: date) -> Remedy:
    values = {"time": f"{local:%H:%M}"}
    if local.date() == day:
        return Remedy(f"Use {local:%H:%M}", values)
    return Remedy(f"Use {local:%H:%M} on {local.day} {local:%B}", values | {"day": local.date().isoformat()})


def _trouble(problem: Problem | None) -> Trouble | None:
    return None if problem is None else Trouble(problem, _FIELD_OF.get(problem.code, "time"))
