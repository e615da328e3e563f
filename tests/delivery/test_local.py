"""A local release: every fan at their own midnight, to the second, in waves of the same machinery."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.delivery import books
from tests.delivery.night import Night, states
from tests.sandbox_process import Sandbox
from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.cut import cut
from upbeat.delivery.engine.queue import live_job_ids
from upbeat.delivery.engine.retry import Later
from upbeat.delivery.models import Batch, Chunk, Delivery
from upbeat.delivery.plan import AHEAD, plan_completion, plan_save, replan, replan_fan
from upbeat.delivery.source import next_look
from upbeat.delivery.tasks import release
from upbeat.fans.models import PreSave

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 12, 4)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AUCKLAND, BERLIN, NEW_YORK, LOS_ANGELES = (
    "Pacific/Auckland",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
)
MIDNIGHT = {
    AUCKLAND: datetime(2026, 12, 3, 11, tzinfo=UTC),
    BERLIN: datetime(2026, 12, 3, 23, tzinfo=UTC),
    NEW_YORK: datetime(2026, 12, 4, 5, tzinfo=UTC),
    LOS_ANGELES: datetime(2026, 12, 4, 8, tzinfo=UTC),
}
SECOND = timedelta(seconds=1)


def local(campaign: Campaign | None = None, day: date = DAY) -> Campaign:
    """A release at each fan's own midnight; the team is in Berlin."""
    campaign = campaign or books.campaign()
    campaign.day, campaign.time, campaign.zone, campaign.local = day, time(0), BERLIN, True
    campaign.derive_moment()
    campaign.save()
    return campaign


def fan_in(campaign: Campaign, zone: str, now: datetime = NOW) -> PreSave:
    pre_save = books.fan(campaign, now=now - timedelta(days=1))
    pre_save.zone = zone
    pre_save.save()
    plan_save(pre_save, now)
    return pre_save


def dues() -> list[datetime]:
    rows = Delivery.objects.order_by("id").values_list("due_at", "next_at")
    assert all(due_at == next_at for due_at, next_at in rows)
    return [due_at for due_at, _ in rows]


def test_each_fan_is_planned_for_their_own_midnight() -> None:
    campaign = local()
    for zone in (*MIDNIGHT, "", "Mars/Olympus"):
        fan_in(campaign, zone)
    assert dues() == [*MIDNIGHT.values(), MIDNIGHT[BERLIN], MIDNIGHT[BERLIN]]


def test_a_fan_whose_midnight_has_passed_is_served_at_once_and_another_waits() -> None:
    campaign, now = local(), MIDNIGHT[BERLIN]
    early, late = fan_in(campaign, AUCKLAND, now), fan_in(campaign, LOS_ANGELES, now)
    assert [row.state for row in (early.deliveries.get(), late.deliveries.get())] == ["queued", "waiting"]
    assert Chunk.objects.get().pre_save == early
    books.choose(late, playlist="New")
    plan_completion(late, now)
    assert late.deliveries.get(action="playlist").due_at == MIDNIGHT[LOS_ANGELES]


def test_who_comes_back_from_another_zone_is_planned_for_that_one() -> None:
    campaign = local()
    pre_save = fan_in(campaign, BERLIN)
    pre_save.zone = NEW_YORK
    pre_save.save()
    plan_save(pre_save, NOW)
    assert dues() == [MIDNIGHT[NEW_YORK]]


def test_a_corrected_zone_moves_that_fan_both_ways_and_nobody_else() -> None:
    campaign, now = local(), MIDNIGHT[BERLIN] + SECOND
    mine, other = fan_in(campaign, LOS_ANGELES), fan_in(campaign, LOS_ANGELES)
    mine.zone = AUCKLAND
    mine.save()
    chunk = replan_fan(mine, now)
    assert chunk is not None and chunk.job_id is not None
    assert mine.deliveries.get().state == State.QUEUED
    mine.zone = NEW_YORK
    mine.save()
    assert replan_fan(mine, now) is None
    assert [mine.deliveries.get().next_at, other.deliveries.get().next_at] == [
        MIDNIGHT[NEW_YORK],
        MIDNIGHT[LOS_ANGELES],
    ]


def test_everybody_moves_set_by_set_however_many_zones_and_fans_there_are() -> None:
    campaign = local()
    for zone in (*MIDNIGHT, *MIDNIGHT, "Asia/Kathmandu", ""):
        fan_in(campaign, zone)
    local(campaign, DAY + timedelta(days=7))
    with CaptureQueriesContext(
        connection,
    ) as few:
        replan(campaign, NOW)
    week = timedelta(days=7)
    assert dues()[:8] == [*(at + week for at in MIDNIGHT.values())] * 2
    for zone in MIDNIGHT:
        fan_in(campaign, zone)
    with CaptureQueriesContext(connection) as more:
        replan(campaign, NOW)
    assert len(more) == len(few)


def test_from_global_to_local_in_the_night_serves_the_east_and_leaves_the_west() -> None:
    campaign = books.campaign(MIDNIGHT[BERLIN] + timedelta(hours=2))
    for zone in MIDNIGHT:
        fan_in(campaign, zone)
    local(campaign)
    replan(campaign, MIDNIGHT[BERLIN])
    assert [state for _, state, _ in states()] == ["queued", "queued", "waiting", "waiting"]
    campaign.local = False
    campaign.opens_at = MIDNIGHT[LOS_ANGELES]
    campaign.save()
    replan(campaign, MIDNIGHT[BERLIN])
    assert set(dues()) == {MIDNIGHT[LOS_ANGELES]}
    assert {state for _, state, _ in states()} == {"waiting"}


def jobs_at() -> list[datetime]:
    """When the jobs of chunks fall due, in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'chunk' ORDER BY id")
        return [_aware(row[0]) for row in cursor.fetchall()]


def _aware(at: datetime | str) -> datetime:
    read = datetime.fromisoformat(at) if isinstance(at, str) else at
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def test_each_wave_gives_its_jobs_ahead_and_to_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = local()
    monkeypatch.setattr(Chunk, "MOST", 2)
    for zone in (AUCKLAND, BERLIN, BERLIN, LOS_ANGELES, LOS_ANGELES, AUCKLAND):
        fan_in(campaign, zone)
    assert campaign.opens_at is not None
    assert cut(campaign, campaign.opens_at - AHEAD) == 3
    assert jobs_at() == []  # nobody is in Kiritimati
    cut(campaign, MIDNIGHT[AUCKLAND] - AHEAD)
    assert jobs_at() == [MIDNIGHT[AUCKLAND]] * 2
    Delivery.objects.filter(pre_save__zone=AUCKLAND).update(state=State.DELIVERED, next_at=None)
    finish_jobs()
    cut(campaign, MIDNIGHT[BERLIN] - AHEAD)
    assert jobs_at()[2:] == [MIDNIGHT[BERLIN]] * 2
    assert cut(campaign, MIDNIGHT[BERLIN]) == 0
    assert len(jobs_at()) == 4  # all of them have their job


def finish_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = 'chunk'")
    assert not live_job_ids(Chunk.objects.values_list("job_id", flat=True))


def test_the_release_job_comes_back_for_each_wave_ahead_and_at_its_instant() -> None:
    now = clock.now()
    campaign = local(
        day=(now + timedelta(hours=14)).date()
    )  # out for some, for others not, whenever this runs
    wave = campaign.next_opens_at(now)
    assert wave is not None
    with pytest.raises(Later) as again:
        asyncio.run(release.func(campaign.pk))
    assert again.value.at in (wave - AHEAD, wave)


def test_looks_begin_with_the_first_midnight_and_fall_on_each() -> None:
    instants = local().instants()
    first, second = instants[:2]
    assert next_look(first - timedelta(minutes=3), instants) == first
    assert next_look(second - SECOND, instants) == second
    assert next_look(second, instants) == second + timedelta(seconds=2)
    assert next_look(instants[-1] + timedelta(hours=3), instants) == instants[-1] + timedelta(hours=4)


def test_where_nobody_was_served_the_canary_starts_afresh() -> None:
    campaign = books.campaign(NOW)
    served, held = fan_in(campaign, ""), books.fan(campaign, "deezer")
    plan_save(held, NOW)
    for service in ("spotify", "deezer"):
        Batch.objects.create(campaign=campaign, service=service, canary_began_at=NOW, done_at=NOW)
    served.deliveries.update(state=State.DELIVERED, next_at=None)
    campaign.opens_at = NOW + timedelta(days=3)
    campaign.save()
    replan(campaign, NOW)
    assert [batch.service for batch in Batch.objects.all()] == ["spotify"]
    assert states() == [("save", "delivered", ""), ("save", "waiting", ""), ("follow", "waiting", "")]


def test_the_services_see_each_fan_at_their_own_midnight_and_not_before(sandbox: Sandbox) -> None:
    night = Night(sandbox)
    campaign = local(night.campaign, (night.now() + timedelta(days=20)).date())
    fans = {}
    for number, zone in enumerate(MIDNIGHT):
        fans[zone] = night.fan(f"Fan {number}")
        fans[zone].zone = zone
        fans[zone].save()
        replan_fan(fans[zone], night.now())
    for served, zone in enumerate(MIDNIGHT, start=1):
        night.move_to(campaign.opens_for(zone) - 10 * SECOND)
        night.deliver()
        assert Delivery.objects.filter(state=State.DELIVERED).count() == served - 1
        night.move_to(campaign.opens_for(zone) + SECOND)
        night.deliver()
        night.deliver()
        assert fans[zone].deliveries.get().state in (State.DELIVERED, State.VERIFIED), states()
    assert not Delivery.objects.filter(next_at__isnull=False).exists()
