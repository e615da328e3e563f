"""What the queue promises, on SQLite and on PostgreSQL with the same tests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from importlib.metadata import version
from typing import Any

import pytest
from django.db import connections, transaction
from procrastinate import App, JobContext, exceptions, sql
from procrastinate.jobs import Status

from tests.delivery.engine_stores import BOTH, Store, maker, one_store, own_cluster  # noqa: F401 - fixtures
from upbeat.delivery.engine import queue
from upbeat.delivery.engine.app import app_on, forget_apps, get_app
from upbeat.delivery.engine.retry import LONGEST_PAUSE, Later, UntilDone, pause
from upbeat.delivery.engine.sqlite_connector import CHECKED_WITH
from upbeat.delivery.engine.sqlite_queries import ANSWERED
from upbeat.delivery.engine.sweep import Lease
from upbeat.delivery.engine.worker import Loop, run_worker

on_both_stores = pytest.mark.parametrize("store", BOTH, indirect=True)


@asynccontextmanager
async def working(app: App, **options: Any) -> AsyncIterator[None]:
    """A worker in this process while the block runs."""
    stop = asyncio.Event()
    async with app.open_async():
        worker = asyncio.create_task(run_worker(app, stop=stop, **options))
        try:
            yield
        finally:
            stop.set()
            await worker


async def until(so: Callable[[], bool | Awaitable[bool]], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while True:
            answer = so()
            if answer is True or (answer is not False and await answer):
                return
            await asyncio.sleep(0.01)


async def state_of(app: App, job_id: int) -> Status:
    return await app.job_manager.get_job_status_async(job_id)


async def fetched(app: App, worker_id: int) -> list[int | None]:
    """Take all that is due; ids in the order taken."""
    taken = []
    while job := await app.job_manager.fetch_job(None, worker_id):
        taken.append(job.id)
    return taken


def test_the_release_of_procrastinate_installed_is_the_one_the_connector_was_checked_with() -> None:
    assert version("procrastinate").startswith(f"{CHECKED_WITH}.")


def test_sqlite_answers_every_query_that_procrastinate_asks() -> None:
    assert set(sql.queries) - {"listen_queue"} == ANSWERED


@on_both_stores
async def test_jobs_are_taken_by_priority_and_then_by_age(store: Store) -> None:
    app = store.app()
    async with app.open_async():
        low, high, second, third = [
            await app.configure_task("x", priority=priority).defer_async() for priority in (-1, 5, 0, 0)
        ]
        worker = await app.job_manager.register_worker()
        assert await fetched(app, worker) == [high, second, third, low]


@on_both_stores
async def test_a_scheduled_job_waits_for_its_moment_by_the_installations_clock(store: Store) -> None:
    app = store.app()
    async with app.open_async():
        at = store.clock.now() + timedelta(days=10)
        job_id = await app.configure_task("x", schedule_at=at, priority=9).defer_async()
        worker = await app.job_manager.register_worker()
        assert await fetched(app, worker) == []
        store.clock.move(days=9, hours=23)
        assert await fetched(app, worker) == []
        store.clock.move(hours=1, seconds=1)
        assert await fetched(app, worker) == [job_id]


@on_both_stores
async def test_a_worker_that_is_polling_sees_the_clock_jump_to_the_release(store: Store) -> None:
    app, ran = store.app(), asyncio.Event()

    @app.task(name="release")
    async def release() -> None:
        ran.set()

    async with working(app):
        await release.configure(schedule_at=store.clock.now() + timedelta(days=30)).defer_async()
        await asyncio.sleep(0.7)
        assert not ran.is_set()
        store.clock.move(days=30)
        await asyncio.wait_for(ran.wait(), 1.5)


@on_both_stores
def test_a_job_deferred_in_a_transaction_that_rolls_back_never_was(store: Store) -> None:
    app = store.app()
    with suppress(ZeroDivisionError), transaction.atomic(using=store.using):
        app.configure_task("x").defer(chunk=1)
        assert len(app.job_manager.list_jobs()) == 1
        raise ZeroDivisionError
    assert app.job_manager.list_jobs() == []


@on_both_stores
def test_a_job_is_seen_by_others_when_its_transaction_commits_and_not_before(store: Store) -> None:
    app = store.app()

    def seen_by_another_connection() -> int:
        try:
            return len(app.job_manager.list_jobs())
        finally:
            connections[store.using].close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic(using=store.using):
            app.configure_task("x").defer(chunk=1)
            assert other.submit(seen_by_another_connection).result() == 0
        assert other.submit(seen_by_another_connection).result() == 1


@on_both_stores
async def test_two_workers_never_get_the_same_job(store: Store) -> None:
    apps = [store.app(), store.app(), store.app()]
    jobs = [{"chunk": number} for number in range(200)]
    await store.beside(lambda: apps[0].configure_task("x").batch_defer(*jobs))

    async def take_all(app: App) -> list[int | None]:
        async with app.open_async():
            return await fetched(app, await app.job_manager.register_worker())

    taken = await asyncio.gather(*(take_all(app) for app in apps))
    assert sorted(job_id for ids in taken for job_id in ids) == list(range(1, 201))
    assert all(taken)


@on_both_stores
async def test_a_deferred_job_starts_within_half_a_second(store: Store) -> None:
    app, ran = store.app(), asyncio.Event()

    @app.task(name="quick")
    async def quick() -> None:
        ran.set()

    def defer() -> None:
        with transaction.atomic(using=store.using):
            quick.defer()

    async with working(app):
        await asyncio.sleep(0.3)
        await store.beside(defer)
        await asyncio.wait_for(ran.wait(), 0.5)


@on_both_stores
async def test_a_job_deferred_in_the_workers_process_wakes_it_without_waiting_for_the_poll(
    store: Store,
) -> None:
    app, ran = store.app(), asyncio.Event()
    app.worker_defaults["fetch_job_polling_interval"] = 60

    @app.task(name="quick")
    async def quick() -> None:
        ran.set()

    async with working(app):
        await asyncio.sleep(0.5)
        await store.beside(quick.defer)
        await asyncio.wait_for(ran.wait(), 0.5)


@on_both_stores
async def test_a_job_that_says_later_runs_again_at_that_moment(store: Store) -> None:
    app, runs = store.app(), []

    @app.task(name="patient", retry=UntilDone(store.clock.now))
    async def patient() -> None:
        runs.append(store.clock.now())
        if len(runs) == 1:
            raise Later(store.clock.now() + timedelta(hours=1))

    async with working(app):
        job_id = await patient.defer_async()
        await until(lambda: len(runs) == 1)
        await asyncio.sleep(0.7)
        assert len(runs) == 1
        store.clock.move(hours=1)
        await until(lambda: len(runs) == 2, 1.5)

        async def succeeded() -> bool:
            return await state_of(app, job_id) is Status.SUCCEEDED

        await until(succeeded)


@on_both_stores
async def test_a_job_that_fails_waits_and_is_never_given_up(store: Store) -> None:
    app, runs = store.app(), []

    @app.task(name="unlucky", retry=UntilDone(store.clock.now))
    async def unlucky() -> None:
        runs.append(1)
        raise OSError

    async with working(app):
        job_id = await unlucky.defer_async()
        for count in range(1, 4):
            await until(lambda count=count: len(runs) == count, 1.5)
            await asyncio.sleep(0.1)
            store.clock.move(seconds=LONGEST_PAUSE.total_seconds())
        await until(lambda: len(runs) == 4, 1.5)
    assert await store.beside(lambda: app.job_manager.get_job_status(job_id)) is Status.TODO


def test_the_pause_after_a_failure_grows_to_two_minutes_and_no_further() -> None:
    assert [pause(attempts).total_seconds() for attempts in range(8)] == [2, 4, 8, 16, 32, 64, 120, 120]
    assert pause(1_000_000) == LONGEST_PAUSE


@on_both_stores
async def test_a_worker_told_to_stop_puts_a_long_job_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upbeat.delivery.engine.worker.GRACE_SECONDS", 0.2)
    app, began = store.app(), asyncio.Event()

    @app.task(name="long", retry=UntilDone(store.clock.now))
    async def long() -> None:
        began.set()
        await asyncio.sleep(60)

    async with working(app):
        job_id = await long.defer_async()
        await asyncio.wait_for(began.wait(), 2)
    assert await store.beside(lambda: app.job_manager.get_job_status(job_id)) is Status.TODO


@on_both_stores
async def test_a_cancelled_job_does_not_run(store: Store) -> None:
    app = store.app()
    async with app.open_async():
        job_id = await app.configure_task("x").defer_async()
        assert await app.job_manager.cancel_job_by_id_async(job_id)
        assert not await app.job_manager.cancel_job_by_id_async(job_id)
        assert await fetched(app, await app.job_manager.register_worker()) == []
        assert await state_of(app, job_id) is Status.CANCELLED


@on_both_stores
async def test_a_running_job_that_is_to_abort_hears_of_it_at_once(store: Store) -> None:
    app, began = store.app(), asyncio.Event()

    @app.task(name="long")
    async def long() -> None:
        began.set()
        await asyncio.sleep(60)

    async with working(app):
        job_id = await long.defer_async()
        await asyncio.wait_for(began.wait(), 2)
        assert await store.beside(lambda: app.job_manager.cancel_job_by_id(job_id, abort=True))

        async def aborted() -> bool:
            return await state_of(app, job_id) is Status.ABORTED

        await until(aborted, 1)


@on_both_stores
async def test_no_jump_of_the_installations_clock_makes_a_worker_look_dead(store: Store) -> None:
    app = store.app()
    async with app.open_async():
        job_id = await app.configure_task("x").defer_async()
        worker = await app.job_manager.register_worker()
        assert await fetched(app, worker) == [job_id]
        for jump in (timedelta(days=400), timedelta(days=-800)):
            store.clock.offset = jump
            assert await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=20) == []
            assert await app.job_manager.prune_stalled_workers(20) == []


@on_both_stores
async def test_a_job_whose_end_could_not_be_written_runs_again_though_its_worker_lives(store: Store) -> None:
    app, runs = store.app(), []

    @app.task(name="twice", pass_context=True)
    async def twice(context: JobContext) -> None:
        runs.append(context.job.id)
        if (
            len(runs) == 1
        ):  # its row says that it has ended, so that writing down the end fails; then all is undone
            await app.job_manager.finish_job_by_id_async(
                context.job.id or 0, Status.SUCCEEDED, delete_job=False
            )
            asyncio.get_running_loop().call_later(0.3, lambda: asyncio.ensure_future(undo()))

    async def undo() -> None:
        await app.connector.execute_query_all_async(
            "UPDATE procrastinate_jobs SET status = 'doing' RETURNING id"
        )

    async with working(app, lease=Lease(heartbeat=0.2, stalled=60, sweep=0.2)):
        job_id = await twice.defer_async()
        await until(lambda: runs == [job_id, job_id], 5)


@on_both_stores
async def test_the_sweep_leaves_a_running_job_of_a_living_worker_alone(store: Store) -> None:
    app, runs = store.app(), []

    @app.task(name="slow")
    async def slow() -> None:
        runs.append(1)
        await asyncio.sleep(1.5)

    async with working(app, lease=Lease(heartbeat=0.2, stalled=0.6, sweep=0.2)):
        await slow.defer_async()
        await asyncio.sleep(1.8)
    assert runs == [1]


@on_both_stores
async def test_a_worker_takes_the_jobs_of_its_queues_alone_and_of_those_the_first_in_turn(
    store: Store,
) -> None:
    app = store.app()

    async def take(queues: list[str] | None) -> int | None:
        job = await app.job_manager.fetch_job(queues, worker)
        return job and job.id

    async with app.open_async():
        worker = await app.job_manager.register_worker()
        fast, slow, last, mail = [
            await app.configure_task("x", queue=queue, priority=priority).defer_async()
            for queue, priority in (("spotify", -1), ("deezer", -5), ("spotify", -2), ("default", 0))
        ]
        assert [await take(["deezer"]), await take(["deezer"])] == [slow, None]
        assert [await take(["spotify"]), await take(["spotify", "default"])] == [fast, mail]
        assert [await take(None), await take(None)] == [last, None]


@on_both_stores
async def test_a_queue_whose_jobs_hang_holds_up_no_other(store: Store) -> None:
    app, ran, hang = store.app(), asyncio.Event(), asyncio.Event()
    app.task(name="hang")(hang.wait)

    @app.task(name="quick")
    async def quick() -> None:
        ran.set()

    async with working(app, loops=[Loop(("slow",), 2), Loop(("quick",), 2)]):
        for _ in range(5):
            await app.configure_task("hang", queue="slow").defer_async()
        await asyncio.sleep(0.3)
        await quick.configure(queue="quick").defer_async()
        await asyncio.wait_for(ran.wait(), 1.5)
        assert len(list(await app.job_manager.list_jobs_async(status="doing", queue="slow"))) == 2
        hang.set()


@on_both_stores
def test_the_front_of_a_queue_is_the_first_turn_that_is_due(store: Store) -> None:
    app_on(store.using).task(name="probe_chunk")(lambda chunk: None)
    now = store.clock.now()
    for at, priorities in ((None, [-7, -9, 2]), (now, [-3]), (now + timedelta(hours=1), [-1])):
        queue.defer_many_in_transaction(
            "probe_chunk",
            [{"chunk": 1}] * len(priorities),
            at,
            queue="spotify",
            priorities=priorities,
            using=store.using,
        )
    fronts = [queue.front("spotify", now + timedelta(hours=hours), using=store.using) for hours in (-1, 0, 1)]
    assert fronts == [-7, -3, -1]
    assert queue.front("deezer", now, using=store.using) == 0


@on_both_stores
def test_many_jobs_are_deferred_in_their_order_in_one_transaction(store: Store) -> None:
    app_on(store.using).task(name="probe_chunk")(lambda chunk: None)
    with transaction.atomic(using=store.using):
        ids = queue.defer_many_in_transaction(
            "probe_chunk", [{"chunk": n} for n in range(2000)], using=store.using
        )
    jobs = {job.id: job.task_kwargs["chunk"] for job in app_on(store.using).job_manager.list_jobs()}
    assert [jobs[job_id] for job_id in ids] == list(range(2000))
    assert queue.live_job_ids(ids, using=store.using) == set(ids)
    assert queue.cancel(ids[0], using=store.using)
    assert queue.live_job_ids(ids[:2], using=store.using) == {ids[1]}
    assert queue.defer_many_in_transaction("probe_chunk", [], using=store.using) == []
    assert queue.live_job_ids([], using=store.using) == set()


@pytest.mark.parametrize("value", ["fan@example.org", "BQDtoken-xyz", "", "a" * 33])
def test_a_job_refuses_to_carry_anything_but_ids_and_short_names(value: str) -> None:
    with pytest.raises(ValueError, match="only ids and short names: fan is neither"):
        queue.defer_in_transaction("chunk", fan=value)


@on_both_stores
def test_a_task_that_does_not_exist_cannot_be_deferred(store: Store) -> None:
    with pytest.raises(exceptions.TaskNotFound):
        queue.defer_in_transaction("no_such_task", using=store.using, chunk=1)


@pytest.mark.django_db
def test_the_installations_own_database_has_the_tables_of_the_queue() -> None:
    forget_apps()
    assert get_app().check_connection()
    assert get_app() is app_on("default")
