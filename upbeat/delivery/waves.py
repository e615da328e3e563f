"""A local release in waves: at each midnight of the world the chunks with somebody whose instant it is get jobs.

A chunk holds fans of many zones: a row lies in one chunk for good, whatever becomes of its fan's zone.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from upbeat.campaigns.models import Campaign
from upbeat.delivery.engine.queue import live_job_ids
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.plan import AHEAD
from upbeat.delivery.shares import give_jobs_to


def give_wave(campaign: Campaign, now: datetime) -> int:
    """Give jobs to the chunks with deliveries due now, and ahead, at its instant, to those of a wave that is near."""
    wave = campaign.next_opens_at(now)
    given = _give(campaign, now, None)
    return given if wave is None or wave > now + AHEAD else given + _give(campaign, wave, wave)


@transaction.atomic
def _give(campaign: Campaign, due_by: datetime, at: datetime | None) -> int:
    chunks = Chunk.objects.filter(Exists(due_in_chunk(due_by)), campaign=campaign, pre_save=None)
    waiting = list(chunks.select_for_update(of=("self",), skip_locked=True).order_by("id"))
    live = live_job_ids(chunk.job_id for chunk in waiting if chunk.job_id is not None)
    return give_jobs_to([chunk for chunk in waiting if chunk.job_id not in live], at)


def due_in_chunk(by: datetime) -> QuerySet[Delivery]:
    """The due deliveries of a chunk, for a question about chunks."""
    return Delivery.objects.filter(
        next_at__lte=by,
        campaign=OuterRef("campaign"),
        service=OuterRef("service"),
        id__gte=OuterRef("lo"),
        id__lte=OuterRef("hi"),
    )
