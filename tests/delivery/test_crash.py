"""`kill -9` during the release run: nobody lost, nobody doubled."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.delivery.night import Night
from tests.sandbox_process import Sandbox
from upbeat import clock
from upbeat.core.delivery import State
from upbeat.delivery.models import Delivery
from upbeat.fans.models import Connection

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]
SPOTIFY, DEEZER = 200, 100
TRACKS = 10


def database_url() -> str:
    has = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{has['NAME']}"
    return f"postgresql://{has['USER']}@{has['HOST']}:{has['PORT']}/{has['NAME']}"


@contextmanager
def worker(sandbox: Sandbox, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker as a process of its own; whatever happens it does not outlive the block."""
    environment = os.environ | sandbox.environment() | {"UPBEAT_DATABASE_URL": database_url()} | more
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.delivery.worker_process"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def ended() -> int:
    return Delivery.objects.exclude(next_at__isnull=False).count()


def wait_until(so_far: Callable[[], bool], process: "subprocess.Popen[bytes]", seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not so_far():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < until, f"only {ended()} of {Delivery.objects.count()} have ended"
        time.sleep(0.05)


def test_a_worker_killed_twice_loses_nobody_and_doubles_nobody(
    transactional_db: None, sandbox: Sandbox
) -> None:
    night = Night(sandbox)
    night.crowd("spotify", SPOTIFY, playlists=True)
    night.crowd("deezer", DEEZER, playlists=True)
    assert night.campaign.opens_at is not None
    night.release()
    clock.move(night.campaign.opens_at + timedelta(seconds=1) - clock.now())
    sandbox.fault("delay", seconds=0.05, match={"host": "api"})
    everything = Delivery.objects.count()
    for share in (0.25, 0.6):
        with worker(sandbox) as process:
            wait_until(lambda share=share: ended() > share * everything, process)
            process.kill()
    sandbox.no_faults()
    clock.move(timedelta(seconds=60))  # what was under way may be looked at now
    with worker(sandbox) as process:
        wait_until(lambda: ended() == everything, process)
        process.terminate()
        assert process.wait(15) == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DELIVERED}
    assert not Connection.objects.exclude(sealed_access=b"", sealed_refresh=b"").exists()
    for service, number in (("spotify", SPOTIFY), ("deezer", DEEZER)):
        fans = [one for name, one in sandbox.fans(service).items() if name.startswith(service)]
        assert len(fans) == number
        assert all([album["name"] for album in one["albums"]] == ["Night Ferry North"] for one in fans)
        made = [playlist for one in fans for playlist in one["playlists"]]
        assert len(made) == number // 2, "each playlist is made once"
        assert {len(playlist["tracks"]) for playlist in made} == {TRACKS}
        assert sum(one["duplicates"] for one in fans) == 0
        assert len({tuple(track["id"] for track in playlist["tracks"]) for playlist in made}) == 1, "in order"
