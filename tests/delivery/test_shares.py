"""Fair shares: two campaigns at the same midnight share a service, and a service in trouble is alone with it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from tests.delivery import books
from tests.delivery.books import DAY, NOW
from tests.delivery.night import Night
from tests.delivery.test_cut import waiting
from tests.sandbox_process import Sandbox
from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.delivery import worker
from upbeat.delivery.cut import cut
from upbeat.delivery.models import Chunk, Delivery, Limiter
from upbeat.delivery.plan import plan_save
from upbeat.delivery.reconcile import reconcile
from upbeat.delivery.threads import beside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Chunk, "MOST", 20)


def order() -> list[int]:
    """The campaigns of the waiting chunk jobs, in the order in which a worker of that queue would take them."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT chunk.campaign_id FROM procrastinate_jobs AS job
              JOIN delivery_chunk AS chunk ON chunk.job_id = job.id
             WHERE job.status = 'todo' AND job.queue_name = chunk.service ORDER BY job.priority DESC, job.id
        """)
        return [row[0] for row in cursor.fetchall()]


def test_a_small_campaign_does_not_wait_for_a_large_one() -> None:
    large, small = books.campaign(), books.campaign()
    waiting(large, 200)
    waiting(small, 28)
    for campaign in (large, small):
        cut(campaign, NOW)
    taken = order()
    assert [taken.count(large.pk), taken.count(small.pk)] == [10, 2]
    assert [taken[:3].count(small.pk), taken[:6].count(small.pk)] == [1, 2]


def test_a_campaign_that_comes_out_later_joins_in_where_the_other_is_and_does_not_overtake_it() -> None:
    first = books.campaign()
    waiting(first, 120)
    cut(first, NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE priority >= -3")
    second = books.campaign(NOW + DAY + timedelta(minutes=1))
    waiting(second, 120)
    cut(second, NOW)
    left = order().count(first.pk)
    assert left < 6
    assert order()[: 2 * left].count(second.pk) in (left, left + 1), "canaries go first"


def test_one_fan_who_comes_late_waits_for_no_campaign() -> None:
    campaign = books.campaign()
    waiting(campaign, 44)
    cut(campaign, NOW)
    late = plan_save(books.fan(books.campaign(NOW)), NOW)
    assert late is not None
    assert late.campaign_id in order()[:2], "at most behind a canary"


def test_chunks_that_wait_for_the_canary_get_no_jobs_from_the_reconciler() -> None:
    campaign = books.campaign(NOW)
    waiting(campaign, 44)
    reconcile(NOW)
    campaign.batches.create(service="spotify")
    Chunk.objects.update(job_id=None)
    first = Chunk.objects.order_by("lo")[0]
    Chunk.objects.filter(pk=first.pk).update(canary=True)
    assert reconcile(NOW) == 1
    assert [chunk.pk for chunk in Chunk.objects.exclude(job_id=None)] == [first.pk]
    campaign.batches.update(canary_passed_at=NOW)
    assert reconcile(NOW + timedelta(seconds=1)) == 2


def deliver_until(so: Callable[[], bool], seconds: float = 40) -> None:
    """Run the worker in this process."""

    async def running() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(worker.run(stop))
        try:
            async with asyncio.timeout(seconds):
                while not await beside(so):
                    assert not working.done()
                    await asyncio.sleep(0.05)
        finally:
            stop.set()
            await working

    asyncio.run(running())


def left(campaign: Campaign, service: str) -> int:
    return Delivery.objects.filter(campaign=campaign, service=service, next_at__isnull=False).count()


def test_a_service_that_hangs_or_wants_to_be_left_alone_holds_up_no_other(
    transactional_db: None, sandbox: Sandbox
) -> None:
    night = Night(sandbox)
    night.crowd("spotify", 30)
    night.crowd("deezer", 30)
    night.release()
    assert night.campaign.opens_at is not None
    clock.move(night.campaign.opens_at + timedelta(seconds=1) - clock.now())
    sandbox.fault("delay", seconds=20, match={"service": "deezer"})
    deliver_until(lambda: left(night.campaign, "spotify") == 0, seconds=15)
    assert left(night.campaign, "deezer") == 60  # a save and a follow each


def test_an_hours_wait_costs_each_chunk_one_look_and_not_one_each_half_minute(
    transactional_db: None, sandbox: Sandbox
) -> None:
    night = Night(sandbox)
    night.crowd("spotify", 3)
    night.release()
    assert night.campaign.opens_at is not None
    clock.move(night.campaign.opens_at + timedelta(seconds=1) - clock.now())
    Limiter.objects.filter(key__startswith="spotify/").update(paused_until=4e9)
    reconcile(clock.now())

    def put_off() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'chunk' AND status = 'todo' AND attempts = 1"
            )
            return bool(cursor.fetchone()[0] == 1)

    deliver_until(put_off)
    assert Chunk.objects.get().epoch == 0, "it was not even taken"
    assert reconcile(clock.now()) == 0
