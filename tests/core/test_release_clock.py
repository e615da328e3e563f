"""A day, a time and a zone become an instant, whatever the clocks do that night."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest

from upbeat.core import release_clock, zones
from upbeat.core.release_clock import Phase

BERLIN = "Europe/Berlin"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("day", "at", "zone", "fold", "opens"),
    [
        (date(2026, 3, 27), time(0), BERLIN, 0, utc(2026, 3, 26, 23)),
        (date(2026, 7, 10), time(0), BERLIN, 0, utc(2026, 7, 9, 22)),
        (date(2026, 10, 25), time(2, 30), BERLIN, 0, utc(2026, 10, 25, 0, 30)),
        (date(2026, 10, 25), time(2, 30), BERLIN, 1, utc(2026, 10, 25, 1, 30)),
        (date(2026, 10, 25), time(3), BERLIN, 1, utc(2026, 10, 25, 2)),
        (date(2026, 4, 24), time(0), "Africa/Cairo", 0, utc(2026, 4, 23, 22)),
        (date(2026, 4, 24), time(0), "Africa/Cairo", 1, utc(2026, 4, 23, 22)),
        (date(2026, 3, 29), time(2, 30), BERLIN, 0, utc(2026, 3, 29, 1)),
        (date(2026, 1, 1), time(0), "Pacific/Kiritimati", 0, utc(2025, 12, 31, 10)),
        (date(2026, 1, 1), time(0), "Asia/Kathmandu", 0, utc(2025, 12, 31, 18, 15)),
        (date(2011, 12, 30), time(0), "Pacific/Apia", 0, utc(2011, 12, 30, 10)),
        (date(2026, 3, 27), time(0), "UTC", 0, utc(2026, 3, 27)),
    ],
)
def test_the_instant_follows_the_zone(day: date, at: time, zone: str, fold: int, opens: datetime) -> None:
    assert release_clock.opens_at(day, at, zone, fold=fold) == opens


def test_an_hour_that_does_not_exist_is_explained() -> None:
    problem = release_clock.check(date(2026, 3, 29), time(2, 30), BERLIN)
    assert problem is not None
    assert problem.sentence == (
        "02:30 does not exist on this day in Berlin: the clocks go from 02:00 straight to 03:00. "
        "Choose 01:59 or earlier, or 03:00 or later."
    )


def test_a_skip_across_midnight_names_the_days() -> None:
    problem = release_clock.check(date(2026, 4, 24), time(0, 30), "Africa/Cairo")
    assert problem is not None
    assert problem.right == "Choose 23:59 on 23 April or earlier, or 01:00 on 24 April or later."


@pytest.mark.parametrize(
    ("day", "at", "zone"),
    [
        (date(2026, 3, 29), time(1, 59), BERLIN),
        (date(2026, 3, 29), time(3), BERLIN),
        (date(2026, 10, 25), time(2, 30), BERLIN),
        (date(2026, 4, 24), time(0), "Africa/Cairo"),
    ],
)
def test_an_hour_beside_the_gap_or_a_skipped_midnight_may_be_chosen(day: date, at: time, zone: str) -> None:
    assert release_clock.check(day, at, zone) is None


def test_a_midnight_that_does_not_exist_opens_when_the_day_begins() -> None:
    opens = release_clock.opens_at(date(2026, 4, 24), time(0), "Africa/Cairo")
    assert release_clock.in_words(opens, "Africa/Cairo").startswith("Friday 24 April 2026, 01:00 in Cairo")


@pytest.mark.parametrize("zone", ["", "Berlin", "Europe/Berlin\n", "../etc/passwd", "/etc/passwd", "Europe"])
def test_an_unknown_zone_is_a_problem_not_a_crash(zone: str) -> None:
    problem = release_clock.check(date(2026, 3, 27), time(0), zone)
    assert problem is not None
    assert problem.code == "zone_unknown"
    with pytest.raises(ValueError, match="time zone"):
        zones.zone(zone)


@pytest.mark.parametrize("day", [date.min, date(1969, 12, 31), date(2200, 1, 1), date.max])
def test_a_date_no_calendar_needs_is_a_problem(day: date) -> None:
    problem = release_clock.check(day, time(0), BERLIN)
    assert problem is not None
    assert problem.code == "date_far"


def test_an_hour_that_exists_twice_offers_both() -> None:
    choice = release_clock.twice(date(2026, 10, 25), time(2, 30), BERLIN)
    assert choice is not None
    assert choice.sentence == (
        "02:30 comes twice on this day in Berlin: the clocks go from 03:00 back to 02:00."
    )
    assert (choice.first, choice.second) == ("The first 02:30 (00:30 UTC)", "The second 02:30 (01:30 UTC)")


@pytest.mark.parametrize("at", [time(1, 59), time(3), time(12)])
def test_an_hour_that_exists_once_offers_nothing(at: time) -> None:
    assert release_clock.twice(date(2026, 10, 25), at, BERLIN) is None


def test_the_instant_itself_is_out() -> None:
    opens = utc(2026, 3, 26, 23)
    assert release_clock.phase(opens - timedelta(microseconds=1), opens) is Phase.BEFORE
    assert release_clock.phase(opens, opens) is Phase.OUT


def test_a_moment_that_has_passed_is_a_problem() -> None:
    opens = utc(2026, 3, 26, 23)
    assert release_clock.check_ahead(opens, opens - timedelta(seconds=1)) is None
    problem = release_clock.check_ahead(opens, opens)
    assert problem is not None
    assert problem.code == "date_past"


@pytest.mark.parametrize(
    ("instant", "zone", "words"),
    [
        (
            utc(2026, 3, 26, 23),
            BERLIN,
            "Friday 27 March 2026, 00:00 in Berlin (that is Thursday 26 March, 23:00 UTC)",
        ),
        (utc(2026, 3, 27), "UTC", "Friday 27 March 2026, 00:00 UTC"),
        (
            utc(2025, 12, 31, 23),
            BERLIN,
            "Thursday 1 January 2026, 00:00 in Berlin (that is Wednesday 31 December 2025, 23:00 UTC)",
        ),
    ],
)
def test_the_instant_in_words(instant: datetime, zone: str, words: str) -> None:
    assert release_clock.in_words(instant, zone) == words


def test_zones_are_called_by_their_city() -> None:
    assert zones.city("America/Argentina/Buenos_Aires") == "Buenos Aires"


def test_every_zone_offered_has_rules() -> None:
    assert {BERLIN, "UTC", "Asia/Tokyo"} <= set(zones.zone_names())
    assert all(utc(2026, 1, 1).astimezone(zones.zone(name)) for name in zones.zone_names())


def test_the_system_is_never_asked_for_time_zones() -> None:
    assert zoneinfo.TZPATH == ()
