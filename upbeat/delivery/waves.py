"""A local release in waves: at each midnight of the world the chunks with somebody whose instant it is get jobs.

A chunk holds fans of many zones: a row lies in one chunk for good, whatever becomes of its fan's zone.
"""

from datetime import datetime

from django.db import transaction

from upbeat.campaigns.models import Campaign
from upbeat.delivery.idle import idle_chunks
from upbeat.delivery.plan import AHEAD
from upbeat.delivery.shares import give_jobs_to


def give_wave(campaign: Campaign, now: datetime) -> int:
    """Give jobs to the chunks with deliveries due now, and ahead, at its instant, to those of a wave that is near."""
    wave = campaign.next_opens_at(now)
    given = _give(campaign, now, None)
    return given if wave is None or wave > now + AHEAD else given + _give(campaign, wave, wave)


@transaction.atomic
def _give(campaign: Campaign, due_by: datetime, at: datetime | None) -> int:
    return give_jobs_to(idle_chunks(due_by, campaign_id=campaign.pk), at)
