"""Due deliveries are cut into ranges of ids, and each range gets a job: never a write per row, never a job per fan."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Max

from upbeat.campaigns.models import Campaign
from upbeat.delivery.gate import needs_canary
from upbeat.delivery.idle import idle_chunks
from upbeat.delivery.models import Chunk
from upbeat.delivery.sample import choose
from upbeat.delivery.shares import first_turn, give_jobs_to
from upbeat.delivery.waves import give_wave

# From one end to the next along the index: a tenth of what numbering all the rows costs.
_ENDS = """
WITH RECURSIVE part(hi) AS (
    SELECT CAST(%(after)s AS bigint)
    UNION ALL
    SELECT (SELECT id FROM delivery_delivery
             WHERE campaign_id = %(campaign)s AND service = %(service)s AND id > part.hi AND next_at <= %(upto)s
             ORDER BY id LIMIT 1 OFFSET %(most)s - 1)
      FROM part WHERE part.hi IS NOT NULL
)
SELECT hi FROM part WHERE hi > %(after)s
"""
_LAST = """
SELECT MAX(id) FROM delivery_delivery
 WHERE campaign_id = %(campaign)s AND service = %(service)s AND id > %(after)s AND next_at <= %(upto)s
"""


def cut(campaign: Campaign, now: datetime) -> int:
    """Cut what is due by the release's instant (or by now, if that is later) and not yet in a chunk.

    Chunks and jobs appear together; the jobs run from the instant on. Of a local release all is cut at the first
    instant; then each wave gives jobs to the chunks with somebody whose instant it is. Returns how many chunks.
    """
    services = campaign.pre_saves.order_by().values_list("service", flat=True).distinct()
    made = sum(_cut(campaign.pk, service, now) for service in services)
    if campaign.local:
        give_wave(campaign, now)
    return made


@transaction.atomic
def _cut(campaign_id: int, service: str, now: datetime) -> int:
    # Two who cut at once would lay the same ranges: the second waits here, and finds nothing left. Nor does it move
    # while we cut: a job at an instant that is no more would keep its chunk until then.
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    if campaign.last_opens_at is None:
        return 0
    upto = max(now, campaign.last_opens_at)
    laid = Chunk.objects.filter(campaign=campaign, service=service, pre_save=None)
    before = laid.aggregate(last=Max("hi"), number=Count("id"))
    lo, chunks = (before["last"] or 0) + 1, list[Chunk]()
    turn = first_turn(campaign_id, service, upto)
    for hi in _ends(campaign.pk, service, lo - 1, upto):
        chunks.append(Chunk(campaign=campaign, service=service, lo=lo, hi=hi, turn=turn + len(chunks)))
        lo = hi + 1
    if chunks and not campaign.local and needs_canary(campaign_id, service):
        chunks[0].canary = True  # Of a local release it is the first one of which somebody is due.
    Chunk.objects.bulk_create(chunks)
    choose(campaign_id, service, chunks, before["number"], max(now, campaign.opens_at or now))
    if not campaign.local:
        give_jobs_to(chunks, upto)
    return len(chunks)


def _ends(campaign_id: int, service: str, after: int, upto: datetime) -> list[int]:
    """The last id of each range."""
    given: dict[str, int | str | None] = {
        "campaign": campaign_id,
        "service": service,
        "upto": connection.ops.adapt_datetimefield_value(upto),
        "most": Chunk.MOST,
        "after": after,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENDS, given)
        ends = [row[0] for row in cursor.fetchall()]
        cursor.execute(_LAST, given | {"after": ends[-1] if ends else after})
        return [*ends, *(row[0] for row in cursor.fetchall() if row[0] is not None)]


@transaction.atomic
def give_jobs(now: datetime, at_once_after: datetime) -> int:
    """Give a job to each chunk that has due deliveries and no job that waits or runs. Returns how many.

    While one is the canary's, the others of its campaign × service wait for it without. A fan's own chunk is
    somebody's work at this moment if it fell due after `at_once_after`: it is let be.
    """
    return give_jobs_to(idle_chunks(now, own_by=at_once_after), None)
