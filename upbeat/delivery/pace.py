"""How fast a campaign goes and how long it still takes, from the limiter's own figures and what is left to do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum

from upbeat.campaigns.models import Campaign
from upbeat.core.channels import is_channel
from upbeat.core.pace import seconds_for
from upbeat.delivery import channels
from upbeat.delivery.budget import budget_of
from upbeat.delivery.counts import Counts, Standings, counts
from upbeat.delivery.limiter import RECOVERY
from upbeat.delivery.models import Limiter, Tally
from upbeat.fans.models import Connection
from upbeat.providers.base import Action
from upbeat.providers.registry import capabilities

_CALLS_FOR_A_PLAYLIST = 2
"""It is looked up before it is made."""
_MEASURED = timedelta(seconds=60)
_LEAST_MEASURED = 15
"""Seconds of deliveries that say something about the pace."""
_BOUND = 0.8
"""From this part of the allowed pace on it is the limit that holds us, and it rises."""


@dataclass(frozen=True, slots=True)
class ServicePace:
    """One service of a campaign: what is left to do there, and how long that takes."""

    service: str
    open: int
    """Actions that are queued: who waits for the release to be found is not among them."""
    waits: float
    """Seconds until the service may be called again."""
    seconds: float
    """From now to the last of them."""


def limiter_key(service: str) -> str:
    """The row of `Limiter` and `Circuit` for the service with this installation's credential."""
    return f"{service}/{settings.SERVICES[service].client_id}"[:80]


def allowed(service: str) -> tuple[str, float, float]:
    """What a service or a channel is called with: its row's key, and the calls a second to begin with and at most."""
    if is_channel(service):
        channel = channels.build(service)
        return channel.key[:80], channel.rate, channel.max_rate
    can = capabilities(service)
    return limiter_key(service), can.rate, can.max_rate


def time_left(
    campaign: Campaign, now: datetime, wall: float, found: Counts | None = None
) -> list[ServicePace]:
    """For each service with something left to do: how long that takes at the pace the service allows.

    `wall` is the real time in seconds since the epoch, by which limiters live; `found` are the counts, if read
    already. What nobody has tried yet is estimated from the limits alone, so it also answers before the release.
    """
    found = found or counts(campaign)
    limiters = {one.key: one for one in Limiter.objects.all()}
    tried = _tried(campaign, now)
    paces = [
        _pace(
            service,
            _open(standings),
            _calls(campaign, service, standings),
            limiters,
            wall=wall,
            tried=tried.get(service, 0.0),
        )
        for service, standings in found.services.items()
        if _open(standings) and (service in settings.SERVICES or service in channels.usable())
    ]
    return [_by_the_day(one, campaign, found.services[one.service], now) for one in paces]


def _by_the_day(pace: ServicePace, campaign: Campaign, standings: Standings, now: datetime) -> ServicePace:
    """The same where an app may spend so much in a day only: from the instant on, or from now if that is past."""
    start = max(now, campaign.opens_at or now)
    budget = budget_of(pace.service, start)
    if budget is None:
        return pace
    purse, day = budget.purse, timedelta(days=1).total_seconds()
    turns = purse.days_for(units(campaign, pace.service, standings))
    until = (budget.turns_at - start).total_seconds()
    waits = max(pace.waits, until if purse.over else 0.0)
    if not turns:
        return replace(pace, waits=waits)
    return replace(pace, waits=waits, seconds=until + (turns - 1) * day + pace.seconds / (turns + 1))


def units(campaign: Campaign, service: str, standings: Standings) -> int:
    """What is left to do there costs so much. A new playlist is made, and each track put into it."""
    budget = capabilities(service).budget
    assert budget is not None
    link = campaign.release.links.filter(service=service).first()
    tracks = len(link.track_ids if link else ()) or campaign.release.track_count or 1
    return (
        standings.fans.queued * budget.costs[Action.SAVE]
        + standings.follows.queued * budget.costs[Action.FOLLOW]
        + standings.playlists.queued * ((1 + tracks) * budget.costs[Action.PLAYLIST] + 2 * budget.look)
    )


def _pace(
    service: str, actions: int, calls: int, limiters: Mapping[str, Limiter], *, wall: float, tried: float
) -> ServicePace:
    key, rate, max_rate = allowed(service)
    limiter = limiters.get(key)
    if limiter is not None:
        rate, max_rate = limiter.rate, limiter.max_rate
    waits = max(limiter.paused_until - wall, 0.0) if limiter else 0.0
    if tried and not waits and tried * calls / actions < _BOUND * rate:
        return ServicePace(service, actions, 0.0, actions / tried)
    return ServicePace(
        service, actions, waits, waits + seconds_for(calls, rate, max_rate, RECOVERY * max_rate)
    )


def _tried(campaign: Campaign, now: datetime) -> dict[str, float]:
    """Tries a second of each service over the last minute, where there are enough of them to tell."""
    whole = now - timedelta(seconds=Tally.SECONDS)
    rows = Tally.objects.filter(campaign=campaign, at__gt=now - _MEASURED, at__lte=whole)
    seen: dict[str, list[tuple[datetime, int]]] = {}
    for service, at, tried in rows.values_list("service", "at").annotate(Sum("tried")):
        seen.setdefault(service, []).append((at, tried))
    paces = {}
    for service, ones in seen.items():
        seconds = (whole - min(at for at, _ in ones)).total_seconds() + Tally.SECONDS
        if seconds >= _LEAST_MEASURED:
            paces[service] = sum(tried for _, tried in ones) / seconds
    return paces


def _open(standings: Standings) -> int:
    return standings.fans.queued + standings.follows.queued + standings.playlists.queued


def _calls(campaign: Campaign, service: str, standings: Standings) -> int:
    """Each action's own, and one more a fan where permissions have to be renewed."""
    calls = _open(standings) + (_CALLS_FOR_A_PLAYLIST - 1) * standings.playlists.queued
    # In the order of an index, or a store looks through all permissions for one of this service.
    some = Connection.objects.filter(team=campaign.team, service=service).order_by("account_id").first()
    renewed = some is not None and some.access_expires_at is not None
    return calls + renewed * standings.fans.queued
