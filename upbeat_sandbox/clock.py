"""The sandbox's own clock: the wall clock and an offset that can be moved."""

import calendar
import time
from datetime import UTC, datetime, timedelta

FURTHEST = 50 * 365 * 86_400


class Clock:
    """Tells the time inside the sandbox; every rule that depends on time asks here."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.offset, UTC)

    def set_to(self, moment: datetime) -> None:
        self.offset = moment.timestamp() - time.time()

    def advance(self, seconds: float) -> None:
        self.offset += seconds


def six_months_after(moment: datetime) -> datetime:
    """The same day and time six calendar months on (the last day of a shorter month)."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + 6, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def iso(moment: datetime) -> str:
    """`2026-11-22T23:04:02Z`, the form both the services and the control API print."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: object) -> datetime:
    """Reads an ISO 8601 moment with a zone ("2027-03-26T00:00:00Z"); ValueError says what is missing."""
    if not isinstance(text, str):
        raise ValueError('a moment is a text such as "2027-03-26T00:00:00Z"')
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'{text!r} is not a moment; write it as "2027-03-26T00:00:00Z"') from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; add Z or an offset such as +01:00")
    if not 1950 <= moment.year <= 2150:
        raise ValueError(f"{text!r} is too far away: the years from 1950 to 2150 will do")
    return moment.astimezone(UTC)


def seconds(value: object, name: str) -> timedelta:
    """A span given in seconds; ValueError when it is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is a number of seconds")
    if abs(value) > FURTHEST:
        raise ValueError(f"{name} is at most fifty years, {FURTHEST} seconds")
    return timedelta(seconds=value)
