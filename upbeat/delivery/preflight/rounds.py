"""When a pre-flight is made: at its occasions by itself, once for each occasion and instant, and when asked for."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from upbeat.campaigns.models import Campaign
from upbeat.core.preflight import BUTTON, OCCASIONS, Level, due
from upbeat.delivery.alarms import Kind, end_alarm
from upbeat.delivery.engine.queue import defer_in_transaction
from upbeat.delivery.living import living_workers
from upbeat.delivery.models import Alarm, PreFlight
from upbeat.delivery.preflight.house import no_worker

_UNDER_WAY = timedelta(seconds=30)
_EARLIEST = max(OCCASIONS.values())


def make_due(now: datetime) -> int:
    """Put every pre-flight that is due into the queue. Returns how many.

    The row is the claim: it can be there once for an occasion and an instant, whichever worker is first, and a
    release that moves has another instant. The job comes with it, so one that a dead worker had begun runs again.
    """
    soon = Campaign.objects.filter(state=Campaign.PUBLISHED, opens_at__gt=now, opens_at__lte=now + _EARLIEST)
    made = sum(_make(campaign, now) for campaign in soon)
    _end_what_is_over(now)
    return made


def press(campaign: Campaign, now: datetime) -> PreFlight:
    """One now, by a job; the one under way if there is one. Without a worker there is no need to ask further."""
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        running = campaign.pre_flights.filter(worst="", at__gt=now - _UNDER_WAY, at__lte=now).first()
        if running is not None:
            return running
        made = PreFlight(campaign=campaign, occasion=BUTTON, opens_at=campaign.opens_at, at=now)
        if not living_workers():
            made.lines, made.worst = [no_worker().as_json()], Level.STOP.value
        made.save()
        if not made.worst:
            defer_in_transaction("preflight", pre_flight_id=made.pk)
        return made


def _make(campaign: Campaign, now: datetime) -> bool:
    occasion = due(now, campaign.opens_at) if campaign.opens_at else None
    wanted = {"campaign": campaign, "occasion": occasion, "opens_at": campaign.opens_at}
    if occasion is None or PreFlight.objects.filter(**wanted).exists():
        return False
    try:
        with transaction.atomic():
            made = PreFlight.objects.create(**wanted, at=now)
            defer_in_transaction("preflight", pre_flight_id=made.pk)
    except IntegrityError:
        return False  # Another worker was first.
    return True


def _end_what_is_over(now: datetime) -> None:
    """From the instant on the deliveries themselves say how it stands; and a page that is withdrawn needs nothing."""
    over = ~Q(campaign__state=Campaign.PUBLISHED) | Q(campaign__opens_at__lte=now)
    for alarm in Alarm.objects.filter(over, kind=Kind.PREFLIGHT, ended_at=None).select_related("campaign"):
        end_alarm(alarm.campaign, Kind.PREFLIGHT, now)
