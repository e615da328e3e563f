"""`upbeat migrate --to`: an installation moves to PostgreSQL in the middle of its release day, and nothing is lost."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import psycopg
import pytest
from django.db import connection

from tests.delivery.engine_stores import own_cluster  # noqa: F401 - a fixture
from tests.delivery.machines import new_database
from tests.delivery.night import Night
from tests.delivery.test_crash import ROOT, database_url, ended, wait_until, worker
from tests.sandbox_process import Sandbox
from upbeat import clock
from upbeat.campaigns.models import Release
from upbeat.delivery.models import Delivery
from upbeat.delivery.plan import schedule_release
from upbeat.fans.keys import remember_keys

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.only_on("sqlite"),
]
_numbers = count(1)
SPOTIFY, DEEZER = 80, 40


@pytest.fixture
def new_place(postgres_of_the_engine: str) -> Iterator[str]:
    with new_database(postgres_of_the_engine, f"moved_{next(_numbers)}") as url:
        yield url


def migrate(to: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "upbeat", "migrate", "--to", to],
        env=os.environ | {"UPBEAT_DATABASE_URL": database_url()},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def tables(url: str) -> int:
    with psycopg.connect(url) as there:
        rows = there.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchone()
    assert rows
    return int(rows[0])


def content() -> str:
    """The source, down to the last byte: what has been written ahead is written home first.

    Read by another process: closing the file in this one would let go of SQLite's own locks on it.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return subprocess.run(
        ["sha256sum", connection.settings_dict["NAME"]], capture_output=True, text=True, check=True
    ).stdout


def test_a_release_that_is_under_way_goes_on_in_the_new_place(
    transactional_db: None, sandbox: Sandbox, new_place: str
) -> None:
    night = Night(sandbox)
    night.crowd("spotify", SPOTIFY, playlists=True)
    night.crowd("deezer", DEEZER, playlists=True)
    remember_keys()
    assert night.campaign.opens_at is not None
    schedule_release(night.campaign)
    night.release()
    clock.move(night.campaign.opens_at + timedelta(seconds=1) - clock.now())
    sandbox.fault("delay", seconds=0.05, match={"host": "api"})
    everything = Delivery.objects.count()
    with worker(sandbox) as process:
        wait_until(lambda: ended() > 0.3 * everything, process)
        assert "already running on this data" in migrate(new_place).stderr
        process.kill()
    sandbox.no_faults()
    before, done = content(), ended()
    moved = migrate(new_place)
    assert moved.returncode == 0, moved.stderr
    assert f"UPBEAT_DATABASE_URL={new_place}" in moved.stdout
    assert "is not empty" in migrate(new_place).stderr
    assert content() == before
    clock.move(timedelta(seconds=60))  # what was under way may be looked at now
    with psycopg.connect(new_place, autocommit=True) as there:
        there.execute("UPDATE artists_installation SET clock_offset = %s", [night_offset()])
        finished = "SELECT count(*) FROM delivery_delivery WHERE next_at IS NULL"
        assert there.execute(finished).fetchone() == (done,)
        with worker(sandbox, UPBEAT_DATABASE_URL=new_place) as process:
            until = time.monotonic() + 60
            while there.execute(finished).fetchone() != (everything,):
                assert process.poll() is None
                assert time.monotonic() < until, there.execute(finished).fetchone()
                time.sleep(0.1)
        states = there.execute("SELECT DISTINCT state FROM delivery_delivery").fetchall()
        assert {state for (state,) in states} <= {"delivered", "verified"}
    for service, number in (("spotify", SPOTIFY), ("deezer", DEEZER)):
        fans = [one for name, one in sandbox.fans(service).items() if name.startswith(service)]
        assert all([album["name"] for album in one["albums"]] == ["Night Ferry North"] for one in fans)
        assert sum(len(one["playlists"]) for one in fans) == number // 2
        assert sum(one["duplicates"] for one in fans) == 0


def night_offset() -> timedelta:
    from upbeat.artists.models import Installation

    return Installation.the_one().clock_offset


def test_what_does_not_go_over_leaves_the_new_place_empty_and_the_old_one_as_it_was(
    transactional_db: None, sandbox: Sandbox, new_place: str
) -> None:
    night = Night(sandbox)
    night.fan("Ada")
    Release.objects.update(title="Night\0Ferry")  # SQLite keeps it, PostgreSQL has no such letter
    before = content()
    failed = migrate(new_place)
    assert failed.returncode == 2
    assert "campaigns_release does not go over" in failed.stderr
    assert "Nothing has changed." in failed.stderr
    assert tables(new_place) == 0
    assert content() == before
    Release.objects.update(title="Night Ferry")
    assert migrate(new_place).returncode == 0
