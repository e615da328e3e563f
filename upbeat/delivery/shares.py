"""Fair shares: each service has a queue of its own, and in it the chunks of all campaigns take turns.

Of two campaigns that are out at the same midnight, each has its first chunk worked on before either has its second,
however many fans one of them has. A campaign that comes out while another is under way joins in where that one is.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from upbeat.delivery.engine.queue import defer_many_in_transaction, front
from upbeat.delivery.models import Chunk

_CANARY, _ONE_FAN = 2, 1
"""Before all turns: a few fans, and one who may be looking at the page."""

_WAITING = """
SELECT COUNT(*) FROM delivery_chunk AS chunk JOIN procrastinate_jobs AS job ON job.id = chunk.job_id
 WHERE chunk.campaign_id = %s AND chunk.service = %s AND chunk.pre_save_id IS NULL AND job.status = 'todo'
"""


def first_turn(campaign_id: int, service: str, upto: datetime) -> int:
    """The turn of the next chunk of a campaign on a service: after those of its own that wait."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [campaign_id, service])
        waiting: int = cursor.fetchone()[0]
    return waiting - front(service, upto)


def give_jobs_to(chunks: Sequence[Chunk], at: datetime | None) -> int:
    """A job for each of these chunks, from `at` on (None: at once). Returns how many."""
    given = 0
    for service in {chunk.service for chunk in chunks}:
        of_service = [chunk for chunk in chunks if chunk.service == service]
        jobs = defer_many_in_transaction(
            "chunk",
            [{"chunk_id": chunk.pk} for chunk in of_service],
            at,
            queue=service,
            priorities=[_priority(chunk) for chunk in of_service],
        )
        for chunk, job in zip(of_service, jobs, strict=True):
            chunk.job_id = job
        with connection.cursor() as cursor:
            pairs = [(chunk.job_id, chunk.pk) for chunk in of_service]
            cursor.executemany("UPDATE delivery_chunk SET job_id = %s WHERE id = %s", pairs)
        given += len(of_service)
    return given


def _priority(chunk: Chunk) -> int:
    if chunk.canary:
        return _CANARY
    return _ONE_FAN if chunk.pre_save_id is not None else -chunk.turn
