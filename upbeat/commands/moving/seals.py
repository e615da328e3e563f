"""Whether what fans entrusted to us still opens where it has arrived."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F

from upbeat.fans.models import Connection, Consent
from upbeat.fans.record import email_context
from upbeat.fans.sealing import SealError, open_seal
from upbeat.fans.tokens import opens

MOST = 20_000
"""Of more than so many permissions every so manieth is opened."""


@dataclass
class Opened:
    """How many seals were tried, and how many of them do not open with the keys there are."""

    tried: int = 0
    closed: int = 0


def open_seals(using: str) -> Opened:
    """Try the permissions and addresses in this database. None of them is kept or shown."""
    found = Opened()
    for opened in (*_permissions(using), *_addresses(using)):
        found.tried += 1
        found.closed += not opened
    return found


def _permissions(using: str) -> Iterator[bool]:
    sealed = Connection.objects.using(using).exclude(sealed_access=b"", sealed_refresh=b"")
    every = max(1, -(-sealed.count() // MOST))
    for connection in sealed.annotate(place=F("id") % every).filter(place=0).order_by("id").iterator(2000):
        yield opens(connection)


def _addresses(using: str) -> Iterator[bool]:
    sealed = Consent.objects.using(using).exclude(sealed_email=b"").order_by("-id")
    for consent in sealed[:MOST].iterator(2000):
        try:
            open_seal(consent.sealed_email, context=email_context(consent.fan_id, consent.campaign_id))
        except SealError:
            yield False
        else:
            yield True
