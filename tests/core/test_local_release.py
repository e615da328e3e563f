"""A local release comes out when each fan's own clock shows the day and time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from upbeat.campaigns.models import Campaign
from upbeat.core import release_clock, zones

DAY = date(2027, 3, 26)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def campaign(
    day: date = DAY, at: time = time(0), zone: str = "Europe/Berlin", *, local: bool = True
) -> Campaign:
    made = Campaign(day=day, time=at, zone=zone, local=local)
    made.derive_moment()
    return made


@pytest.mark.parametrize(
    ("day", "at", "zone", "opens"),
    [
        (DAY, time(0), "Pacific/Kiritimati", utc(2027, 3, 25, 10)),
        (DAY, time(0), "Pacific/Auckland", utc(2027, 3, 25, 11)),
        (DAY, time(0), "Asia/Kathmandu", utc(2027, 3, 25, 18, 15)),
        (DAY, time(0), "Europe/Berlin", utc(2027, 3, 25, 23)),
        (DAY, time(0), "America/Los_Angeles", utc(2027, 3, 26, 7)),
        (DAY, time(18, 30), "America/Los_Angeles", utc(2027, 3, 27, 1, 30)),
        (DAY, time(0), "Etc/GMT+12", utc(2027, 3, 26, 12)),
        # No such midnight in Cairo, no such day in Apia: the instant the clocks skip it.
        (date(2026, 4, 24), time(0), "Africa/Cairo", utc(2026, 4, 23, 22)),
        (date(2011, 12, 30), time(0), "Pacific/Apia", utc(2011, 12, 30, 10)),
        # Midnight comes twice in Havana: the first of the two.
        (date(2026, 11, 1), time(0, 30), "America/Havana", utc(2026, 11, 1, 4, 30)),
        # Where we do not know a fan's zone, the team's counts.
        (DAY, time(0), "", utc(2027, 3, 25, 23)),
        (DAY, time(0), "Mars/Olympus", utc(2027, 3, 25, 23)),
        (DAY, time(0), "europe/berlin\n", utc(2027, 3, 25, 23)),
    ],
)
def test_each_fan_has_their_own_instant(day: date, at: time, zone: str, opens: datetime) -> None:
    assert campaign(day, at).opens_for(zone) == opens


def test_a_global_release_has_one_instant_for_all() -> None:
    one = campaign(local=False)
    assert {one.opens_for(name) for name in zones.every_zone()} == {one.opens_at} == {one.last_opens_at}
    assert one.opens_at == utc(2027, 3, 25, 23)


def test_a_local_release_begins_fourteen_hours_ahead_of_utc_and_ends_twelve_behind() -> None:
    one = campaign()
    assert (one.opens_at, one.last_opens_at) == (utc(2027, 3, 25, 10), utc(2027, 3, 26, 12))


@pytest.mark.parametrize("at", [time(0), time(2, 30), time(23, 59)])
@pytest.mark.parametrize(
    "day", [DAY, date(2026, 3, 29), date(2026, 11, 1), date(2011, 12, 30), date(1993, 8, 21)]
)
def test_no_zone_is_outside_the_first_and_the_last(day: date, at: time) -> None:
    instants = release_clock.local_instants(day, at)
    assert len(instants) > 24
    assert instants[0] == release_clock.opens_first(day, at)
    assert instants[-1] == instants[0] + release_clock.SPREAD == campaign(day, at).last_opens_at


def test_it_is_out_for_one_while_another_still_waits() -> None:
    one, now = campaign(), utc(2027, 3, 25, 12)
    assert one.is_out(now)
    assert one.is_out_for("Pacific/Auckland", now)
    assert not one.is_out_for("America/Los_Angeles", now)
    assert not one.is_out(utc(2027, 3, 25, 10) - timedelta(microseconds=1))


def test_without_a_day_there_is_no_instant() -> None:
    one = Campaign(zone="UTC", local=True)
    one.derive_moment()
    assert one.opens_at is None
    assert one.last_opens_at is None
    assert not one.is_out_for("UTC", utc(2027, 1, 1))
    with pytest.raises(ValueError, match="no moment"):
        one.opens_for("UTC")
