"""A permission that ends before the release: what it can do it does at once, where the music is there already."""

from datetime import datetime
from enum import Enum, auto

from upbeat import clock
from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.delivery.source import look
from upbeat.fans.grants import dies_at, note_grant
from upbeat.fans.models import Connection, Trip
from upbeat.providers.base import Account, Grant
from upbeat.web.outer.threads import in_thread


class When(Enum):
    """When a permission that was just given can do what it was given for."""

    IN_TIME = auto()
    """At the instant: it lives that long, or that is over."""
    AT_ONCE = auto()
    """It will not live that long, but the service shows the release already."""
    NEVER = auto()


async def when(trip: Trip, account: Account, grant: Grant, now: datetime) -> When:
    """What a grant is good for. The one that is good for nothing is remembered: the ladder goes by it."""
    if not await in_thread(_ends_first, trip, account, grant, now):
        return When.IN_TIME
    if await _is_shown(trip.campaign, trip.service):
        return When.AT_ONCE
    await in_thread(note_grant, trip.service, grant, now)
    return When.NEVER


def _ends_first(trip: Trip, account: Account, grant: Grant, now: datetime) -> bool:
    campaign, service = trip.campaign, trip.service
    known = Connection.objects.filter(team=campaign.team, service=service, account_id=account.id).first()
    ends, instant = dies_at(known or Connection(service=service), grant, now), campaign.opens_for(trip.zone)
    return ends is not None and now < instant and ends <= instant


async def _is_shown(campaign: Campaign, service: str) -> bool:
    """Whether the service shows what was announced at this moment. What it shows is written down and compared."""
    link = await in_thread(_link, campaign, service)
    return not link.is_held and await look(link.pk, service, clock.cached_now)


def _link(campaign: Campaign, service: str) -> ServiceLink:
    link, _ = ServiceLink.objects.get_or_create(release_id=campaign.release_id, service=service)
    return link
