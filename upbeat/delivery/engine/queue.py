"""Putting jobs into the queue, as part of the transaction that gives them their reason."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from upbeat.delivery.engine.app import app_on

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
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
    task_name: str, at: datetime | None = None, *, priority: int = 0, using: str = "default", **ids: int | str
) -> int:
    """Add a job that runs from `at` on (aware; None: at once). Returns its id.

    It is there when the open transaction commits, and gone if that rolls back. `ids` are row ids or short names such
    as a service's: what a job is about is read from its rows when it runs, so it is never old and never leaks.
    """
    return defer_many_in_transaction(task_name, [ids], at, priority=priority, using=using)[0]


def defer_many_in_transaction(
    task_name: str,
    jobs: Iterable[Mapping[str, int | str]],
    at: datetime | None = None,
    *,
    priority: int = 0,
    using: str = "default",
) -> list[int]:
    """The same for many jobs of one task in one statement. Returns their ids in the order of `jobs`."""
    arguments = [_checked(ids) for ids in jobs]
    if not arguments:
        return []
    task = app_on(using).configure_task(task_name, allow_unknown=False, schedule_at=at, priority=priority)
    return task.batch_defer(*arguments)


def schedule(
    task_name: str, at: datetime, *, instead_of: int | None = None, using: str = "default", **ids: int | str
) -> int:
    """Put a job at another moment: cancel `instead_of` if it still waits, and add one at `at`, both or neither."""
    with transaction.atomic(using=using):
        if instead_of is not None:
            cancel(instead_of, using=using)
        return defer_many_in_transaction(task_name, [ids], at, using=using)[0]


def cancel(job_id: int, *, using: str = "default") -> bool:
    """Cancel a job that has not begun. False if it has begun, has ended or never was."""
    return app_on(using).job_manager.cancel_job_by_id(job_id)


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
