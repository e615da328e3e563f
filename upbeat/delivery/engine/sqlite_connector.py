"""Procrastinate on SQLite: its own job manager and worker, on the file that Django keeps its tables in."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.db import Error, IntegrityError, connections, transaction
from procrastinate import sql
from procrastinate.connector import BaseAsyncConnector, Notify
from procrastinate.exceptions import AppNotOpen, ConnectorException, NoResult, UniqueViolation
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT

from upbeat.delivery.engine.sqlite_queries import answer
from upbeat.delivery.engine.sqlite_rows import Row, Rows
from upbeat.delivery.engine.wake_ups import WakeUps

CHECKED_WITH = "3.10"
"""The release of Procrastinate whose queries are answered here."""

_UNIQUE = {
    "procrastinate_jobs.queueing_lock": QUEUEING_LOCK_CONSTRAINT,
    "procrastinate_jobs.lock": "procrastinate_jobs_lock_idx_v1",
}
_NAMES = {text: name for name, text in sql.queries.items()}


class SQLiteConnector(BaseAsyncConnector):
    """A store of jobs for a Procrastinate `App`.

    A synchronous call runs on the calling thread's Django connection: a job deferred inside `transaction.atomic()` is
    there if the transaction commits, and never was if it rolls back. An awaited call runs on a thread that belongs to
    the connector (between `open_async` and `close_async`), so that waiting for another writer never holds up the loop.

    `now` is the installation's clock and says which jobs are due; it is asked on the thread that runs the query.
    `elapsed` (seconds) times heartbeats, and must not move with that clock.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        elapsed: Callable[[], float] = time.monotonic,
        using: str = "default",
    ) -> None:
        self._now = now
        self._elapsed = elapsed
        self._rows = Rows(using)
        self._using = using
        self._thread: ThreadPoolExecutor | None = None
        self._wake_ups = WakeUps()

    def get_sync_connector(self) -> "SQLiteConnector":
        return self

    def open(self, pool: Any = None) -> None:
        """Nothing to open: a synchronous call uses the connection of its thread."""

    def close(self) -> None:
        """Nothing to close: Django closes its connections itself."""

    async def open_async(self, pool: Any = None) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upbeat-engine")

    async def close_async(self) -> None:
        if self._thread is not None:
            thread, self._thread = self._thread, None
            await asyncio.get_running_loop().run_in_executor(thread, self._hang_up)
            thread.shutdown(wait=False)

    def _hang_up(self) -> None:
        connections[self._using].close()

    def execute_query(self, query: str, **arguments: Any) -> None:
        self._run(query, arguments)

    def execute_query_one(self, query: str, **arguments: Any) -> Row:
        return _only(self._run(query, arguments))

    def execute_query_all(self, query: str, **arguments: Any) -> list[Row]:
        return self._run(query, arguments)

    async def execute_query_async(self, query: str, **arguments: Any) -> None:
        await self._run_beside(query, arguments)

    async def execute_query_one_async(self, query: str, **arguments: Any) -> Row:
        return _only(await self._run_beside(query, arguments))

    async def execute_query_all_async(self, query: str, **arguments: Any) -> list[Row]:
        return await self._run_beside(query, arguments)

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        await self._wake_ups.listen(on_notification, channels)

    async def _run_beside(self, query: str, arguments: dict[str, Any]) -> list[Row]:
        if self._thread is None:
            raise AppNotOpen
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, partial(self._run, query, arguments)
        )

    def _run(self, query: str, arguments: dict[str, Any]) -> list[Row]:
        """Answer one of Procrastinate's queries by its name; run any other text as the SQL it is."""
        name = _NAMES.get(query)
        with _as_procrastinate_says():
            if name is None:
                return self._rows(query, **arguments)
            times = {"now": self._now()} if name == "fetch_job" else {"elapsed": self._elapsed()}
            rows = answer(self._rows, name, {**arguments, **times})
            self._announce(name, arguments, rows)
        return rows

    def _announce(self, name: str, arguments: dict[str, Any], rows: list[Row]) -> None:
        """Wake the workers of this process, once what they are to find has been committed."""
        if name == "defer_jobs":
            for queue in {job.queue_name for job in arguments["jobs"]}:
                self._on_commit(queue, "job_inserted", rows[-1]["id"])
        elif name == "defer_periodic_job" and rows[0]["id"]:
            self._on_commit(arguments["queue"], "job_inserted", rows[0]["id"])
        elif name == "cancel_job" and rows[0].get("status") == "doing":
            self._on_commit(rows[0]["queue_name"], "abort_job_requested", rows[0]["id"])

    def _on_commit(self, queue: str, kind: Any, job_id: int) -> None:
        told = partial(self._wake_ups.announce, queue, {"type": kind, "job_id": job_id})
        transaction.on_commit(told, using=self._using)


def _only(rows: list[Row]) -> Row:
    if not rows:
        raise NoResult
    return rows[0]


@contextmanager
def _as_procrastinate_says() -> Iterator[None]:
    """A database error under the name that Procrastinate gives it."""
    try:
        yield
    except IntegrityError as problem:
        for column, constraint in _UNIQUE.items():
            if str(problem).endswith(column):
                raise UniqueViolation(constraint_name=constraint, queueing_lock=None) from problem
        raise ConnectorException from problem
    except Error as problem:
        raise ConnectorException from problem
