"""Procrastinate on PostgreSQL: its own two connectors behind one face, so that both stores are used alike."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from procrastinate import sql
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import NoResult
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg_pool import AsyncConnectionPool

_FETCH_AS_OF = """
WITH candidate AS (
    SELECT job.id FROM procrastinate_jobs AS job
     WHERE job.status = 'todo'
       AND (%(queues)s::varchar[] IS NULL OR job.queue_name = ANY(%(queues)s::varchar[]))
       AND (job.scheduled_at IS NULL OR job.scheduled_at <= %(now)s)
       AND NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs AS other
             WHERE job.lock IS NOT NULL AND other.lock = job.lock
               AND (other.status = 'doing' OR (other.status = 'todo' AND (
                    other.priority > job.priority OR (other.priority = job.priority AND other.id < job.id)))))
     ORDER BY job.priority DESC, job.id LIMIT 1 FOR UPDATE OF job SKIP LOCKED
)
UPDATE procrastinate_jobs AS job SET status = 'doing', worker_id = %(worker_id)s
  FROM candidate WHERE job.id = candidate.id
RETURNING job.id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id
"""
"""procrastinate_fetch_job_v2 of Procrastinate 3.10, with a `now` that can be told."""


class _JoiningConnector(DjangoConnector):
    """Django leaves jsonb as text, Procrastinate's connector for Django too; its job manager expects a dict."""

    def _dictfetch(self, cursor: Any) -> Iterator[dict[str, Any]]:
        for row in super()._dictfetch(cursor):
            if isinstance(row.get("args"), str):
                row["args"] = json.loads(row["args"])
            yield row


class PostgresConnector(PsycopgConnector):
    """Synchronous calls join the transaction of Django's connection; awaited ones have a pool of their own.

    Jobs fall due by the clock of the database, which all machines share. `now` puts another clock in its place: for
    the sandbox, whose clock can be moved.
    """

    def __init__(self, *, now: Callable[[], datetime] | None = None, using: str = "default") -> None:
        # Where the database is, is asked when the pool opens: a test's database gets its name later than this object.
        super().__init__(
            pool_factory=lambda **options: AsyncConnectionPool(kwargs=connector_params(using), **options),
            min_size=1,
            max_size=20,  # each loop of the worker listens on a connection of its own
        )
        self._now = now
        self._django = _JoiningConnector(alias=using)

    def get_sync_connector(self) -> BaseConnector:
        return self._django

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        if self._now is None or query != sql.queries["fetch_job"]:
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return row
        now = await sync_to_async(self._now)()
        try:
            job: dict[str, Any] = await super().execute_query_one_async(_FETCH_AS_OF, now=now, **arguments)
        except NoResult:
            return {"id": None}
        return job
