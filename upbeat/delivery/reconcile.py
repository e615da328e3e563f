"""The rows are the truth, the jobs a hint: what is due and has no job gets one, whatever became of the first."""

from datetime import datetime, timedelta

from upbeat.campaigns.models import Campaign
from upbeat.core.retry import PATIENCE
from upbeat.delivery.cut import cut, give_jobs
from upbeat.delivery.plan import AHEAD
from upbeat.delivery.source import wake_late_sleepers

IN_HAND = timedelta(seconds=10)
"""A fan's own chunk is left for so long to the process that serves the fan."""


def reconcile(now: datetime) -> int:
    """Bring jobs in line with rows. Returns how many chunks got one.

    Late pre-saves and releases whose job was lost are cut; chunks with something due and no live job get one.
    """
    wake_late_sleepers(now)
    released = Campaign.objects.filter(
        state=Campaign.PUBLISHED, opens_at__lte=now + AHEAD, opens_at__gt=now - 2 * PATIENCE
    )
    return sum(cut(campaign, now) for campaign in released) + give_jobs(now, now - IN_HAND)
