"""A fan takes a pre-save back: nothing more goes out, and what they entrusted to us for it is forgotten."""

from datetime import datetime

from django.db.models import Q

from upbeat.core.delivery import State
from upbeat.delivery.models import OPEN_STATES, Delivery
from upbeat.delivery.plan import CALLED_OFF
from upbeat.fans.models import Connection, PreSave
from upbeat.fans.tokens import forget

BY_FAN = "by_fan"


def withdraw(pre_save: PreSave, now: datetime) -> None:
    """Take it back, in the caller's transaction. What is on the wire at this moment cannot be called back; what was
    delivered stays so."""
    pre_save.withdrawn_at = pre_save.withdrawn_at or now
    pre_save.save(update_fields=["withdrawn_at"])
    pre_save.deliveries.filter(state__in=OPEN_STATES).update(
        state=State.WITHDRAWN, reason=BY_FAN, note="", next_at=None, settled_at=now
    )
    needed = Q(next_at__isnull=False) | Q(state=State.WITHDRAWN, reason=CALLED_OFF)
    if not Delivery.objects.filter(needed, pre_save__connection=pre_save.connection_id).exists():
        forget(Connection.objects.filter(pk=pre_save.connection_id))
