"""The way to a service's permission page and back: started here, used once, soon stale, bound to one browser."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from upbeat.campaigns.models import Campaign
from upbeat.fans.codes import fingerprint
from upbeat.fans.models import PreSave, Trip
from upbeat.fans.sealing import open_seal, seal

LIFE = timedelta(minutes=10)
REMEMBERED = timedelta(days=1)
"""How long a used or stale trip is kept, so that a fan who comes back with it reads what became of it."""


class Lost(StrEnum):
    """Why a callback is not the way back of a trip."""

    UNKNOWN = "unknown"
    """No such state: made up, or long ago."""
    ELSEWHERE = "elsewhere"
    """The trip was started in another browser, or to another service."""
    STALE = "stale"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Start:
    """A trip that has begun. The state and the challenge go into the service's address; the rest stays here."""

    campaign_id: int
    state: str
    challenge: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Return:
    """A callback and its trip: `lost` says why it is not valid; `trip` may be known even so."""

    trip: Trip | None
    lost: Lost | None = None


def begin(
    *,
    campaign: Campaign,
    service: str,
    browser: str,
    scopes: Sequence[str],
    zone: str,
    now: datetime,
    pre_save: PreSave | None = None,
    choices: Mapping[str, Any] | None = None,
) -> Start:
    """Begin a trip. With `pre_save` it asks for more, and `choices` is what it finishes when it comes back."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    Trip.objects.filter(expires_at__lt=now - REMEMBERED).delete()
    Trip.objects.create(
        state_hash=fingerprint(state),
        browser_hash=fingerprint(browser),
        campaign=campaign,
        service=service,
        purpose=Trip.MORE if pre_save else Trip.PRE_SAVE,
        pre_save=pre_save,
        sealed_verifier=seal(verifier, context=_context(fingerprint(state))),
        scopes=list(scopes),
        choices=dict(choices or {}),
        language=campaign.language,
        zone=zone,
        created_at=now,
        expires_at=now + LIFE,
    )
    return Start(campaign.pk, state, _challenge(verifier), tuple(scopes))


def come_back(*, state: str, browser: str, service: str, now: datetime) -> Return:
    """The trip of this state. It is used up by this call: of two at once, one finds it good."""
    trips = Trip.objects.select_related("campaign").filter(campaign__state=Campaign.PUBLISHED)
    trip = trips.filter(state_hash=fingerprint(state)).first()
    if trip is None:
        return Return(None, Lost.UNKNOWN)
    if trip.service != service or not hmac.compare_digest(trip.browser_hash, fingerprint(browser)):
        return Return(trip, Lost.ELSEWHERE)
    if trip.used_at is not None:
        return Return(trip, Lost.USED)
    if trip.expires_at <= now:
        return Return(trip, Lost.STALE)
    if Trip.objects.filter(pk=trip.pk, used_at=None).update(used_at=now) == 0:
        return Return(trip, Lost.USED)
    return Return(trip)


def give_up(trip: Trip, now: datetime) -> None:
    """This trip has led to nothing and never will: who comes back with it again need not wait."""
    Trip.objects.filter(pk=trip.pk).update(expires_at=now)


def is_over(trip: Trip, now: datetime) -> bool:
    """Whether nothing can come of it any more."""
    return not Trip.objects.filter(pk=trip.pk, expires_at__gt=now).exists()


def verifier_of(trip: Trip) -> str:
    return open_seal(trip.sealed_verifier, context=_context(trip.state_hash))


def _challenge(verifier: str) -> str:
    """S256 of RFC 7636."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _context(state_hash: str) -> str:
    return f"trip {state_hash}"
