"""Whose permission is dead, or will be when it is needed: only the fan can give it again, with one tap.

What they chose stays in the books meanwhile, and goes on by itself when they have (`plan.plan_again`).
"""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.models import Delivery
from upbeat.fans.models import Consent, PreSave

_ENDS = Q(pre_save__connection__dead_at__isnull=False) | Q(pre_save__connection__dies_at__lte=F("due_at"))
_ENDED = Q(state=State.NEEDS_FAN) | (Q(next_at__isnull=False) & _ENDS)


def must_reconnect(pre_save: PreSave) -> bool:
    """Whether something this fan was promised waits for a new permission. Reads what was prefetched."""
    if pre_save.rung != PreSave.SAVE or pre_save.withdrawn_at is not None:
        return False
    return any(_ended(row, pre_save) for row in pre_save.deliveries.all())


def to_write_to(campaign: Campaign) -> QuerySet[PreSave]:
    """Those of a campaign who must reconnect, left an address that stands, and have not been written to."""
    ended = Delivery.objects.filter(_ENDED, pre_save=OuterRef("pk"))
    agreed = Consent.objects.filter(fan=OuterRef("fan"), campaign=campaign, withdrawn_at=None)
    waiting = campaign.pre_saves.filter(rung=PreSave.SAVE, withdrawn_at=None, asked_again_at=None)
    return waiting.filter(Exists(agreed), Exists(ended)).select_related("connection", "fan").order_by("id")


def _ended(row: Delivery, pre_save: PreSave) -> bool:
    state, grant = State(row.state), pre_save.connection
    if state is State.NEEDS_FAN:
        return True
    dies = grant.dies_at is not None and grant.dies_at <= row.due_at
    return state.is_open and (grant.dead_at is not None or dies)
