"""Where the release is on a service: one look for all fans, again and again until it is there."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q

from upbeat.campaigns.models import Campaign, Release, ServiceLink
from upbeat.core.outcome import Outcome
from upbeat.core.release_clock import SPREAD
from upbeat.core.retry import PATIENCE
from upbeat.delivery import guard
from upbeat.delivery.budget import count_look
from upbeat.delivery.speaker import catalogue, readable
from upbeat.delivery.threads import beside
from upbeat.delivery.waiting import wake
from upbeat.providers.base import Found, Kind
from upbeat.providers.registry import capabilities

logger = logging.getLogger(__name__)

AHEAD = timedelta(minutes=15)
"""How long before the instant we look for the first time."""
_LATE = timedelta(minutes=5)
_SHORTEST, _LONGEST, _LONGEST_BEFORE = timedelta(seconds=2), timedelta(hours=1), timedelta(minutes=5)

_MISSING = Q(found_at=None) | Q(track_ids=[])
_FOUND_LONG_AGO = Q(found_at__lt=F("release__campaign__opens_at") - AHEAD)
"""Found at set-up: looked at once more for the release, for what a catalogue shows may change."""


def next_look(now: datetime, instants: Sequence[datetime]) -> datetime:
    """When to look again: at each instant exactly; after it, each time after as long again as it has been missing.

    A service may show a local release country by country: with each midnight it may come.
    """
    passed = max((instant for instant in instants if instant <= now), default=None)
    pause = _LONGEST_BEFORE if passed is None else min(max(now - passed, _SHORTEST), _LONGEST)
    return min([now + pause, *(instant for instant in instants if instant > now)])


async def look_around(now: Callable[[], datetime], *services: str) -> bool:
    """Look for every release that is to be looked for at this moment, on these services (none named: on all).

    True: something has been found.
    """
    links = await beside(due_looks, now(), services or readable())
    return any(await asyncio.gather(*(look(link, service, now) for link, service in links)))


def due_looks(now: datetime, services: Sequence[str]) -> list[tuple[int, str]]:
    """The links to look for now, as (id, service). Each is claimed: nobody else gets it before its next look."""
    _make_links(now, services)
    missing = ServiceLink.objects.filter(
        _MISSING | _FOUND_LONG_AGO, _live(now, "release__campaign__"), held_at=None, service__in=services
    ).exclude(service__in=[name for name in services if not capabilities(name).finds_by], service_id="")
    due = missing.filter(Q(next_look_at=None) | Q(next_look_at__lte=now))
    claimed = []
    for link in due.select_related("release__campaign"):
        again = next_look(now, link.release.campaign.instants())
        as_read = missing.filter(pk=link.pk, next_look_at=link.next_look_at)
        if as_read.update(next_look_at=again, looks=F("looks") + 1):
            claimed.append((link.pk, link.service))
    return claimed


async def look(link_id: int, service: str, now: Callable[[], datetime]) -> bool:
    """Look for one release on one service. True: it is there, is what was announced, and who waited for it is due."""
    link = await beside(ServiceLink.objects.select_related("release").filter(pk=link_id).first)
    if link is None:
        return False
    await beside(count_look, service, now())
    found = await _ask(link, service)
    if isinstance(found, Found):
        return await beside(guard.take, link, found, now())
    if found is not None:
        logger.warning("Looking for release %s on %s: %s", link.release_id, service, found.reason)
    elif link.found_at is not None:
        await beside(_gone, link)
    return False


def needs_link(service: str, release: Release, link: ServiceLink | None) -> bool:
    """Whether we can look there only once the team has pasted the link: no code of the release's is one its catalogue
    can be asked by."""
    codes = {name for name in ("upc", "isrc") if getattr(release, name)}
    return not (link is not None and link.service_id) and not codes & capabilities(service).finds_by


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


def _gone(link: ServiceLink) -> None:
    """What was found at set-up is not there any more."""
    as_read = ServiceLink.objects.filter(pk=link.pk, service_id=link.service_id, found_at=link.found_at)
    if as_read.update(found_at=None):
        link.release.campaign.touch()


async def _ask(link: ServiceLink, service: str) -> Found | Outcome | None:
    provider, release = catalogue(service), link.release
    if link.service_id:
        return await provider.release(Kind(link.kind), link.service_id)
    if needs_link(service, release, link):
        return None
    return await provider.look_up(upc=release.upc, isrc=release.isrc)


def wake_late_sleepers(now: datetime) -> int:
    """Those who began to wait in the moment the release was found."""
    links = ServiceLink.objects.filter(
        _live(now, "release__campaign__"), found_at__gt=now - _LATE, found_at__lte=now
    )
    return sum(
        wake(link.release.campaign, link.service, now) for link in links.select_related("release__campaign")
    )


def _live(now: datetime, campaign: str) -> Q:
    """From 15 minutes before anybody's instant to 14 days after everybody's. `campaign` is the path to it."""
    opened_since = {True: now - PATIENCE - SPREAD, False: now - PATIENCE}
    lives = [
        Q(**{f"{campaign}local": local, f"{campaign}opens_at__gt": since})
        for local, since in opened_since.items()
    ]
    begun = {f"{campaign}state": Campaign.PUBLISHED, f"{campaign}opens_at__lte": now + AHEAD}
    return Q(lives[0] | lives[1], **begun)


def _make_links(now: datetime, services: Sequence[str]) -> None:
    """A link for each service that we can ask, so that the page lists all that have the release (S23)."""
    for name in services:
        without = Release.objects.filter(_live(now, "campaign__")).exclude(links__service=name)
        ServiceLink.objects.bulk_create(
            [ServiceLink(release=release, service=name) for release in without], ignore_conflicts=True
        )
