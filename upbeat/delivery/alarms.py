"""What the team must know at once: an alarm is shown until it is over, and told by e-mail when it begins.

Mail cannot be taken back and cannot be asked whether it has arrived. Where that is unknown (the connection was lost
after the letter was sent, or this process died) it is sent again: an alarm that comes twice costs a glance, one that
does not come costs the night. The second letter has the first one's Message-ID, and most mailboxes show it once.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from upbeat.artists.models import Member
from upbeat.campaigns.models import Campaign
from upbeat.delivery.engine.queue import defer_many_in_transaction
from upbeat.delivery.models import Alarm


class Kind(StrEnum):
    """What an alarm is about."""

    PREFLIGHT = "preflight"
    HELD = "held"
    PENDING_SOURCE = "pending_source"
    CIRCUIT = "circuit"
    WORKER = "worker"
    """No worker lives. A web process tells it itself (`delivery.watch`): a job would wait for what is missing."""


@transaction.atomic
def raise_alarm(campaign: Campaign, kind: str, sentence: str, now: datetime, service: str = "") -> bool:
    """Open the alarm and have it told to each member of the team. True if it was not open yet.

    One that is open only gets the new sentence: nobody is told twice. Part of the caller's transaction.
    """
    alarm, new = Alarm.objects.get_or_create(
        campaign=campaign,
        service=service,
        kind=kind,
        ended_at=None,
        defaults={"sentence": sentence[:300], "raised_at": now},
    )
    if new and kind != Kind.WORKER:
        defer_many_in_transaction("alarm", _letters(alarm))
    elif alarm.sentence != sentence[:300]:
        Alarm.objects.filter(pk=alarm.pk).update(sentence=sentence[:300])
    return new


def end_alarm(campaign: Campaign, kind: str, now: datetime, service: str = "") -> bool:
    """It is over. True if it was open. Who has not been told yet will not be."""
    open_one = Alarm.objects.filter(campaign=campaign, service=service, kind=kind, ended_at=None)
    return bool(open_one.update(ended_at=now))


def _letters(alarm: Alarm) -> list[dict[str, int]]:
    """A job for each member of the team: one full mailbox does not keep the alarm from the others."""
    members = Member.objects.filter(team__artists__releases__campaign=alarm.campaign, person__is_active=True)
    return [
        {"alarm_id": alarm.pk, "person_id": person} for person in members.values_list("person_id", flat=True)
    ]
