"""What a good way back leaves in the books, in one transaction from consent to plan. For a thread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from upbeat.delivery.plan import plan_again
from upbeat.fans.codes import fingerprint, receipt_key
from upbeat.fans.models import Connection, PreSave, Trip
from upbeat.fans.record import record_pre_save, renew_grant
from upbeat.providers.base import Account, Grant
from upbeat.providers.registry import capabilities


@dataclass(frozen=True, slots=True)
class Landed:
    """A recorded pre-save: the key of its receipt, and whether it is new."""

    key: str
    created: bool
    pre_save_id: int
    chunk_id: int | None
    """What is due at once, if anything."""


def with_pre_save(
    trip: Trip, account: Account, grant: Grant, keys: Iterable[str], now: datetime, *, at_once: bool = False
) -> Landed:
    """Record the pre-save and plan its delivery. `keys` are the receipts this browser has for the campaign.

    `at_once`: the permission ends before the release, so that all of it is due now.
    """
    campaign = trip.campaign
    key = receipt_key(campaign.pk, trip.service, account.id)
    with transaction.atomic():
        known = PreSave.objects.filter(campaign=campaign, receipt__in=[fingerprint(one) for one in keys])
        if not capabilities(trip.service).knows_accounts:
            _take_over(known, trip, account)
        recorded = record_pre_save(
            campaign=campaign,
            service=trip.service,
            account=account,
            grant=grant,
            receipt_key=key,
            fan_code=known.values_list("fan__code", flat=True).first(),
            language=trip.language,
            zone=trip.zone,
            now=now,
        )
        chunk = plan_again(recorded.pre_save, now, at_once=at_once)
        Trip.objects.filter(pk=trip.pk).update(pre_save=recorded.pre_save)
    return Landed(key, recorded.created, recorded.pre_save.pk, chunk.pk if chunk else None)


def _take_over(known: QuerySet[PreSave], trip: Trip, account: Account) -> None:
    """Where a token is all there is of an account, a reconnect looks like somebody else. So this browser's own
    pre-save gets the new one, if the permission it has will not do any more.

    One that will is left alone: a second person at this browser must not push out the first. (Two pre-saves of one
    fan do no harm: a save repeats safely, and a playlist is looked at first.)
    """
    theirs = {"team": trip.campaign.team, "service": trip.service}
    if Connection.objects.filter(**theirs, account_id=account.id).exists():
        return
    ends = Q(sealed_access=b"") | Q(dies_at__lte=trip.campaign.last_opens_at)
    mine = Connection.objects.filter(ends, **theirs, pre_saves__in=known).first()
    if mine is not None:
        Connection.objects.filter(pk=mine.pk).update(account_id=account.id, dies_at=None)


def with_more(trip: Trip, account: Account, grant: Grant, now: datetime) -> bool:
    """Keep the wider permission of a second trip. False: it is another account's, and nothing is kept."""
    with transaction.atomic():
        pre_save = PreSave.objects.select_related("connection").get(trip=trip)
        if pre_save.connection.account_id != account.id:
            return False
        renew_grant(pre_save.connection, grant, trip.campaign, now)
    return True


def key_of(trip: Trip) -> str | None:
    """The receipt key of what a trip has recorded, None while there is nothing."""
    pre_save = PreSave.objects.select_related("connection").filter(trip=trip).first()
    if pre_save is None:
        return None
    return receipt_key(trip.campaign_id, trip.service, pre_save.connection.account_id)
