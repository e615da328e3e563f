"""The letter that asks an address whether it wants to be reminded (double opt-in)."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from upbeat.campaigns.models import Campaign
from upbeat.core.channels import EMAIL
from upbeat.core.outcome import Outcome, Verdict
from upbeat.delivery.channels import UNCONFIRMED
from upbeat.delivery.channels.email import Email
from upbeat.delivery.channels.letters import Asking, asking
from upbeat.delivery.engine.queue import defer_in_transaction
from upbeat.delivery.mail import Letter, may_send
from upbeat.delivery.messenger import messenger
from upbeat.delivery.threads import beside
from upbeat.delivery.turns import Paused
from upbeat.fans.models import Trip
from upbeat.fans.reminders import LIFE, address_of, forget_trip, give_back, state_of, take_state

logger = logging.getLogger(__name__)

_SOONEST, _LATEST = timedelta(seconds=5), timedelta(minutes=15)


def have_asked(trip: Trip) -> None:
    """Have the letter sent when the open transaction commits. The job knows the trip's number and nothing else."""
    defer_in_transaction("confirm", trip_id=trip.pk)


async def ask_address(trip_id: int, *, now: Callable[[], datetime]) -> datetime | None:
    """Hand the letter over, once: what is unknown is not repeated, the fan can ask again. Returns when to try again,
    if it certainly was not taken."""
    if not may_send():
        return None
    found = await beside(_letter, trip_id, now())
    if found is None:
        return None
    trip, letter = found
    voice = messenger(EMAIL)
    assert isinstance(voice.channel, Email)
    try:
        await voice.pace.turn()
    except Paused as paused:
        return now() + timedelta(seconds=paused.seconds)
    if not await beside(take_state, trip):
        return None
    outcome = await voice.channel.hand_over(letter)
    await voice.pace.heard(outcome)
    return await beside(_became, trip, outcome, now())


def _became(trip: Trip, outcome: Outcome, now: datetime) -> datetime | None:
    if outcome.good:
        return None
    logger.warning("The letter of reminder %s was not sent: %s", trip.pk, outcome.note)
    if outcome.verdict is not Verdict.LATER:
        if outcome.reason != UNCONFIRMED:  # that one may have arrived, and be answered
            forget_trip(trip)
        return None
    give_back(trip)
    return now + max(outcome.after or _SOONEST, min(max(now - trip.created_at, _SOONEST), _LATEST))


def _letter(trip_id: int, now: datetime) -> tuple[Trip, Letter] | None:
    """As it would be written now; None where there is nothing to ask any more."""
    waiting = Trip.objects.filter(pk=trip_id, purpose=Trip.REMIND, used_at=None, expires_at__gt=now)
    trip = waiting.exclude(sealed_verifier=b"").select_related("campaign__release__artist").first()
    if trip is None or trip.campaign.opens_at is None or trip.campaign.state != Campaign.PUBLISHED:
        return None
    campaign, release, state = trip.campaign, trip.campaign.release, state_of(trip)
    page = f"{settings.PUBLIC_URL}/{campaign.slug}/remind"
    about = Asking(
        id=f"ask-{trip.pk}-{trip.created_at.timestamp():.0f}",
        language=trip.language,
        title=release.title,
        artist=release.artist.name,
        opens_at=campaign.opens_for(trip.zone),
        zone=trip.zone or campaign.zone,
        confirm=f"{page}/confirm/{state}",
        stop=f"{page}/stop/{state}",
        days=LIFE.days,
    )
    return trip, asking(address_of(trip), about)
