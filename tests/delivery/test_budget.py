"""A service that counts what an app spends in a day: it is planned, saves go first, and nobody is lost at midnight."""

from dataclasses import replace
from datetime import UTC, datetime
from time import time
from typing import Any

import pytest
from django.conf import settings

from tests.delivery import books
from tests.delivery.night import Night, as_grant
from tests.sandbox_process import Sandbox
from upbeat.campaigns.models import ServiceLink
from upbeat.core.delivery import State
from upbeat.core.preflight import Level, Line
from upbeat.delivery.budget import budget_of, shut_until
from upbeat.delivery.models import Delivery
from upbeat.delivery.pace import time_left
from upbeat.delivery.plan import plan_completion, plan_save
from upbeat.delivery.preflight.house import limits
from upbeat.delivery.preflight.subject import read as subject_of
from upbeat.delivery.spending import Spending, spend
from upbeat.providers.base import Action
from upbeat.web.dashboard.delivery.night import read
from upbeat.web.dashboard.delivery.service_rows import rows

pytestmark = pytest.mark.django_db(transaction=True)
MANAGE = "https://www.googleapis.com/auth/youtube"
SAVE, DAY = Action.SAVE, 86_400


@pytest.fixture
def night(sandbox: Sandbox) -> Night:
    return Night(sandbox)


def paste(night: Night) -> ServiceLink:
    """The team pastes the album's link."""
    shown = night.sandbox.ask("GET", f"/_control/releases/{night.campaign.release.upc}")["youtube"]
    release = night.campaign.release
    return ServiceLink.objects.create(
        release=release,
        service="youtube",
        kind="album",
        service_id=shown["id"],
        url=shown["url"],
        pasted=True,
    )


def crowd(night: Night, number: int, *, playlists: bool = False) -> None:
    for said in night.sandbox.grants("youtube", [MANAGE], count=number, prefix="fan"):
        pre_save = books.fan(night.campaign, "youtube", grant=as_grant(said, [MANAGE]), now=night.now())
        plan_save(pre_save, night.now())
        if playlists:
            books.choose(pre_save, playlist="Friday")
            plan_completion(pre_save, night.now())


def units(night: Night, number: int, *, ours: int | None = None) -> None:
    """How many the project has in a day; `ours`: how many we were told it has."""
    night.sandbox.turn("youtube", units_a_day=number)
    has = settings.SERVICES["youtube"]
    settings.SERVICES["youtube"] = replace(has, units_a_day=number if ours is None else ours)


def delivered(action: Action = SAVE) -> int:
    good = [State.DELIVERED, State.VERIFIED]
    return Delivery.objects.filter(service="youtube", action=action, state__in=good).count()


def fans(night: Night) -> list[dict[str, Any]]:
    """What is true of them."""
    return [one for name, one in night.sandbox.fans("youtube").items() if name.startswith("fan")]


def refused_by_quota(night: Night) -> int:
    return sum("quota" in call["error"] for call in night.sandbox.calls(service="youtube", status=403))


def to_midnight(night: Night) -> None:
    """A minute after the next midnight there."""
    budget = budget_of("youtube", night.now())
    assert budget is not None
    night.move_to(budget.turns_at)
    night.move(seconds=60)


def test_everybody_is_served_over_the_days_and_the_service_never_has_to_say_no(night: Night) -> None:
    units(night, 300)  # five saves a day
    paste(night)
    crowd(night, 12)
    night.release()
    served = []
    for _ in range(3):
        night.deliver()
        night.deliver()
        served.append(delivered())
        waiting = Delivery.objects.filter(service="youtube", action=SAVE, state=State.RETRYING)
        assert {row.next_at for row in waiting} <= {shut_until("youtube", night.now())}
        assert all(row.failures == 0 for row in waiting)
        to_midnight(night)
    assert served == [5, 10, 12]
    assert refused_by_quota(night) == 0
    assert {
        len(one["tracks"]) for one in night.sandbox.fans("youtube").values() if one["name"].startswith("fan")
    } == {1}


def test_saves_of_all_go_before_anything_else(night: Night) -> None:
    units(night, 600)
    paste(night)
    crowd(night, 9, playlists=True)
    night.release()
    night.deliver()
    assert delivered() == 9
    assert delivered(Action.FOLLOW) <= 2
    assert delivered(Action.PLAYLIST) == 0
    units(night, 5_000)
    for _ in range(6):
        to_midnight(night)
        night.deliver()
    assert delivered(Action.PLAYLIST) == delivered(Action.FOLLOW) == 9
    assert {len(one["artists"]) for one in fans(night)} == {1}
    assert {len(playlist["tracks"]) for one in fans(night) for playlist in one["playlists"]} == {10}
    assert sum(one["duplicates"] for one in fans(night)) == 0
    assert refused_by_quota(night) == 0


def test_the_services_own_word_closes_the_day(night: Night) -> None:
    """Somebody else spends of the same project, or its quota is smaller than we were told."""
    units(night, 200, ours=10_000)
    paste(night)
    crowd(night, 6)
    night.release()
    night.deliver()
    assert 0 < delivered() < 6
    assert shut_until("youtube", night.now()) is not None
    told = refused_by_quota(night)
    night.deliver()
    assert refused_by_quota(night) == told
    for _ in range(3):
        to_midnight(night)
        night.deliver()
    assert delivered() == 6


def test_how_long_it_takes_is_said_before_and_on_the_night(night: Night) -> None:
    paste(night)
    crowd(night, 3)
    units(night, 110)  # two saves a day

    def left() -> float:
        (pace,) = time_left(night.campaign, night.now(), time())
        return pace.seconds / DAY

    assert 1 < left() <= 3  # three saves and three follows
    lines = [line for line in run_check(night) if line.check == "limits"]
    assert [(line.level, line.what) for line in lines] == [(Level.WARNING, lines[0].what)]
    assert "3 fans wait, and YouTube lets us serve about 2 a day" in lines[0].sentence
    assert "UPBEAT_YOUTUBE_UNITS_A_DAY" in lines[0].advice
    night.release()
    night.deliver()
    night.deliver()
    budget = budget_of("youtube", night.now())
    assert budget is not None
    (pace,) = time_left(night.campaign, night.now(), time())
    assert pace.waits == pytest.approx((budget.turns_at - night.now()).total_seconds(), abs=5)
    page = read(night.campaign, night.now())
    (row,) = rows(page)
    assert row.now.startswith("goes on ")
    assert row.note is not None
    assert row.note.rest == "YouTube lets us serve about 2 fans a day. 1 fan goes on then; none is lost."


def run_check(night: Night) -> list[Line]:
    """The lines about limits of a check before the release."""
    subject = subject_of(night.campaign, night.now(), datetime.now(UTC))
    assert subject is not None
    return limits(subject)


def test_one_row_pays_for_all_processes() -> None:
    key, day = "youtube/app", datetime(2026, 11, 23, tzinfo=UTC).date()
    assert [spend(key, day, 50, most=120) for _ in range(3)] == [True, True, False]
    assert spend(key, day, 1, most=120)
    assert Spending.objects.get().units == 101
