"""Wishes become deliveries: rows, written once, in the caller's transaction, moved when the release moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.core.delivery import State
from upbeat.delivery.engine.queue import defer_in_transaction
from upbeat.delivery.models import OPEN_STATES, Chunk, Delivery
from upbeat.fans.models import FollowChoice, PlaylistChoice, PreSave
from upbeat.providers.base import Action
from upbeat.providers.registry import capabilities

AHEAD = timedelta(seconds=60)
"""How long before the instant the release's deliveries are cut into chunks."""

CALLED_OFF = "campaign_withdrawn"
_MAY_START_OVER = (State.WITHDRAWN, State.NEEDS_FAN, State.REFUSED)
_WITH_THE_RELEASE = ~Q(action=Action.FOLLOW, target__isnull=False)
"""What waits for the instant: all but the follows of a service where they happen on COMPLETE."""


@dataclass(frozen=True, slots=True)
class _Wish:
    action: Action
    due_at: datetime
    target: FollowTarget | None = None


def plan_save(pre_save: PreSave, now: datetime) -> Chunk | None:
    """Plan the save, and the follow of the release's artist where that happens on the day (S27).

    Planning again changes nothing but what had ended without success: a fan who has come back starts that over.
    If the music is out already the fan's own chunk comes back and has a job.
    """
    due_at = _opens_at(pre_save, now)
    wishes = [_Wish(Action.SAVE, due_at)]
    if not capabilities(pre_save.service).follow_now:
        wishes.append(_Wish(Action.FOLLOW, due_at))
    _write(pre_save, wishes, now)
    chunk = _own_chunk(pre_save, now)
    if chunk is not None:
        chunk.job_id = defer_in_transaction("chunk", chunk_id=chunk.pk)
        chunk.save(update_fields=["job_id"])
    return chunk


def plan_completion(pre_save: PreSave, now: datetime) -> Chunk | None:
    """Plan what the fan chose with COMPLETE; what an earlier COMPLETE chose and this one does not is withdrawn.

    Returns the chunk of what is due at once (S20), without a job: perform it now. What is left of it then, or all of
    it should this process die, is the reconciler's.
    """
    wishes = [_Wish(Action.FOLLOW, now, choice.target) for choice in _follows(pre_save)]
    if PlaylistChoice.objects.filter(pre_save=pre_save).exists():
        wishes.append(_Wish(Action.PLAYLIST, _opens_at(pre_save, now)))
    _withdraw_others(pre_save, wishes, now)
    _write(pre_save, wishes, now)
    return _own_chunk(pre_save, now)


@transaction.atomic
def replan(campaign: Campaign, now: datetime) -> None:
    """Bring the open deliveries in line with the campaign after its moment or its state has changed.

    The chunks go, and with them the fence of any job that works on one: it changes nothing more.
    """
    list(Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk))
    campaign.refresh_from_db(fields=["state", "opens_at"])
    Chunk.objects.filter(campaign=campaign, pre_save=None).delete()
    wave = campaign.deliveries.filter(_WITH_THE_RELEASE)
    if campaign.state == Campaign.PUBLISHED and campaign.opens_at is not None:
        _resume(wave, campaign.opens_at, now)
        _move(wave, campaign.opens_at, now)
        schedule_release(campaign)
    else:
        open_ones = campaign.deliveries.filter(state__in=OPEN_STATES)
        open_ones.update(state=State.WITHDRAWN, reason=CALLED_OFF, note="", next_at=None, settled_at=now)


def schedule_release(campaign: Campaign) -> None:
    """Have the release's deliveries cut in time. A job of an earlier moment finds nothing to do."""
    if campaign.opens_at is not None:
        defer_in_transaction("release", campaign.opens_at - AHEAD, campaign_id=campaign.pk)


def _move(wave: QuerySet[Delivery], opens_at: datetime, now: datetime) -> None:
    if opens_at > now:
        wave.filter(state__in=OPEN_STATES).update(
            state=State.WAITING, reason="", note="", due_at=opens_at, next_at=opens_at
        )
    else:
        wave.filter(state=State.WAITING).update(state=State.QUEUED, due_at=opens_at, next_at=now)


def _resume(wave: QuerySet[Delivery], opens_at: datetime, now: datetime) -> None:
    called_off = wave.filter(state=State.WITHDRAWN, reason=CALLED_OFF)
    called_off.update(
        state=State.WAITING, reason="", due_at=opens_at, next_at=max(opens_at, now), settled_at=None
    )


def _opens_at(pre_save: PreSave, now: datetime) -> datetime:
    opens_at = pre_save.campaign.opens_at
    return now if opens_at is None or opens_at <= now else opens_at


def _follows(pre_save: PreSave) -> Iterable[FollowChoice]:
    if not capabilities(pre_save.service).follow_now:
        return ()
    return pre_save.follow_choices.select_related("target").filter(target__service=pre_save.service)


def _write(pre_save: PreSave, wishes: Sequence[_Wish], now: datetime) -> None:
    for wish in wishes:
        fresh = {
            "state": State.WAITING if wish.due_at > now else State.QUEUED,
            "reason": "",
            "note": "",
            "due_at": wish.due_at,
            "next_at": wish.due_at,
        }
        row, created = Delivery.objects.get_or_create(
            pre_save=pre_save,
            action=wish.action,
            target=wish.target,
            defaults={"campaign_id": pre_save.campaign_id, "service": pre_save.service, **fresh},
        )
        if not created and row.state in _MAY_START_OVER:
            Delivery.objects.filter(pk=row.pk, state=row.state).update(settled_at=None, **fresh)


def _withdraw_others(pre_save: PreSave, wishes: Sequence[_Wish], now: datetime) -> None:
    chosen = {wish.target.pk for wish in wishes if wish.target is not None}
    no_more = Q(action=Action.FOLLOW, target__isnull=False) & ~Q(target__in=chosen)
    if all(wish.action != Action.PLAYLIST for wish in wishes):
        no_more |= Q(action=Action.PLAYLIST)
    pre_save.deliveries.filter(no_more, state__in=OPEN_STATES).update(
        state=State.WITHDRAWN, reason="not_chosen", next_at=None, settled_at=now
    )


def _own_chunk(pre_save: PreSave, now: datetime) -> Chunk | None:
    """One chunk for what this fan is owed at once, if anything."""
    due = pre_save.deliveries.filter(next_at__lte=now).order_by("id").values_list("id", flat=True)
    if not due:
        return None
    chunk, _ = Chunk.objects.update_or_create(
        pre_save=pre_save,
        defaults={
            "campaign_id": pre_save.campaign_id,
            "service": pre_save.service,
            "lo": due[0],
            "hi": list(due)[-1],
        },
    )
    return chunk
