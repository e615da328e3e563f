"""Chunks that nobody works on although something in them is due. Asked each half minute, of millions of rows.

What makes it cheap: a chunk whose job waits or runs, which is nearly all of them on the night, costs one look at that
job; one that has ended, one look into the index of open deliveries.
"""

from datetime import datetime

from django.db import connection

from upbeat.core.retry import PATIENCE
from upbeat.delivery.engine.queue import live_job_ids
from upbeat.delivery.models import Chunk

MOST_AT_ONCE = 20_000
"""Ten million fans' worth."""
_LATE = 2 * PATIENCE
"""So long after its instant a campaign may still have open deliveries: fans' own patience, and then as much again."""

# The sub-queries stand alone, so that PostgreSQL asks them for one chunk after the other and makes no join of them:
# a join of ten thousand ranges with five million rows is what it would choose when its statistics are old.
_IDLE = """
SELECT chunk.id FROM delivery_chunk AS chunk JOIN campaigns_campaign AS campaign ON campaign.id = chunk.campaign_id
 WHERE (%(campaign)s IS NULL OR chunk.campaign_id = %(campaign)s)
   AND (chunk.pre_save_id IS NOT NULL OR campaign.opens_at > %(since)s)
   AND (SELECT 1 FROM procrastinate_jobs AS job
         WHERE job.id = chunk.job_id AND job.status IN ('todo', 'doing')) IS NULL
   AND (chunk.canary OR chunk.pre_save_id IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM delivery_chunk AS ahead
          JOIN delivery_batch AS batch ON batch.campaign_id = ahead.campaign_id AND batch.service = ahead.service
         WHERE ahead.campaign_id = chunk.campaign_id AND ahead.service = chunk.service
           AND ahead.canary AND batch.canary_passed_at IS NULL))
   AND (SELECT 1 FROM delivery_delivery AS due {open}
         WHERE due.campaign_id = chunk.campaign_id AND due.service = chunk.service
           AND due.id BETWEEN chunk.lo AND chunk.hi
           AND due.next_at IS NOT NULL AND due.next_at <= %(due_by)s
           AND (chunk.pre_save_id IS NULL OR (due.pre_save_id = chunk.pre_save_id AND due.next_at <= %(own_by)s))
         LIMIT 1) IS NOT NULL
 ORDER BY chunk.turn, chunk.id LIMIT %(most)s
"""
_OPEN = {"sqlite": "INDEXED BY delivery_open"}
"""SQLite would read all the rows of a chunk instead, also where none is open any more."""


def idle_chunks(
    due_by: datetime, *, own_by: datetime | None = None, campaign_id: int | None = None
) -> list[Chunk]:
    """Those of one campaign or of all with something due by `due_by`, locked for the open transaction.

    A fan's own chunk only if that was due by `own_by` (None: none of these). What others hold at this moment is not
    among them, nor are the chunks of a campaign × service whose canary is out, but the canary's.
    """
    stored = connection.ops.adapt_datetimefield_value
    given: dict[str, int | str | None] = {
        "campaign": campaign_id,
        "since": stored(due_by - _LATE),
        "due_by": stored(due_by),
        "own_by": stored(own_by),
        "most": MOST_AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_IDLE.format(open=_OPEN.get(connection.vendor, "")), given)
        ids = [row[0] for row in cursor.fetchall()]
    free = Chunk.objects.select_for_update(of=("self",), skip_locked=True)
    chunks = list(free.filter(pk__in=ids).order_by("turn", "pk"))
    live = live_job_ids(chunk.job_id for chunk in chunks if chunk.job_id is not None)
    return [chunk for chunk in chunks if chunk.job_id not in live]
