"""A long course of calls to Procrastinate's job manager, for comparing the answers of two stores."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import App
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job, Status

from tests.delivery.engine_stores import MovableClock

START = datetime(2030, 1, 1, tzinfo=UTC)
TASKS, QUEUES, LOCKS = ("chunk", "release", "mail"), ("default", "post"), (None, None, "a", "b")
SAID = ("Zoë %s", 'a "quote"', None, True, 1.5, [1, {}])
FINAL = (Status.SUCCEEDED, Status.FAILED, Status.ABORTED)
STEPS, JOBS, NOBODY = 250, 60, 99_999
EVENTS = "SELECT job_id, type FROM procrastinate_events"
DEFERS = "SELECT task_name, periodic_id, defer_timestamp, job_id FROM procrastinate_periodic_defers"


class Script:
    """The same seed makes the same calls, whatever the answers.

    Jobs go by their number in it: a refused insert leaves a gap in PostgreSQL's ids, and none in SQLite's.
    """

    steps = {
        "defer": 8, "batch": 2, "periodic": 2, "fetch": 8, "finish": 5, "retry": 4, "cancel": 3, "status": 2,
        "lists": 1, "stalled": 1, "to_abort": 1, "worker_leaves": 1, "clock_moves": 1, "old": 1,
    }  # fmt: skip

    def __init__(self, app: App, clock: MovableClock, seed: int) -> None:
        self.app, self.manager, self.clock = app, app.job_manager, clock
        self.dice = random.Random(seed)
        self.ids: list[int] = []
        self.workers: list[int] = []

    async def run(self) -> list[Any]:
        """Every answer, or the kind of its refusal, in order; at the end the tables."""
        answers: list[Any] = [("check", await self.manager.check_connection_async())]
        self.workers = [await self.manager.register_worker() for _ in range(3)]
        for _ in range(STEPS):
            step = self.dice.choices(list(self.steps), list(self.steps.values()))[0]
            try:
                answers.append((step, self.numbered(await getattr(self, step)())))
            except ProcrastinateException as refusal:
                lock = getattr(refusal.__cause__, "queueing_lock", None)
                answers.append((step, type(refusal).__name__, lock))
        return [*answers, ("tables", await self.tables())]

    def some_id(self) -> int:
        """A job's id, or one that is nobody's."""
        number = self.dice.randrange(JOBS)
        return self.ids[number] if number < len(self.ids) else NOBODY

    def some_job(self) -> Job:
        moment = START + timedelta(hours=self.dice.randint(-500, 500), microseconds=self.dice.randint(0, 3))
        return Job(
            queue=self.dice.choice(QUEUES),
            task_name=self.dice.choice(TASKS),
            priority=self.dice.randint(-2, 2),
            lock=self.dice.choice(LOCKS),
            queueing_lock=self.dice.choice((None, None, None, "x", "y")),
            task_kwargs={"id": self.dice.randint(1, 60), "said": self.dice.choice(SAID)},
            scheduled_at=self.dice.choice((None, None, moment)),
        )

    def known(self, jobs: list[Job]) -> list[Job]:
        self.ids += [job.id or 0 for job in jobs]
        return jobs

    def numbered(self, answer: Any) -> Any:
        """`answer` with the number of each job in place of its id."""
        if isinstance(answer, Job):
            return answer.evolve(id=self.number(answer.id))
        if isinstance(answer, list | tuple):
            return [self.numbered(one) for one in answer]
        if isinstance(answer, dict) and "job_id" in answer:
            return {**answer, "job_id": self.number(answer["job_id"])}
        return answer

    def number(self, job_id: int | None) -> int | None:
        return None if job_id is None else self.ids.index(job_id)

    async def defer(self) -> Any:
        return self.known([await self.manager.defer_job_async(self.some_job())])

    async def batch(self) -> Any:
        jobs = [self.some_job() for _ in range(self.dice.randint(1, 4))]
        return self.known(await self.manager.batch_defer_jobs_async(jobs))

    async def periodic(self) -> Any:
        moment = self.dice.randint(1, 6)
        job = self.some_job().evolve(task_kwargs={"timestamp": moment}, scheduled_at=None)
        job_id = await self.manager.defer_periodic_job(job, self.dice.choice(("", "other")), moment)
        return self.known([job.evolve(id=job_id)]) if job_id else None

    async def fetch(self) -> Any:
        queues = self.dice.choice((None, None, ["post"], ["post", "default"], ["no such"]))
        return await self.manager.fetch_job(queues, self.dice.choice(self.workers))

    async def finish(self) -> Any:
        job_id, delete = self.some_id(), self.dice.random() < 0.2
        return await self.manager.finish_job_by_id_async(job_id, self.dice.choice(FINAL), delete)

    async def retry(self) -> Any:
        at = START + timedelta(hours=self.dice.randint(-500, 500))
        change = self.dice.choice(({}, {}, {"priority": 9, "queue": "post", "lock": "b"}))
        return await self.manager.retry_job_by_id_async(self.some_id(), at, **change)

    async def cancel(self) -> Any:
        abort, delete = self.dice.random() < 0.5, self.dice.random() < 0.2
        return await self.manager.cancel_job_by_id_async(self.some_id(), abort, delete)

    async def status(self) -> Any:
        return await self.manager.get_job_status_async(self.some_id())

    async def lists(self) -> Any:
        by = {
            "queue": self.dice.choice((None, *QUEUES)),
            "task": self.dice.choice((None, *TASKS)),
            "status": self.dice.choice((None, "todo", "doing", "failed")),
            "lock": self.dice.choice((None, "a")),
        }
        more = {"queueing_lock": self.dice.choice((None, "x")), "worker_id": self.dice.choice((None, 1))}
        asked = (self.manager.list_queues_async, self.manager.list_tasks_async, self.manager.list_locks_async)
        return [[await ask(**by) for ask in asked], await self.manager.list_jobs_async(**by, **more)]

    async def stalled(self) -> Any:
        by = {"queue": self.dice.choice((None, *QUEUES)), "task_name": self.dice.choice((None, *TASKS))}
        seconds = self.dice.choice((-1, 3600))
        found = await self.manager.get_stalled_jobs(seconds_since_heartbeat=seconds, **by)
        return sorted(found, key=lambda job: job.id or 0)

    async def to_abort(self) -> Any:
        found = await self.manager.list_jobs_to_abort_async(self.dice.choice((None, "post")))
        return sorted(self.ids.index(job_id) for job_id in found)

    async def worker_leaves(self) -> Any:
        leaving = self.workers.pop(self.dice.randrange(len(self.workers)))
        if self.dice.random() < 0.5:
            await self.manager.unregister_worker(leaving)
        await self.manager.update_heartbeat(leaving)
        self.workers.append(await self.manager.register_worker())
        return [list(self.workers), await self.manager.prune_stalled_workers(3600)]

    async def clock_moves(self) -> Any:
        self.clock.offset = START + timedelta(hours=self.dice.randint(-600, 600)) - datetime.now(UTC)

    async def old(self) -> Any:
        """Jobs that ended an hour ago (there are none), or that will have ended in a century (all)."""
        queue, hours = self.dice.choice((None, *QUEUES)), self.dice.choice((-900_000, 1))
        return await self.manager.delete_old_jobs(hours, queue, include_cancelled=self.dice.random() < 0.5)

    async def tables(self) -> Any:
        jobs = self.numbered(list(await self.manager.list_jobs_async()))
        return [jobs, await self.rows(EVENTS), await self.rows(DEFERS)]

    async def rows(self, statement: str) -> list[Any]:
        rows = await self.app.connector.execute_query_all_async(statement)
        return sorted((self.numbered(row) for row in rows), key=lambda row: sorted(map(str, row.items())))
