"""Where the release is on a service: one look for all fans, again and again until it is there."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from upbeat.campaigns.models import Campaign, Release, ServiceLink
from upbeat.core.delivery import NOT_FOUND_YET, State
from upbeat.core.outcome import Outcome
from upbeat.core.retry import PATIENCE
from upbeat.delivery.models import Delivery
from upbeat.delivery.speaker import names, speaker
from upbeat.delivery.threads import beside
from upbeat.providers.base import Action, Found, Kind

logger = logging.getLogger(__name__)

AHEAD = timedelta(minutes=15)
"""How long before the instant we look for the first time."""
_LATE = timedelta(minutes=5)
_SHORTEST, _LONGEST, _LONGEST_BEFORE = timedelta(seconds=2), timedelta(hours=1), timedelta(minutes=5)

NOT_THERE = "The service does not show the release yet."
_MISSING = Q(found_at=None) | Q(track_ids=[])
_NEEDS_SOURCE = ~Q(action=Action.FOLLOW, target__isnull=False)


def next_look(now: datetime, opens_at: datetime) -> datetime:
    """When to look again: at the instant exactly; after it, each time after as long again as it has been missing."""
    if now < opens_at:
        return min(now + _LONGEST_BEFORE, opens_at)
    return now + min(max(now - opens_at, _SHORTEST), _LONGEST)


async def look_around(now: Callable[[], datetime]) -> bool:
    """Look for every release that is to be looked for at this moment. True: something has been found."""
    links = await beside(due_looks, now())
    return any(await asyncio.gather(*(look(link, service, now) for link, service in links)))


def due_looks(now: datetime) -> list[tuple[int, str]]:
    """The links to look for now, as (id, service). Each is claimed: nobody else gets it before its next look."""
    _make_links(now)
    missing = ServiceLink.objects.filter(_MISSING, service__in=names(), **_live(now, "release__campaign"))
    due = missing.filter(Q(next_look_at=None) | Q(next_look_at__lte=now))
    claimed = []
    for link in due.select_related("release__campaign"):
        again = next_look(now, link.release.campaign.opens_at or now)
        as_read = missing.filter(pk=link.pk, next_look_at=link.next_look_at)
        if as_read.update(next_look_at=again, looks=F("looks") + 1):
            claimed.append((link.pk, link.service))
    return claimed


async def look(link_id: int, service: str, now: Callable[[], datetime]) -> bool:
    """Look for one release on one service. True: it is there, and who waited for it is due."""
    link = await beside(ServiceLink.objects.select_related("release").get, pk=link_id)
    found = await _ask(link, service)
    if isinstance(found, Found):
        await beside(_found, link, found, now())
        return True
    if found is not None:
        logger.warning("Looking for release %s on %s: %s", link.release_id, service, found.reason)
    return False


def pend(rows: QuerySet[Delivery], link: ServiceLink | None, now: datetime) -> None:
    """Let due deliveries that need the release wait for it; who has waited 14 days waits no more."""
    waiting = rows.filter(_NEEDS_SOURCE)
    waiting.filter(due_at__lte=now - PATIENCE).update(
        state=State.EXPIRED,
        reason=NOT_FOUND_YET,
        note=f"We tried for 14 days. {NOT_THERE}",
        next_at=None,
        settled_at=now,
    )
    again = link.next_look_at if link is not None and link.next_look_at is not None else now + _SHORTEST
    waiting.filter(due_at__gt=now - PATIENCE).update(
        state=State.PENDING_SOURCE, reason=NOT_FOUND_YET, note=NOT_THERE, next_at=max(again, now + _SHORTEST)
    )


def is_there(link: ServiceLink | None) -> bool:
    """Whether the release can be delivered: found, with its tracks."""
    return link is not None and link.found_at is not None and bool(link.track_ids)


def as_found(link: ServiceLink) -> Found:
    """The release as a provider's `save` takes it."""
    release = link.release
    return Found(
        service=link.service,
        kind=Kind(link.kind),
        id=link.service_id,
        url=link.url,
        title=release.title,
        artist=release.artist.name,
        artist_id=link.artist_id,
        upc=release.upc,
        isrc=release.isrc,
        track_ids=tuple(link.track_ids),
    )


async def _ask(link: ServiceLink, service: str) -> Found | Outcome | None:
    provider, release = speaker(service).provider, link.release
    if link.service_id:
        return await provider.release(Kind(link.kind), link.service_id)
    if not (release.upc or release.isrc):
        return None
    return await provider.look_up(upc=release.upc, isrc=release.isrc)


@transaction.atomic
def _found(link: ServiceLink, found: Found, now: datetime) -> None:
    ServiceLink.objects.filter(pk=link.pk).update(
        kind=found.kind,
        service_id=found.id,
        url=found.url or link.url,
        artist_id=found.artist_id,
        track_ids=list(found.track_ids),
        found_at=now,
    )
    campaign = Campaign.objects.filter(release=link.release_id).first()
    if campaign is None:
        return
    campaign.touch()
    wake(campaign, link.service, now)


def wake(campaign: Campaign, service: str, now: datetime) -> int:
    """Who waited for the release on this service is due. Call it too when a team has mended a link (S30)."""
    waiting = campaign.deliveries.filter(service=service, state=State.PENDING_SOURCE, reason=NOT_FOUND_YET)
    return waiting.update(state=State.QUEUED, reason="", note="", next_at=Greatest("due_at", now))


def wake_late_sleepers(now: datetime) -> int:
    """Those who began to wait in the moment the release was found."""
    links = ServiceLink.objects.filter(
        found_at__gt=now - _LATE, found_at__lte=now, **_live(now, "release__campaign")
    )
    return sum(
        wake(link.release.campaign, link.service, now) for link in links.select_related("release__campaign")
    )


def _live(now: datetime, campaign: str) -> dict[str, object]:
    return {
        f"{campaign}__state": Campaign.PUBLISHED,
        f"{campaign}__opens_at__lte": now + AHEAD,
        f"{campaign}__opens_at__gt": now - PATIENCE,
    }


def _make_links(now: datetime) -> None:
    """A link for each service that we can ask, so that the page lists all that have the release (S23)."""
    for name in names():
        without = Release.objects.filter(**_live(now, "campaign")).exclude(links__service=name)
        ServiceLink.objects.bulk_create(
            [ServiceLink(release=release, service=name) for release in without], ignore_conflicts=True
        )
