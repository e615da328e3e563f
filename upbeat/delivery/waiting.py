"""Who waits for the release on a service, for how long, and who is woken: by whole sets of rows."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import NOT_FOUND_YET, State
from upbeat.core.retry import PATIENCE
from upbeat.delivery.models import Batch, Chunk, Delivery
from upbeat.providers.base import Action

HELD = "held"
"""The reason of those who wait because something is wrong and the team has to decide."""

NOT_THERE = "The service does not show the release yet."
STOPPED = "Held back until the team has decided."
UNDECIDED = "It was held back, and nobody decided within 14 days."
NEEDS_SOURCE = ~Q(action=Action.FOLLOW, target__isnull=False)
"""All but the follows a fan has named: they need nothing of the release."""
_ASLEEP = Q(state=State.PENDING_SOURCE, reason=NOT_FOUND_YET)
_HELD = Q(state=State.QUEUED, reason=HELD)


def pend(rows: QuerySet[Delivery], now: datetime) -> None:
    """Let due deliveries that need the release wait until it is found; who has waited 14 days waits no more."""
    asleep = {"state": State.PENDING_SOURCE, "reason": NOT_FOUND_YET, "note": NOT_THERE}
    _park(rows, asleep, f"We tried for 14 days. {NOT_THERE}", now)


def hold(rows: QuerySet[Delivery], now: datetime) -> None:
    """Let due deliveries that need the release wait in the queue for the team's decision, 14 days at the most."""
    _park(rows, {"state": State.QUEUED, "reason": HELD, "note": STOPPED}, UNDECIDED, now)


def wake(campaign: Campaign, service: str, now: datetime) -> int:
    """Who waited for the release on this service is due. Call it when it has been found."""
    stopped = Batch.objects.filter(campaign=campaign, service=service, held_at__isnull=False).exists()
    asleep = campaign.deliveries.filter(_ASLEEP if stopped else _ASLEEP | _HELD, service=service)
    return asleep.update(state=State.QUEUED, reason="", note="", next_at=Greatest("due_at", now))


def stay_due(was: datetime, now: datetime) -> int:
    """The clock was set back from `was` to `now`: what was due is due still, unless its fan's instant is to come again.

    Returns how many deliveries would have waited for the clock to get there a second time.
    """
    waiting = Delivery.objects.filter(next_at__gt=now, next_at__lte=was, due_at__lte=now)
    return waiting.update(next_at=now)


def fence(campaign: Campaign, service: str) -> None:
    """Whoever works on this campaign × service at this moment changes nothing more, and nobody waits for them."""
    Chunk.objects.filter(campaign=campaign, service=service).update(
        epoch=F("epoch") + 1, canary=False, job_id=None
    )


def due_or_asleep(campaign: Campaign, service: str, now: datetime) -> QuerySet[Delivery]:
    """What may be parked anew: what is due, and what waits for the release already."""
    rows = campaign.deliveries.filter(service=service, next_at__isnull=False)
    return rows.filter(_ASLEEP | _HELD | Q(next_at__lte=now))


def _park(rows: QuerySet[Delivery], asleep: Mapping[str, str], in_the_end: str, now: datetime) -> None:
    """Nobody looks at them again before they are woken: so they are not due until their patience ends."""
    waiting = rows.filter(NEEDS_SOURCE)
    waiting.filter(due_at__lte=now - PATIENCE).update(
        state=State.EXPIRED,
        reason=asleep["reason"],
        note=in_the_end,
        next_at=None,
        settled_at=now,
    )
    waiting.filter(due_at__gt=now - PATIENCE).update(**asleep, next_at=F("due_at") + PATIENCE)
