"""All that happened to one fan in one campaign, in the order of time, from the rows that were written then."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from upbeat.campaigns.models import Campaign
from upbeat.delivery.models import Attempt, Delivery
from upbeat.fans.models import Consent, PreSave


class What(StrEnum):
    """What may happen."""

    PRE_SAVED = "pre_saved"
    PERMISSION = "permission"
    COMPLETED = "completed"
    CONSENT = "consent"
    CONSENT_ENDED = "consent_ended"
    TRIED = "tried"
    """We asked the service: `attempt` says what came of it."""
    ENDED = "ended"
    """A delivery ended without a try: its state says how."""
    PERMISSION_DEAD = "permission_dead"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. What it is about is given, the rest is None."""

    at: datetime
    what: What
    pre_save: PreSave | None = None
    delivery: Delivery | None = None
    attempt: Attempt | None = None
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A fan's pre-saves of a campaign, the deliveries of each, and what happened."""

    pre_saves: list[PreSave]
    deliveries: list[Delivery]
    events: list[Event]
    consent: Consent | None


def story(campaign: Campaign, fan_code: str) -> Story | None:
    """The whole story, or None where this fan wanted nothing of the campaign."""
    rows = campaign.pre_saves.filter(fan__code=fan_code)
    wishes = list(rows.select_related("fan", "connection", "playlist_choice").order_by("created_at", "id"))
    if not wishes:
        return None
    of_them = Delivery.objects.filter(pre_save__in=wishes).select_related("target", "pre_save").order_by("id")
    deliveries = list(of_them.prefetch_related("tries"))
    consent = Consent.objects.filter(fan=wishes[0].fan_id, campaign=campaign).first()
    events = [event for wish in wishes for event in _wish(wish)]
    events += [event for delivery in deliveries for event in _delivery(delivery)]
    events += _consent(consent) if consent else []
    return Story(wishes, deliveries, sorted(events, key=lambda event: event.at), consent)


def _wish(wish: PreSave) -> list[Event]:
    grant = wish.connection
    found = [Event(wish.created_at, What.PRE_SAVED, wish), Event(grant.granted_at, What.PERMISSION, wish)]
    if wish.completed_at:
        found.append(Event(wish.completed_at, What.COMPLETED, wish))
    if grant.dead_at:
        found.append(Event(grant.dead_at, What.PERMISSION_DEAD, wish))
    return found


def _delivery(row: Delivery) -> list[Event]:
    tries = sorted(row.tries.all(), key=lambda attempt: (attempt.at, attempt.pk))
    found = [Event(attempt.at, What.TRIED, delivery=row, attempt=attempt) for attempt in tries]
    if row.settled_at is not None and row.settled_at not in {attempt.at for attempt in tries}:
        found.append(Event(row.settled_at, What.ENDED, delivery=row))
    return found


def _consent(given: Consent) -> list[Event]:
    found = [Event(given.given_at, What.CONSENT, consent=given)]
    if given.withdrawn_at:
        found.append(Event(given.withdrawn_at, What.CONSENT_ENDED, consent=given))
    return found
