"""What a good way back leaves in the books, in one transaction from consent to plan. For a thread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from upbeat.delivery.plan import plan_save
from upbeat.fans.codes import fingerprint, receipt_key
from upbeat.fans.models import PreSave, Trip
from upbeat.fans.record import record_pre_save, renew_grant
from upbeat.providers.base import Account, Grant


@dataclass(frozen=True, slots=True)
class Landed:
    """A recorded pre-save: the key of its receipt, and whether it is new."""

    key: str
    created: bool


def with_pre_save(trip: Trip, account: Account, grant: Grant, keys: Iterable[str], now: datetime) -> Landed:
    """Record the pre-save and plan its delivery. `keys` are the receipts this browser has for the campaign."""
    campaign = trip.campaign
    key = receipt_key(campaign.pk, trip.service, account.id)
    with transaction.atomic():
        known = PreSave.objects.filter(campaign=campaign, receipt__in=[fingerprint(one) for one in keys])
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
        plan_save(recorded.pre_save, now)
        Trip.objects.filter(pk=trip.pk).update(pre_save=recorded.pre_save)
    return Landed(key, recorded.created)


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
