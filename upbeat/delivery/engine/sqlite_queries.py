"""What Procrastinate 3.10 asks of its database, by the names of its queries, answered by SQLite."""

import json
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any

from django.db import IntegrityError, transaction
from procrastinate import sql
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT
from procrastinate.types import JobToDefer

from upbeat.delivery.engine.sqlite_rows import Row, Rows, time_text

_FILE = sql.parse_query_file((resources.files(__package__) / "sqlite_queries.sql").read_text("utf-8"))
_SQL = {
    name: text.replace("{filter}", _FILE["filter"]).replace("{due_job}", _FILE["due_job"])
    for name, text in _FILE.items()
}
_NO_JOB: Row = {"id": None}


def answer(rows: Rows, query: str, arguments: dict[str, Any]) -> list[Row]:
    """Answer the query of this name. An unknown name means that another release of Procrastinate is installed."""
    if query in _STEPS:
        return _STEPS[query](rows, **arguments)
    if query not in ANSWERED:
        raise ConnectorException(
            f"SQLite has no answer to Procrastinate's query {query}: 3.10 is known here."
        )
    return rows(_SQL[query], **arguments)


def _defer_jobs(rows: Rows, jobs: Sequence[JobToDefer], **_: Any) -> list[Row]:
    listed = [
        (*job[:5], json.dumps(job.args), time_text(job.scheduled_at) if job.scheduled_at else None)
        for job in jobs
    ]
    try:
        deferred = rows(_SQL["defer_jobs"], jobs=listed)
    except IntegrityError as problem:
        lock = _taken_lock(rows, jobs)
        if lock is None:
            raise
        raise UniqueViolation(constraint_name=QUEUEING_LOCK_CONSTRAINT, queueing_lock=lock) from problem
    return sorted(deferred, key=lambda row: int(row["id"]))


def _taken_lock(rows: Rows, jobs: Sequence[JobToDefer]) -> str | None:
    """The queueing lock that kept `jobs` out: the first one another job holds, or that two of them share."""
    locks = [job.queueing_lock for job in jobs if job.queueing_lock is not None]
    held = {row["queueing_lock"] for row in rows(_SQL["waiting_queueing_locks"], locks=locks)}
    return next((lock for place, lock in enumerate(locks) if lock in held or lock in locks[:place]), None)


def _defer_periodic_job(rows: Rows, **given: Any) -> list[Row]:
    """Once for each task, id and moment, whoever asks; and forget the moments before it."""
    moment = {name: given[name] for name in ("task_name", "periodic_id", "defer_timestamp")}
    with transaction.atomic(using=rows.using, savepoint=False):
        remembered = rows(_SQL["remember_periodic_defer"], **moment)
        if not remembered:
            return [_NO_JOB]
        job = JobToDefer(
            given["queue"],
            given["task_name"],
            given["priority"],
            given["lock"],
            given["queueing_lock"],
            given["args"],
            None,
        )
        deferred = _defer_jobs(rows, [job])
        rows(_SQL["link_periodic_defer"], id=remembered[0]["id"], job_id=deferred[0]["id"])
        rows(_SQL["forget_older_periodic_defers"], **moment)
        return deferred


def _fetch_job(rows: Rows, **given: Any) -> list[Row]:
    """Look before taking: a poll that finds nothing must not wait for whoever is writing, nor write itself."""
    if not rows(_SQL["due_job"], **given):
        return [_NO_JOB]
    return rows(_SQL["take_job"], **given) or [_NO_JOB]


def _finish_job(rows: Rows, job_id: int, status: str, delete_job: bool, **_: Any) -> list[Row]:
    if status not in ("succeeded", "failed", "aborted"):
        raise ConnectorException(f"A job ends succeeded, failed or aborted, not {status} (job {job_id}).")
    if not rows(_SQL["end_and_delete_job" if delete_job else "end_job"], job_id=job_id, status=status):
        raise ConnectorException(f"There is no job {job_id} that is waiting or running.")
    return []


def _cancel_job(rows: Rows, job_id: int, abort: bool, delete_job: bool, **_: Any) -> list[Row]:
    """The row also says the job's status and queue when it is now asked to stop: its worker must hear of it."""
    with transaction.atomic(using=rows.using, savepoint=False):
        gone = rows(_SQL["delete_waiting_job"], job_id=job_id) if delete_job else []
        step = "cancel_or_abort_job" if abort else "cancel_waiting_job"
        return gone or rows(_SQL[step], job_id=job_id) or [_NO_JOB]


def _retry_job(rows: Rows, **given: Any) -> list[Row]:
    with transaction.atomic(using=rows.using, savepoint=False):
        if not rows(_SQL["fail_aborted_job"], **given) and not rows(_SQL["put_back_job"], **given):
            raise ConnectorException(f"There is no job {given['job_id']} that is running or has failed.")
    return []


_STEPS: dict[str, Callable[..., list[Row]]] = {
    "defer_jobs": _defer_jobs,
    "defer_periodic_job": _defer_periodic_job,
    "fetch_job": _fetch_job,
    "finish_job": _finish_job,
    "cancel_job": _cancel_job,
    "retry_job": _retry_job,
}
ANSWERED = frozenset(_STEPS) | (frozenset(_SQL) & frozenset(sql.queries))
"""All of Procrastinate's queries but `listen_queue`: listening is `WakeUps`."""
