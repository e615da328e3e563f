"""The worker as `upbeat run` has it: jobs, rounds and both clocks."""

import asyncio
from datetime import datetime, timedelta

import pytest
from django.db import connection

from tests.delivery import books
from tests.delivery.night import Night, states
from tests.sandbox_process import Sandbox
from upbeat import clock
from upbeat.delivery import worker
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.plan import plan_completion, schedule_release
from upbeat.delivery.reconcile import reconcile
from upbeat.delivery.threads import beside
from upbeat.providers.base import Kind

pytestmark = pytest.mark.django_db(transaction=True)


def run_until(so_far: object, seconds: float = 25) -> None:
    """Run the worker in this process until the deliveries are in these states."""

    async def running() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(worker.run(stop))
        try:
            async with asyncio.timeout(seconds):
                while await beside(states) != so_far and not working.done():
                    await asyncio.sleep(0.05)
        finally:
            stop.set()
            await working

    asyncio.run(running())


def test_the_release_is_delivered_at_its_instant(transactional_db: None, sandbox: Sandbox) -> None:
    night = Night(sandbox)
    night.fan("Ada")
    night.fan("Ben", "deezer")
    opens_at = night.campaign.opens_at
    assert opens_at is not None
    schedule_release(night.campaign)
    night.move_to(opens_at - timedelta(seconds=4))
    clock.move(opens_at - timedelta(seconds=4) - clock.now())
    run_until([("save", "delivered", "done")] * 2 + [("follow", "delivered", "done")])
    settled = sorted(row.settled_at for row in Delivery.objects.all() if row.settled_at)
    assert opens_at <= settled[0]
    assert settled[-1] < opens_at + timedelta(seconds=3)
    heard = datetime.fromisoformat(night.sandbox.calls(service="spotify", path="/me/library")[0]["at"])
    assert heard >= opens_at.replace(microsecond=0)


def test_what_a_dead_page_left_of_a_completion_is_done_by_the_worker(
    transactional_db: None, sandbox: Sandbox
) -> None:
    night = Night(sandbox)
    pre_save = night.fan("Ada")
    artist = night.ask("spotify", lambda spotify: spotify.search(Kind.ARTIST, "Marlo Venn"))[0]
    books.choose(pre_save, books.target(night.campaign, artist.id))
    plan_completion(pre_save, night.now() - timedelta(seconds=30))
    run_until([("save", "waiting", ""), ("follow", "delivered", "done")])
    assert [one["name"] for one in sandbox.fan("Ada")["artists"]] == ["Marlo Venn"]
    assert not Chunk.objects.exists()


def test_a_clock_set_back_does_not_make_fans_wait_for_all_of_it(
    transactional_db: None, sandbox: Sandbox
) -> None:
    """A job put off by a few seconds, at a time that has not come again: its chunk has something due."""
    night = Night(sandbox)
    night.fan("Ada")
    assert night.campaign.opens_at is not None
    night.release()
    clock.move(night.campaign.opens_at + timedelta(hours=2) - clock.now())
    reconcile(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = %s WHERE task_name = 'chunk'",
            [connection.ops.adapt_datetimefield_value(clock.now() + timedelta(seconds=20))],
        )

    async def running() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(worker.run(stop))
        await asyncio.sleep(worker.STEP_SECONDS + 0.5)
        await beside(clock.move, -timedelta(hours=1))
        async with asyncio.timeout(15):
            while not await beside(Delivery.objects.filter(next_at=None).exists):
                await asyncio.sleep(0.05)
        stop.set()
        await working

    asyncio.run(running())
    assert states() == [("save", "delivered", "done")]
