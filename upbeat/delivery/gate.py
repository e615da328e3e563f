"""The gate of a campaign × service: shut until its canary has been read back, open for everybody from then on.

One chunk at a time is the canary's. The others that come meanwhile go away without a job, and whoever opens the gate
gives them one: nobody waits in a worker's slot.
"""

from datetime import datetime
from enum import Enum, auto

from django.db.models import Q, QuerySet

from upbeat.core.channels import is_channel, main_action
from upbeat.delivery import waiting
from upbeat.delivery.models import OPEN_STATES, Batch, Chunk, Delivery
from upbeat.delivery.shares import give_jobs_to
from upbeat.providers.base import Action


class Gate(Enum):
    """How a chunk finds it."""

    OPEN = auto()
    OURS = auto()
    """Shut, and this chunk is the canary's."""
    SHUT = auto()


def enter(chunk: Chunk, due: QuerySet[Delivery], now: datetime) -> Gate:
    """Whether a chunk's due deliveries may go. The first that has a save due becomes the canary's."""
    batch = _batch(chunk)
    if batch.canary_passed_at is not None:
        return Gate.OPEN
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.canary_passed_at is not None:
        return Gate.OPEN
    if batch.held_at is not None:
        waiting.hold(due, now)
        return Gate.SHUT
    if _is_canary(chunk, due):
        return Gate.OURS
    if not _open_saves(chunk).exists():
        open_gate(chunk, now)
        return Gate.OPEN
    Chunk.objects.filter(pk=chunk.pk).update(job_id=None)
    return Gate.SHUT


def needs_canary(campaign_id: int, service: str) -> bool:
    """Whether no chunk is the canary's, and one is needed. A reminder cannot be read back."""
    if is_channel(service):
        return False
    decided = Batch.objects.filter(campaign=campaign_id, service=service).exclude(
        canary_passed_at=None, held_at=None
    )
    canaries = Chunk.objects.filter(campaign=campaign_id, service=service, canary=True)
    return not decided.exists() and not canaries.exists()


def no_canary(chunk: Chunk, now: datetime) -> None:
    """A channel's gate stands open."""
    batch = _batch(chunk)
    if batch.canary_passed_at is None:
        Batch.objects.filter(pk=batch.pk, canary_passed_at=None).update(canary_passed_at=now)


def open_gate(chunk: Chunk, now: datetime) -> None:
    """Let everybody go: each chunk that went away without a job gets one."""
    batches = Batch.objects.filter(campaign=chunk.campaign_id, service=chunk.service)
    batches.update(canary_passed_at=now)
    Chunk.objects.filter(pk=chunk.pk).update(canary=False)
    give_idle_chunks_jobs(chunk.campaign_id, chunk.service)


def stand_down(chunk: Chunk, now: datetime) -> bool:
    """The canary's chunk has no save left to try just now: the next chunk's turn. True: nobody is left to wait for."""
    Batch.objects.select_for_update(no_key=True).get(campaign=chunk.campaign_id, service=chunk.service)
    if not _open_saves(chunk).exists():
        open_gate(chunk, now)
        return True
    Chunk.objects.filter(pk=chunk.pk).update(canary=False)
    after = Chunk.objects.filter(
        campaign=chunk.campaign_id, service=chunk.service, pre_save=None, job_id=None, lo__gt=chunk.hi
    )
    give_jobs_to(list(after.order_by("lo")[:1]), None)
    return False


def to_come_back_for(chunk: Chunk, rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those of a chunk's open deliveries that its job is to come back for: others wait for somebody else."""
    batch = Batch.objects.filter(campaign=chunk.campaign_id, service=chunk.service).first()
    if batch is None or batch.canary_passed_at is not None:
        return rows
    canaries = Chunk.objects.filter(campaign=chunk.campaign_id, service=chunk.service, canary=True)
    if canaries.filter(pk=chunk.pk).exists():
        return rows
    if batch.held_at is not None or canaries.exists():
        return rows.exclude(waiting.NEEDS_SOURCE)
    return rows.exclude(waiting.NEEDS_SOURCE & ~Q(action=Action.SAVE))


def give_idle_chunks_jobs(campaign_id: int, service: str) -> None:
    """A job at once for each chunk of a campaign × service that has none."""
    give_jobs_to(list(Chunk.objects.filter(campaign=campaign_id, service=service, job_id=None)), None)


def mark_done(campaign_id: int, service: str, now: datetime) -> None:
    """Note when nobody was left to be served; and that somebody is again."""
    fans = Delivery.objects.filter(campaign=campaign_id, service=service, action=main_action(service))
    batches = Batch.objects.filter(campaign=campaign_id, service=service)
    if fans.filter(state__in=OPEN_STATES).exists():
        batches.filter(done_at__isnull=False).update(done_at=None)
    else:
        batches.filter(done_at=None).update(done_at=now)


def _batch(chunk: Chunk) -> Batch:
    batch, _ = Batch.objects.get_or_create(campaign_id=chunk.campaign_id, service=chunk.service)
    return batch


def _is_canary(chunk: Chunk, due: QuerySet[Delivery]) -> bool:
    if chunk.canary:
        return True
    taken = Chunk.objects.filter(campaign=chunk.campaign_id, service=chunk.service, canary=True)
    if taken.exists() or not due.filter(action=Action.SAVE).exists():
        return False
    chunk.canary = True
    Chunk.objects.filter(pk=chunk.pk).update(canary=True)
    return True


def _open_saves(chunk: Chunk) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        campaign=chunk.campaign_id,
        service=chunk.service,
        action=Action.SAVE,
        state__in=OPEN_STATES,
    )
