"""What no event tells: releases that stay missing, and workers that are gone. Looked for in rounds."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Count

from upbeat.artists.models import Member
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.core.retry import PATIENCE
from upbeat.core.zones import zone
from upbeat.delivery.alarm_mail import tell
from upbeat.delivery.alarms import Kind, end_alarm, raise_alarm
from upbeat.delivery.living import living_workers
from upbeat.delivery.models import Alarm, Delivery
from upbeat.delivery.preflight.wording import waiting
from upbeat.delivery.threads import beside
from upbeat.providers.base import Action
from upbeat.providers.registry import label

LONG = timedelta(hours=1)
"""How long after their instant fans wait for a release before the team is told."""
SILENT = timedelta(minutes=2)
"""How long no worker has lived before the team is told."""
_NEAR = timedelta(hours=24)


def watch_sources(now: datetime) -> None:
    """The worker's round: an alarm for each service where fans have waited for the release for an hour."""
    missing = _missing(now)
    for (campaign_id, service), number in missing.items():
        campaign = Campaign.objects.get(pk=campaign_id)
        raise_alarm(campaign, Kind.PENDING_SOURCE, _no_link(campaign, service, number), now, service)
    for alarm in _open(Kind.PENDING_SOURCE):
        if (alarm.campaign_id, alarm.service) not in missing:
            end_alarm(alarm.campaign, Kind.PENDING_SOURCE, now, alarm.service)


class WorkerWatch:
    """A web process's eye on the workers. It sends these letters itself: there is nobody else to do it."""

    def __init__(self) -> None:
        self._none_since: float | None = None
        self._told: set[tuple[int, int]] = set()

    async def look(self, now: Callable[[], datetime], elapsed: float) -> None:
        """One round. `elapsed` is seconds by a clock that nobody sets."""
        for alarm_id, person_id in await beside(self._letters, now(), elapsed):
            if await tell(alarm_id, person_id, now=now) is None:
                self._told.add((alarm_id, person_id))
            else:
                await beside(_not_told, alarm_id)

    def _letters(self, now: datetime, elapsed: float) -> list[tuple[int, int]]:
        """The letters to send now, as (alarm, person)."""
        if living_workers():
            self._none_since = None
            for alarm in _open(Kind.WORKER):
                end_alarm(alarm.campaign, Kind.WORKER, now)
            return []
        self._none_since = elapsed if self._none_since is None else self._none_since
        if elapsed - self._none_since < SILENT.total_seconds():
            return []
        for campaign in _in_need(now):
            raise_alarm(campaign, Kind.WORKER, "No worker is running, and fans wait.", now)
        return [letter for alarm in _open(Kind.WORKER) for letter in self._claimed(alarm, now)]

    def _claimed(self, alarm: Alarm, now: datetime) -> list[tuple[int, int]]:
        """Its letters, unless another web process has them in hand."""
        if not Alarm.objects.filter(pk=alarm.pk, mailed_at=None).update(mailed_at=now):
            return []
        team = Member.objects.filter(team__artists__releases__campaign=alarm.campaign_id)
        letters = {(alarm.pk, person) for person in team.values_list("person_id", flat=True)}
        return sorted(letters - self._told)


def _missing(now: datetime) -> dict[tuple[int, str], int]:
    """How many fans wait for a release that has been missing for long, by campaign and service."""
    out = Campaign.objects.filter(
        state=Campaign.PUBLISHED, opens_at__lte=now - LONG, opens_at__gt=now - 2 * PATIENCE
    )
    rows = Delivery.objects.filter(
        campaign__in=out, action=Action.SAVE, state=State.PENDING_SOURCE, due_at__lte=now - LONG
    )
    counted = rows.order_by().values_list("campaign", "service").annotate(number=Count("id"))
    return {(campaign, service): number for campaign, service, number in counted}


def _no_link(campaign: Campaign, service: str, number: int) -> str:
    if campaign.opens_at is None:
        return f"{waiting(number)}: no {label(service)} link yet."
    last = (campaign.opens_at + PATIENCE).astimezone(zone(campaign.zone))
    return f"{waiting(number)}: no {label(service)} link yet. Paste it by {last:%a} {last.day} {last:%b}."


def _in_need(now: datetime) -> list[Campaign]:
    """Those that a worker should be busy with, or will have to be before long."""
    near = Campaign.objects.filter(
        state=Campaign.PUBLISHED, opens_at__lte=now + _NEAR, opens_at__gt=now - PATIENCE
    )
    return [one for one in near if _waits(one, now)]


def _waits(campaign: Campaign, now: datetime) -> bool:
    """Whether somebody is due, or will be at an instant that is near."""
    if campaign.is_out(now):
        return campaign.deliveries.filter(next_at__lte=now - SILENT).exists()
    return campaign.deliveries.filter(next_at__isnull=False).exists()


def _open(kind: Kind) -> list[Alarm]:
    return list(Alarm.objects.filter(kind=kind, ended_at=None).select_related("campaign"))


def _not_told(alarm_id: int) -> None:
    """Let the next round try again."""
    Alarm.objects.filter(pk=alarm_id).update(mailed_at=None)
