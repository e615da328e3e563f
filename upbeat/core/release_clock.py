"""A day, a time and a zone become the release instant; and the instant becomes words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from upbeat.core.problem import Problem
from upbeat.core.zones import city, every_zone, is_zone, zone

_SECOND = timedelta(seconds=1)
MIDNIGHT = time(0, 0)
_EASTERNMOST = "Etc/GMT-14"
SPREAD = timedelta(hours=14 + 12)
"""How long the world's clocks take to show one time: from fourteen hours ahead of UTC to twelve behind."""


class Phase(StrEnum):
    """Which page an address shows."""

    BEFORE = "before"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Twice:
    """An hour the clocks show twice: what to say, and the two choices (`fold` 0 and 1) in words."""

    sentence: str
    first: str
    second: str


def opens_at(day: date, at: time, zone_name: str, *, fold: int = 0) -> datetime:
    """The instant, in UTC, at which the clocks of the zone show this day and time.

    `fold` chooses between two such instants: 0 the first, 1 the second. Where the clocks skip the time (a midnight
    in Cairo), it is the instant they skip it. Raises `ValueError` for an unknown zone.
    """
    change = _change(day, at, zone_name)
    if change is not None and change.skips:
        return change.instant
    return datetime.combine(day, at.replace(tzinfo=zone(zone_name), fold=fold)).astimezone(UTC)


def opens_first(day: date, at: time) -> datetime:
    """The first instant at which any fan's clock shows this day and time; the last comes `SPREAD` later."""
    return opens_at(day, at, _EASTERNMOST)


@lru_cache(maxsize=4096)
def opens_where(day: date, at: time, zone_name: str, otherwise: str) -> datetime:
    """The instant for somebody whose clocks these are; for a zone we do not know, that of the zone `otherwise`."""
    return opens_at(day, at, zone_name if is_zone(zone_name) else otherwise)


@lru_cache(maxsize=256)
def local_instants(day: date, at: time) -> tuple[datetime, ...]:
    """Every instant at which the clocks of some zone show this day and time, in their order: the waves of a night."""
    return tuple(sorted({opens_at(day, at, name) for name in every_zone()}))


def check(day: date, at: time, zone_name: str) -> Problem | None:
    """Whether a person may choose this. A skipped midnight is fine: the day then begins a little later."""
    if not is_zone(zone_name):
        return Problem(
            "zone_unknown", "We do not know this time zone.", "Choose one from the list, like Europe/Berlin."
        )
    if not date(1970, 1, 2) <= day <= date(2199, 12, 31):
        return Problem("date_far", "This date is too far away.", "Choose one between 1970 and 2199.")
    change = _change(day, at, zone_name)
    if change is None or not change.skips or at == MIDNIGHT:
        return None
    last = change.before - timedelta(minutes=1)
    return Problem(
        "time_skipped",
        f"{at:%H:%M} does not exist on this day in {city(zone_name)}: "
        f"the clocks go from {change.shown(change.before)} straight to {change.shown(change.after)}.",
        f"Choose {change.shown(last)} or earlier, or {change.shown(change.after)} or later.",
    )


def check_ahead(opens: datetime, now: datetime) -> Problem | None:
    """A release still to come must lie ahead."""
    if opens > now:
        return None
    return Problem("date_past", "This moment has passed.", "Choose a date and time that lies ahead.")


def twice(day: date, at: time, zone_name: str) -> Twice | None:
    """The choice to offer when the clocks show this time twice on this day, else None."""
    change = _change(day, at, zone_name)
    if change is None or change.skips:
        return None
    first, second = (opens_at(day, at, zone_name, fold=fold) for fold in (0, 1))
    return Twice(
        f"{at:%H:%M} comes twice on this day in {city(zone_name)}: "
        f"the clocks go from {change.before:%H:%M} back to {change.after:%H:%M}.",
        f"The first {at:%H:%M} ({first:%H:%M} UTC)",
        f"The second {at:%H:%M} ({second:%H:%M} UTC)",
    )


def phase(now: datetime, opens: datetime) -> Phase:
    """The page's phase at `now`. Both carry a zone. The instant itself is already out."""
    return Phase.OUT if now >= opens else Phase.BEFORE


def day_and_time(instant: datetime, zone_name: str) -> str:
    """The day and time the clocks of the zone show: `Friday 27 March 2026, 00:00`."""
    local = instant.astimezone(zone(zone_name))
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"


def in_words(instant: datetime, zone_name: str) -> str:
    """The instant for a person: `Friday 27 March 2026, 00:00 in Berlin (that is Thursday 26 March, 23:00 UTC)`."""
    local = day_and_time(instant, zone_name)
    if zone_name in ("UTC", "Etc/UTC"):
        return f"{local} UTC"
    utc = instant.astimezone(UTC)
    year = "" if utc.year == instant.astimezone(zone(zone_name)).year else f" {utc.year}"
    return f"{local} in {city(zone_name)} (that is {utc:%A} {utc.day} {utc:%B}{year}, {utc:%H:%M} UTC)"


@dataclass(frozen=True, slots=True)
class _Change:
    """The clocks change: at `instant` they go from `before` to `after`."""

    instant: datetime
    before: datetime
    after: datetime

    @property
    def skips(self) -> bool:
        return self.after > self.before

    def shown(self, reading: datetime) -> str:
        """A reading next to this change: with its day where the change crosses midnight."""
        last = self.before - timedelta(minutes=1)
        day = "" if last.date() == self.after.date() else f" on {reading.day} {reading:%B}"
        return f"{reading:%H:%M}{day}"


def _change(day: date, at: time, zone_name: str) -> _Change | None:
    """The change that makes this local time come never or twice, if one does."""
    rules = zone(zone_name)
    earlier, later = (datetime.combine(day, at.replace(fold=fold), rules).utcoffset() for fold in (0, 1))
    if earlier is None or later is None or earlier == later:
        return None
    shown = datetime.combine(day, at, UTC)
    low, high = sorted((shown - earlier, shown - later))
    low -= _SECOND
    while high - low > _SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (low, middle) if middle.astimezone(rules).utcoffset() == later else (middle, high)
    return _Change(high, (high + earlier).replace(tzinfo=None), (high + later).replace(tzinfo=None))
