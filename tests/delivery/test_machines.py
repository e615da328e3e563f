"""One installation on several machines: what each does at its start, and what it refuses."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.delivery.engine_stores import own_cluster  # noqa: F401 - a fixture
from tests.delivery.machines import Machines, machines, new_database
from tests.web.running import free_port

pytestmark = pytest.mark.postgresql
_numbers = count(1)


@pytest.fixture
def database(postgres_of_the_engine: str) -> Iterator[str]:
    with new_database(postgres_of_the_engine, f"machines_{next(_numbers)}") as url:
        yield url


@pytest.fixture
def several(tmp_path: Path, database: str) -> Iterator[Machines]:
    with machines(tmp_path, UPBEAT_DATABASE_URL=database) as running:
        yield running


def test_pages_and_workers_that_start_at_once_on_an_empty_database_find_together(
    several: Machines, database: str
) -> None:
    """One of them migrates, the worker waits for that; one with other keys is told so. All end when asked."""
    keys = {
        "UPBEAT_SEALING_KEYS": "k1:c29tZSAzMiByYW5kb20gYnl0ZXMgb2YgdGhlIHRlc3Q=",
        "UPBEAT_SECRET_KEY": "s3cr3t-of" * 6,
    }
    pages = [
        several.start(name, "run", *more, "--port", str(free_port()), **keys)
        for name, more in (("one", ()), ("two", ("--no-worker",)))
    ]
    worker = several.start("three", "worker", **keys)
    stranger = several.start("stranger", "worker")
    assert stranger.process.wait(90) == 2
    assert "sealing keys here do not open what this installation has sealed" in stranger.said
    half = several.start("half", "worker", UPBEAT_SEALING_KEYS=keys["UPBEAT_SEALING_KEYS"])
    other_pages = several.start("other", "run", "--no-worker", "--port", str(free_port()))
    for page in pages:
        page.wait_to_hear("Upbeat is at http://")
    worker.wait_to_hear("Upbeat delivers from here")
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM artists_installation").fetchone() == (1,)
    assert half.process.wait(90) == 2
    assert "secret key here is not the one the pages have" in half.said
    assert other_pages.process.wait(90) == 2
    assert "--new-keys" in other_pages.said
    assert [one.end() for one in (*pages, worker)] == [0, 0, 0]


def test_a_worker_on_sqlite_is_told_where_it_lives(tmp_path: Path) -> None:
    with machines(tmp_path) as several:
        worker = several.start("one", "worker")
        assert worker.process.wait(90) == 2
        assert "the worker lives inside `upbeat run`" in worker.said


def test_a_database_that_is_away_or_of_another_release_is_said(several: Machines, database: str) -> None:
    away = [
        several.start(command, command, *more, UPBEAT_DATABASE_URL="postgresql://u:hidden@127.0.0.1:9/x")
        for command, more in (("run", ("--port", str(free_port()))), ("worker", ()))
    ]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE django_migrations (id serial, app text, name text, applied timestamptz)"
        )
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('fans', '9999_later', now())"
        )
    newer = several.start("newer", "worker")
    assert newer.process.wait(90) == 2
    assert "belongs to a newer release" in newer.said
    for one in away:
        assert one.process.wait(90) == 2, one.said
        assert "The database does not answer: " in one.said
        assert "hidden" not in one.said
        assert "Traceback" not in one.said
