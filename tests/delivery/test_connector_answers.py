"""Procrastinate's job manager gets the same answers from SQLite as from PostgreSQL, call by call, row by row."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from procrastinate.jobs import Job

from tests.delivery.engine_script import Script
from tests.delivery.engine_stores import Store, maker, own_cluster  # noqa: F401 - fixtures

pytestmark = pytest.mark.postgresql


@pytest.fixture
def both(make_store: Callable[[str], Store]) -> list[Store]:
    return [make_store("sqlite"), make_store("postgresql")]


@pytest.fixture
def on_postgresql(make_store: Callable[[str], Store]) -> Store:
    return make_store("postgresql")


async def played(
    store: Store, seed: int, play: Callable[[Script], Coroutine[Any, Any, list[Any]]]
) -> list[Any]:
    app = store.app()
    async with app.open_async():
        return await play(Script(app, store.clock, seed))


@pytest.mark.parametrize("seed", range(6))
async def test_any_course_of_calls_is_answered_alike(both: list[Store], seed: int) -> None:
    sqlite, postgresql = [await played(store, seed, Script.run) for store in both]
    for mine, theirs in zip(sqlite, postgresql, strict=True):
        assert mine == theirs
    assert {answer[0] for answer in sqlite} == {"check", "tables", *Script.steps}
    refusals = {answer[1] for answer in sqlite if len(answer) == 3}
    assert refusals >= {"ConnectorException", "AlreadyEnqueued", "NoResult"}


async def test_jobs_that_began_long_ago_are_found_alike(both: list[Store]) -> None:
    async def play(script: Script) -> list[Any]:
        plain = Job(queue="default", task_name="x", lock=None, queueing_lock=None)
        await script.manager.batch_defer_jobs_async([plain] * 5)
        worker = await script.manager.register_worker()
        for _ in range(3):
            await script.manager.fetch_job(None, worker)
        await asyncio.sleep(1.2)
        with pytest.warns(DeprecationWarning):
            found = [await script.manager.get_stalled_jobs(nb_seconds=seconds) for seconds in (1, 60)]
        return [sorted(job.id or 0 for job in jobs) for jobs in found]

    sqlite, postgresql = [await played(store, 1, play) for store in both]
    assert sqlite == postgresql == [[1, 2, 3], []]


async def test_a_clock_that_cannot_be_moved_leaves_postgresql_to_its_own(on_postgresql: Store) -> None:
    app, clock = on_postgresql.app(moved=False), on_postgresql.clock
    async with app.open_async():
        soon = await app.configure_task("x", schedule_at=clock.now() + timedelta(hours=1)).defer_async()
        now = await app.configure_task("x", schedule_at=clock.now() - timedelta(hours=1)).defer_async()
        clock.move(days=2)
        worker = await app.job_manager.register_worker()
        taken = [await app.job_manager.fetch_job(None, worker) for _ in range(2)]
    assert [job and job.id for job in taken] == [now, None]
    assert soon != now
