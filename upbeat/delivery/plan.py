"""Wishes become deliveries: rows, written once, in the caller's transaction, moved when the release moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable

from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.core.channels import MAIN
from upbeat.core.delivery import State
from upbeat.delivery.engine.queue import defer_in_transaction
from upbeat.delivery.models import OPEN_STATES, Batch, Chunk, Delivery
from upbeat.delivery.shares import give_jobs_to
from upbeat.fans.models import FollowChoice, PlaylistChoice, PreSave
from upbeat.providers.base import Action
from upbeat.providers.registry import capabilities

AHEAD = timedelta(seconds=60)
"""How long before the instant the release's deliveries are cut into chunks."""

CALLED_OFF = "campaign_withdrawn"
_MAY_START_OVER = (State.WITHDRAWN, State.NEEDS_FAN, State.REFUSED)
_SERVED = (State.DELIVERED, State.VERIFIED)
_MOMENT = ("state", "day", "time", "zone", "fold", "local", "opens_at")
_WITH_THE_RELEASE = ~Q(action=Action.FOLLOW, target__isnull=False)
"""What waits for the instant: all but the follows of a service where they happen on COMPLETE."""


@dataclass(frozen=True, slots=True)
class _Wish:
    action: Action
    due_at: datetime
    target: FollowTarget | None = None


def plan_save(pre_save: PreSave, now: datetime, *, at_once: bool = False) -> Chunk | None:
    """Plan the save, and the follow of the release's artist where that happens on the day (S27).

    Planning again changes nothing but what had ended without success, which a fan who has come back starts over, and
    the instant, where their zone is another one now. If the music is out for them already the fan's own chunk comes
    back and has a job.

    `at_once`: it is due now, because the permission ends before the instant and the service shows the music already.
    The chunk that comes back has no job: perform it now.
    """
    due_at = now if at_once else _opens_at(pre_save, now)
    wishes = [_Wish(Action.SAVE, due_at)]
    if not capabilities(pre_save.service).follow_now:
        wishes.append(_Wish(Action.FOLLOW, due_at))
    _write(pre_save, wishes, now)
    if at_once:
        waiting = pre_save.deliveries.filter(_WITH_THE_RELEASE, state=State.WAITING)
        waiting.update(state=State.QUEUED, due_at=now, next_at=now)
        return _own_chunk(pre_save, now)
    return replan_fan(pre_save, now)


def plan_again(pre_save: PreSave, now: datetime, *, at_once: bool = False) -> Chunk | None:
    """`plan_save` for a fan who may have come back with a new permission: where the old one had ended, what else they
    had chosen with COMPLETE starts over, too."""
    if pre_save.completed_at is not None and pre_save.deliveries.filter(state=State.NEEDS_FAN).exists():
        plan_completion(pre_save, now)
    return plan_save(pre_save, now, at_once=at_once)


def plan_reminder(pre_save: PreSave, now: datetime) -> Chunk | None:
    """Plan the reminder; planning again as `plan_save` does. Out for them already: it goes at once."""
    _write(pre_save, [_Wish(Action.REMIND, _opens_at(pre_save, now))], now)
    return replan_fan(pre_save, now)


def replan_fan(pre_save: PreSave, now: datetime) -> Chunk | None:
    """Bring one fan's open deliveries in line with their time zone. If it is out for them, their chunk has a job."""
    if pre_save.campaign.opens_at is not None and not is_early(pre_save):
        _move(pre_save.deliveries.filter(_WITH_THE_RELEASE), {pre_save.zone: _instant(pre_save)}, now)
    chunk = _own_chunk(pre_save, now)
    if chunk is not None:
        give_jobs_to([chunk], None)
    return chunk


def is_early(pre_save: PreSave) -> bool:
    """Whether this fan's save did not wait for the instant, because their permission would not have."""
    if pre_save.campaign.opens_at is None:
        return False
    instant = _instant(pre_save)
    saves = pre_save.deliveries.filter(action=Action.SAVE, due_at__lt=instant).exclude(state=State.WAITING)
    return saves.filter(pre_save__connection__dies_at__lte=instant).exists()


def plan_completion(pre_save: PreSave, now: datetime) -> Chunk | None:
    """Plan what the fan chose with COMPLETE; what an earlier COMPLETE chose and this one does not is withdrawn.

    Returns the chunk of what is due at once (S20), without a job: perform it now. What is left of it then, or all of
    it should this process die, is the reconciler's.
    """
    wishes = [_Wish(Action.FOLLOW, now, choice.target) for choice in _follows(pre_save)]
    if PlaylistChoice.objects.filter(pre_save=pre_save).exists():
        due_at = now if is_early(pre_save) else _opens_at(pre_save, now)
        wishes.append(_Wish(Action.PLAYLIST, due_at))
    _withdraw_others(pre_save, wishes, now)
    _write(pre_save, wishes, now)
    return _own_chunk(pre_save, now)


@transaction.atomic
def replan(campaign: Campaign, now: datetime) -> None:
    """Bring the open deliveries in line with the campaign after its moment or its state has changed.

    The chunks go, and with them the fence of any job that works on one: it changes nothing more. Where nobody was
    served yet the canary starts afresh.
    """
    list(Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk))
    campaign.refresh_from_db(fields=_MOMENT)
    Chunk.objects.filter(campaign=campaign, pre_save=None).delete()
    served = Delivery.objects.filter(
        campaign=OuterRef("campaign"), service=OuterRef("service"), state__in=_SERVED
    )
    Batch.objects.filter(~Exists(served), campaign=campaign).delete()
    if campaign.state == Campaign.PUBLISHED and campaign.opens_at is not None:
        _take_up(campaign.deliveries.all(), now)
        _move(campaign.deliveries.filter(_WITH_THE_RELEASE), _instants(campaign), now)
        _undone(campaign)
        schedule_release(campaign)
    else:
        open_ones = campaign.deliveries.filter(state__in=OPEN_STATES)
        open_ones.update(state=State.WITHDRAWN, reason=CALLED_OFF, note="", next_at=None, settled_at=now)


def schedule_release(campaign: Campaign) -> None:
    """Have the release's deliveries cut in time. A job of an earlier moment finds nothing to do."""
    if campaign.opens_at is not None:
        defer_in_transaction("release", campaign.opens_at - AHEAD, campaign_id=campaign.pk)


def _take_up(rows: QuerySet[Delivery], now: datetime) -> None:
    """What was called off is planned again: it waits, and is moved to its instant with the others."""
    called_off = rows.filter(state=State.WITHDRAWN, reason=CALLED_OFF)
    called_off.update(state=State.WAITING, reason="", next_at=now, settled_at=None)


def _undone(campaign: Campaign) -> None:
    """Where fans wait again nobody is done."""
    theirs = Delivery.objects.filter(campaign=OuterRef("campaign"), service=OuterRef("service"))
    waiting = theirs.filter(action__in=MAIN, state__in=OPEN_STATES)
    Batch.objects.filter(Exists(waiting), campaign=campaign).update(done_at=None)


def _move(rows: QuerySet[Delivery], instants: Mapping[str, datetime], now: datetime) -> None:
    """Put open deliveries at their fan's instant, in two statements. Those past theirs go on as they are."""
    ahead = {zone: instant for zone, instant in instants.items() if instant > now}
    past = {zone: instant for zone, instant in instants.items() if instant <= now}
    if ahead:
        at = _by_zone(ahead)
        still_open = _of(rows, ahead, instants).filter(state__in=OPEN_STATES)
        still_open.update(state=State.WAITING, reason="", note="", due_at=at, next_at=at)
    if past:
        waiting = _of(rows, past, instants).filter(state=State.WAITING)
        waiting.update(state=State.QUEUED, due_at=_by_zone(past), next_at=now)


def _instants(campaign: Campaign) -> dict[str, datetime]:
    """The instant of each time zone the campaign's fans have; of a global release one for all."""
    if not campaign.local:
        return {"": campaign.opens_for("")}
    zones = campaign.pre_saves.order_by().values_list("zone", flat=True).distinct()
    return {zone: campaign.opens_for(zone) for zone in zones}


def _of(
    rows: QuerySet[Delivery], zones: Mapping[str, datetime], all_zones: Mapping[str, datetime]
) -> QuerySet[Delivery]:
    return rows if len(zones) == len(all_zones) else rows.filter(pre_save__zone__in=zones)


def _by_zone(instants: Mapping[str, datetime]) -> Combinable:
    """The instant of each row's fan, as SQL."""
    zones: dict[datetime, list[str]] = {}
    for zone, instant in instants.items():
        zones.setdefault(instant, []).append(zone)
    if len(zones) == 1:
        return Value(next(iter(zones)))
    whens = [When(zone__in=names, then=Value(instant)) for instant, names in zones.items()]
    own = PreSave.objects.filter(pk=OuterRef("pre_save")).values(
        at=Case(*whens, output_field=DateTimeField())
    )
    return Subquery(own)


def _opens_at(pre_save: PreSave, now: datetime) -> datetime:
    """When a new wish of this fan falls due: at their instant, or at once when that has passed."""
    if connection.vendor == "postgresql":
        # Nobody moves the release between our reading its moment and our writing rows that keep to it.
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM campaigns_campaign WHERE id = %s FOR SHARE", [pre_save.campaign_id])
    pre_save.campaign.refresh_from_db(fields=_MOMENT)
    return max(_instant(pre_save), now) if pre_save.campaign.opens_at is not None else now


def _instant(pre_save: PreSave) -> datetime:
    return pre_save.campaign.opens_for(pre_save.zone)


def _follows(pre_save: PreSave) -> Iterable[FollowChoice]:
    if not capabilities(pre_save.service).follow_now:
        return ()
    return pre_save.follow_choices.select_related("target").filter(target__service=pre_save.service)


def _write(pre_save: PreSave, wishes: Sequence[_Wish], now: datetime) -> None:
    for wish in wishes:
        fresh: dict[str, Any] = {
            "state": State.WAITING if wish.due_at > now else State.QUEUED,
            "reason": "",
            "note": "",
            "due_at": wish.due_at,
            "next_at": wish.due_at,
        }
        if wish.action == Action.REMIND:
            fresh["intended_at"] = None  # The fan has asked anew, whatever became of the message before.
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
