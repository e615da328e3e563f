"""Reminders go into the books here: asked for, confirmed, changed, erased. Each address lies sealed, and only while it
is needed.

Every function expects the caller's transaction, as those of `fans.record` do.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from upbeat.campaigns.models import Campaign
from upbeat.core.channels import EMAIL
from upbeat.fans.codes import address_print, fingerprint, receipt_key
from upbeat.fans.models import Connection, PreSave, Trip
from upbeat.fans.record import Recorded, connection_of
from upbeat.fans.sealing import open_seal, seal
from upbeat.fans.tokens import forget, keep_tokens
from upbeat.providers.base import Grant, Token

LIFE = timedelta(days=3)
"""How long a letter that asks to confirm may be answered; then its address is deleted."""
AGAIN = timedelta(hours=1)
"""An address gets no second such letter for a campaign within this time."""
DAY, MOST_A_DAY = timedelta(days=1), 3
"""Nor more than so many in a day, whatever they are about."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A recorded reminder and the key of its receipt."""

    recorded: Recorded
    key: str


def ask(
    campaign: Campaign, email: str, *, towards: str, language: str, zone: str, now: datetime
) -> Trip | None:
    """Somebody wants this address to be reminded, and it is to be asked. None: it was asked a moment ago."""
    list(Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk).values("pk"))
    known = address_print(EMAIL, same(email))
    asked = Trip.objects.filter(purpose=Trip.REMIND, address_print=known, created_at__gt=now - DAY)
    if asked.filter(campaign=campaign, created_at__gt=now - AGAIN).exists() or asked.count() >= MOST_A_DAY:
        return None
    state = secrets.token_urlsafe(32)
    place = fingerprint(state)
    return Trip.objects.create(
        state_hash=place,
        campaign=campaign,
        service=EMAIL,
        purpose=Trip.REMIND,
        sealed_verifier=seal(state, context=_state_context(place)),
        sealed_address=seal(email, context=_address_context(place)),
        address_print=known,
        choices={"towards": towards},
        language=language,
        zone=zone,
        created_at=now,
        expires_at=now + LIFE,
    )


def same(email: str) -> str:
    """An address as everybody means it who writes it: capitals make no other mailbox."""
    return email.strip().casefold()


def state_of(trip: Trip) -> str:
    """The state, for the link in the letter, while that has not been handed over."""
    return open_seal(trip.sealed_verifier, context=_state_context(trip.state_hash))


def address_of(trip: Trip) -> str:
    return open_seal(trip.sealed_address, context=_address_context(trip.state_hash))


def take_state(trip: Trip) -> bool:
    """The letter is about to be handed over: from now on only it knows the state. False: somebody else has it."""
    waiting = Trip.objects.filter(pk=trip.pk).exclude(sealed_verifier=b"")
    return waiting.update(sealed_verifier=b"") == 1


def give_back(trip: Trip) -> None:
    """The letter was certainly not taken: it is tried again."""
    Trip.objects.filter(pk=trip.pk).update(sealed_verifier=trip.sealed_verifier)


def forget_trip(trip: Trip) -> None:
    """What the address was needed for is done, or never will be. That it was asked stays known for a day."""
    Trip.objects.filter(pk=trip.pk).update(sealed_verifier=b"", sealed_address=b"")


def forget_unanswered(now: datetime) -> int:
    """Delete the addresses that have not answered in time. Returns how many."""
    stale = Trip.objects.filter(purpose=Trip.REMIND, expires_at__lte=now).exclude(sealed_address=b"")
    return stale.update(sealed_verifier=b"", sealed_address=b"")


def record_reminder(
    campaign: Campaign,
    channel: str,
    *,
    known_by: str,
    address: str,
    towards: str,
    language: str,
    zone: str,
    fan_code: str | None,
    now: datetime,
) -> Remembered:
    """Record that this address wants to be reminded: exactly one pre-save for each address and campaign.

    `known_by` is what makes it the same address again (`same(email)`, a subscription's endpoint), `address` what is
    sealed. One that was taken back stands again; the latest choice of `towards` holds.
    """
    account = address_print(channel, known_by)
    connection = connection_of(campaign.team, channel, account, fan_code, now)
    _keep(connection, address, now)
    key = receipt_key(campaign.pk, channel, account)
    chosen = {
        "receipt": fingerprint(key),
        "rung": PreSave.REMIND,
        "towards": towards,
        "language": language,
        "zone": zone,
        "completed_at": now,
        "withdrawn_at": None,
    }
    pre_save, created = PreSave.objects.select_for_update().get_or_create(
        campaign=campaign,
        connection=connection,
        defaults={"fan": connection.fan, "service": channel, "created_at": now, **chosen},
    )
    if not created:
        for name, value in chosen.items():
            setattr(pre_save, name, value)
        pre_save.save(update_fields=list(chosen))
    return Remembered(Recorded(pre_save, created), key)


def scrub(pre_save: PreSave) -> None:
    """Keep nothing by which this fan could be known again: the row stays for the counts, and opens for nobody."""
    grant = pre_save.connection
    pre_save.receipt = fingerprint(secrets.token_urlsafe(32))
    pre_save.zone = pre_save.towards = ""
    pre_save.save(update_fields=["receipt", "zone", "towards"])
    if not PreSave.objects.filter(connection=grant).exclude(pk=pre_save.pk).exists():
        forget(Connection.objects.filter(pk=grant.pk))
        Connection.objects.filter(pk=grant.pk).update(account_id=f"erased {grant.pk}")
    Trip.objects.filter(pre_save=pre_save).delete()


def _keep(connection: Connection, address: str, now: datetime) -> None:
    given = Grant(Token(address), None, None, frozenset())
    Connection.objects.filter(pk=connection.pk).update(granted_at=now)
    while not keep_tokens(connection.pk, connection.token_version, given, now):
        connection.refresh_from_db(fields=["token_version"])
    connection.refresh_from_db()


def _state_context(place: str) -> str:
    return f"reminder {place} state"


def _address_context(place: str) -> str:
    return f"reminder {place} address"
