"""A day's budget: whom it pays first, how many days it takes, when it turns."""

from datetime import UTC, date, datetime

import pytest

from upbeat.core.budget import Purse, day_of, turns_at

PACIFIC = "America/Los_Angeles"


def test_a_twentieth_is_kept_for_looking() -> None:
    purse = Purse(10_000, 50)
    assert (purse.whole, purse.left, purse.fans_a_day) == (9_500, 9_500, 190)


@pytest.mark.parametrize(
    ("spent", "left", "over"), [(0, 9_500, False), (9_450, 50, False), (9_451, 49, True), (10_000, 0, True)]
)
def test_the_day_is_over_when_no_save_can_be_paid(spent: int, left: int, over: bool) -> None:
    purse = Purse(10_000, 50, spent)
    assert (purse.left, purse.over) == (left, over)


@pytest.mark.parametrize(
    ("saves", "spent", "may"),
    [(0, 9_450, True), (189, 0, True), (190, 0, False), (10, 9_000, False), (9, 9_000, True)],
)
def test_what_is_no_save_is_paid_from_what_no_save_needs(saves: int, spent: int, may: bool) -> None:
    assert Purse(10_000, 50, spent).has_more_than(saves, 50) is may


@pytest.mark.parametrize(
    ("units", "spent", "days"),
    [(9_500, 0, 0), (9_501, 0, 1), (19_000, 0, 1), (19_001, 0, 2), (50, 9_500, 1), (0, 10_000, 0)],
)
def test_so_many_midnights_pass_before_the_last_is_paid(units: int, spent: int, days: int) -> None:
    assert Purse(10_000, 50, spent).days_for(units) == days


@pytest.mark.parametrize(
    ("now", "turns", "day"),
    [
        ("2026-11-23T06:00", "2026-11-23T08:00", date(2026, 11, 22)),
        ("2026-11-23T08:00", "2026-11-24T08:00", date(2026, 11, 23)),
        ("2026-07-01T06:59", "2026-07-01T07:00", date(2026, 6, 30)),
        ("2027-03-14T09:00", "2027-03-15T07:00", date(2027, 3, 14)),  # the clocks go forward that night
        ("2026-11-01T08:30", "2026-11-02T08:00", date(2026, 11, 1)),  # and back
    ],
)
def test_the_day_turns_at_midnight_there(now: str, turns: str, day: date) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert turns_at(moment, PACIFIC) == datetime.fromisoformat(turns).replace(tzinfo=UTC)
    assert day_of(moment, PACIFIC) == day
