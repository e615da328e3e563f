"""A try that waits may be made now, where somebody of the team says so."""

from datetime import datetime

from django.db import transaction

from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.models import Delivery
from upbeat.delivery.plan import replan_fan


@transaction.atomic
def try_now(campaign: Campaign, fan_code: str, now: datetime) -> int:
    """Let the deliveries of a fan that are retrying be tried at once. Returns how many.

    They get a chunk of their own, with a job. What a service asked of all of us holds as before: the limiter keeps it.
    Nothing goes out before its instant.
    """
    retrying = Delivery.objects.filter(state=State.RETRYING, due_at__lte=now, next_at__gt=now)
    tried = 0
    for wish in campaign.pre_saves.filter(fan__code=fan_code, withdrawn_at=None).select_related("campaign"):
        moved = retrying.filter(pre_save=wish).update(next_at=now)
        if moved:
            replan_fan(wish, now)
        tried += moved
    return tried
