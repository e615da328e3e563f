"""Putting jobs into the queue, as part of the transaction that gives them their reason."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connections

from upbeat.delivery.engine.app import app_on
from upbeat.delivery.engine.sqlite_rows import time_text

DEFAULT = "default"
"""The queue of everything that does not wait for one streaming service."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_FRONT = """
SELECT MAX(priority) FROM procrastinate_jobs
 WHERE status = 'todo' AND queue_name = %s AND priority <= 0 AND (scheduled_at IS NULL OR scheduled_at <= %s)
"""
_LIVE = {
    "sqlite": """
        SELECT id FROM procrastinate_jobs
         WHERE id IN (SELECT value FROM json_each(%s)) AND status IN ('todo', 'doing')
    """,
    "postgresql": """
        SELECT id FROM procrastinate_jobs
         WHERE id IN (SELECT value::bigint FROM json_array_elements_text(%s)) AND status IN ('todo', 'doing')
    """,
}


def defer_in_transaction(
    task_name: str,
    at: datetime | None = None,
    *,
    queue: str = DEFAULT,
    using: str = "default",
    **ids: int | str,
) -> int:
    """Add a job that runs from `at` on (aware; None: at once). Returns its id.

    It is there when the open transaction commits, and gone if that rolls back. `ids` are row ids or short names such
    as a service's: what a job is about is read from its rows when it runs, so it is never old and never leaks.
    """
    return defer_many_in_transaction(task_name, [ids], at, queue=queue, using=using)[0]


def defer_many_in_transaction(
    task_name: str,
    jobs: Iterable[Mapping[str, int | str]],
    at: datetime | None = None,
    *,
    queue: str = DEFAULT,
    priorities: Sequence[int] = (),
    using: str = "default",
) -> list[int]:
    """The same for many jobs of one task in one statement. Returns their ids in the order of `jobs`.

    Within a `queue` the highest of the `priorities` (one for each job; none: 0) goes first.
    """
    app = app_on(using)
    task = app.configure_task(task_name, allow_unknown=False, schedule_at=at, queue=queue)
    made = [task.make_new_job(**_checked(ids)) for ids in jobs]
    if priorities:
        made = [job.evolve(priority=priority) for job, priority in zip(made, priorities, strict=True)]
    return [job.id or 0 for job in app.job_manager.batch_defer_jobs(made)] if made else []


def front(queue: str, upto: datetime, *, using: str = "default") -> int:
    """The highest priority, of those up to 0, among the jobs of `queue` that wait and are due by `upto`; 0 if none."""
    connection = connections[using]
    moment = time_text(upto) if connection.vendor == "sqlite" else upto
    with connection.cursor() as cursor:
        cursor.execute(_FRONT, [queue, moment])
        return cursor.fetchone()[0] or 0


def cancel(job_id: int, *, using: str = "default") -> bool:
    """Cancel a job that has not begun. False if it has begun, has ended or never was."""
    return app_on(using).job_manager.cancel_job_by_id(job_id)


def hasten(task_name: str, *, using: str = "default") -> int:
    """Let every job of a task that waits for its moment run at once. Returns how many."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = NULL"
            " WHERE task_name = %s AND status = 'todo' AND scheduled_at IS NOT NULL",
            [task_name],
        )
        return int(cursor.rowcount)


def resting(task_name: str, *, using: str = "default") -> dict[str, datetime]:
    """The queues in which every job of a task waits for its moment, and when the first of these is."""
    jobs = app_on(using).job_manager
    ones = [*jobs.list_jobs(task=task_name, status="todo"), *jobs.list_jobs(task=task_name, status="doing")]
    waiting: dict[str, list[datetime | None]] = {}
    for job in ones:
        waiting.setdefault(job.queue, []).append(job.scheduled_at if job.status == "todo" else None)
    return {queue: min(filter(None, moments)) for queue, moments in waiting.items() if None not in moments}


def live_job_ids(ids: Iterable[int], *, using: str = "default") -> set[int]:
    """Those of `ids` whose job is waiting or running."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_LIVE[connection.vendor], [json.dumps(list(ids))])
        return {row[0] for row in cursor.fetchall()}


def _checked(ids: Mapping[str, int | str]) -> dict[str, Any]:
    for name, value in ids.items():
        if not (isinstance(value, int) or _NAME.fullmatch(value)):
            raise ValueError(f"A job carries only ids and short names: {name} is neither.")
    return dict(ids)
