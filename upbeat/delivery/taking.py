"""What a chunk's job takes into its hands, and what it leaves behind."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from django.db import transaction
from django.db.models import F, Min, QuerySet

from upbeat.campaigns.models import ServiceLink
from upbeat.core.channels import is_channel
from upbeat.core.delivery import State
from upbeat.delivery import gate, waiting
from upbeat.delivery.budget import affordable
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.source import is_there
from upbeat.delivery.telling import Says, teller

_UNUSED = (
    "note",
    "settled_at",
    *(f"pre_save__{name}" for name in ("receipt", "language", "created_at", "completed_at", "withdrawn_at")),
    *(
        f"pre_save__connection__{name}"
        for name in ("account_id", "granted_at", "dies_at", "dead_at", "renewing_until")
    ),
)
"""What no delivery looks at: not reading it halves what reading a chunk costs."""


class May(Enum):
    """Which of a chunk's due deliveries may go out now."""

    ALL = auto()
    FIRST = auto()
    """The canary's: a handful, and when that has been read back all the others."""
    FOLLOWS = auto()
    """Those that need nothing of the release: the others wait for it, for the canary or for the team."""


@dataclass(frozen=True, slots=True)
class Work:
    chunk: Chunk
    rows: list[Delivery]
    link: ServiceLink | None
    may: May
    says: Says | None = None
    """Of a channel's chunk: what each reminder tells its fan."""


@transaction.atomic
def begin(chunk_id: int, now: datetime) -> Work | None:
    """Raise the fence and take what is due. None: the chunk is gone, its release has moved."""
    if not Chunk.objects.filter(pk=chunk_id).update(epoch=F("epoch") + 1):
        return None
    chunk = Chunk.objects.select_related("campaign").get(pk=chunk_id)
    if is_channel(chunk.service):
        return _reminders(chunk, now)
    links = ServiceLink.objects.select_related("release__artist")
    link = links.filter(release=chunk.campaign.release_id, service=chunk.service).first()
    due = open_rows(chunk).filter(next_at__lte=now)
    may = _may(chunk, link, due, now)
    if may is May.FOLLOWS:
        link, due = None, due.exclude(waiting.NEEDS_SOURCE)
    due = affordable(due, chunk.service, now)
    related = due.select_related("pre_save__connection", "pre_save__playlist_choice", "target")
    return Work(chunk, _taken(related.defer(*_UNUSED), due), link, may)


@transaction.atomic
def leave(work: Work, tried: int, now: datetime) -> datetime | None:
    """Put what was not tried back into the queue, if the chunk is still ours. Returns when the next of what is left is
    due, or None. A fan's own chunk with nothing left has served."""
    chunk = work.chunk
    if not Chunk.objects.filter(pk=chunk.pk, epoch=chunk.epoch).update(epoch=chunk.epoch):
        return None
    rows = open_rows(chunk)
    if tried < len(work.rows):
        rows.filter(state=State.IN_PROGRESS).update(state=State.QUEUED)
    gate.mark_done(chunk.campaign_id, chunk.service, now)
    if chunk.pre_save_id is not None and not rows.exists():
        Chunk.objects.filter(pk=chunk.pk).delete()
        return None
    first: datetime | None = gate.to_come_back_for(chunk, rows).aggregate(first=Min("next_at"))["first"]
    return first


def open_rows(chunk: Chunk) -> QuerySet[Delivery]:
    """The deliveries of a chunk that have not ended."""
    rows = Delivery.objects.filter(
        campaign=chunk.campaign_id,
        service=chunk.service,
        id__gte=chunk.lo,
        id__lte=chunk.hi,
        next_at__isnull=False,
    )
    return rows if chunk.pre_save_id is None else rows.filter(pre_save=chunk.pre_save_id)


def _reminders(chunk: Chunk, now: datetime) -> Work:
    """Reminders need nothing of the release: whatever is due goes out, with the link that is known by then."""
    gate.no_canary(chunk, now)
    due = open_rows(chunk).filter(next_at__lte=now)
    rows = _taken(due.select_related("pre_save__connection"), due)
    return Work(chunk, rows, None, May.ALL, teller(chunk.campaign) if rows else None)


def _taken(rows: QuerySet[Delivery], due: QuerySet[Delivery]) -> list[Delivery]:
    taken = list(rows.order_by("id"))
    if taken:
        due.update(state=State.IN_PROGRESS, reason="", note="")
    return taken


def _may(chunk: Chunk, link: ServiceLink | None, due: QuerySet[Delivery], now: datetime) -> May:
    if link is not None and is_there(link):
        return {gate.Gate.OPEN: May.ALL, gate.Gate.OURS: May.FIRST, gate.Gate.SHUT: May.FOLLOWS}[
            gate.enter(chunk, due, now)
        ]
    if link is not None and link.is_held:
        waiting.hold(due, now)
    else:
        waiting.pend(due, now)
    return May.FOLLOWS
