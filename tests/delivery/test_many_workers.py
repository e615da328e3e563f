"""Several workers on one PostgreSQL: they share a run, and one that is gone for good stops nothing."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from tests.delivery.night import Night
from tests.delivery.test_crash import ended, worker
from tests.sandbox_process import Sandbox
from upbeat import clock
from upbeat.core.delivery import State
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.reconcile import reconcile

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql"),
]


def wait_until(so: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until, f"{ended()} of {Delivery.objects.count()} have ended"
        time.sleep(0.05)


def working() -> int:
    """How many workers have a chunk in hand at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT worker_id) FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'chunk'"
        )
        return int(cursor.fetchone()[0])


def test_two_workers_share_a_run_and_one_that_is_killed_for_good_is_not_missed(
    transactional_db: None, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = Night(sandbox)
    night.crowd("spotify", 120, playlists=True)
    night.release()
    assert night.campaign.opens_at is not None
    clock.move(night.campaign.opens_at + timedelta(seconds=1) - clock.now())
    monkeypatch.setattr(Chunk, "MOST", 20)
    reconcile(clock.now())
    sandbox.fault("delay", seconds=0.4, match={"host": "api"})
    everything = Delivery.objects.count()
    with worker(sandbox) as first, worker(sandbox) as second:
        wait_until(lambda: ended() > 10 and working() == 2, 60)
        first.kill()
        at_the_kill = ended()
        sandbox.no_faults()
        clock.move(timedelta(seconds=60))  # what was under way may be looked at now
        assert at_the_kill < everything
        wait_until(lambda: ended() == everything, 60)
        second.terminate()
        assert second.wait(15) == 0
    assert set(Delivery.objects.values_list("state", flat=True)) <= {State.DELIVERED, State.VERIFIED}
    fans = [one for name, one in sandbox.fans("spotify").items() if name.startswith("spotify")]
    assert all([album["name"] for album in one["albums"]] == ["Night Ferry North"] for one in fans)
    assert sum(one["duplicates"] for one in fans) == 0
