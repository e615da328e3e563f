"""Everything the delivery page is drawn from, read once for each look at it."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from django.conf import settings

from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.core.channels import CHANNELS, is_channel
from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.core.retry import PATIENCE
from upbeat.delivery import channels
from upbeat.delivery.budget import shut_until
from upbeat.delivery.counts import Counts, Standing
from upbeat.delivery.models import Batch, Circuit, Limiter, PreFlight, Rehearsal, Tally
from upbeat.delivery.pace import ServicePace, allowed, limiter_key, time_left
from upbeat.delivery.source import AHEAD, needs_link
from upbeat.web.dashboard import recent
from upbeat.web.dashboard.delivery.midnights import Midnight, midnights

CURVE = timedelta(hours=3)
"""How far back the curve of the rate goes."""


class Situation(StrEnum):
    """What the page is about."""

    NOTHING = "nothing"
    BEFORE = "before"
    STOPPED = "stopped"
    """Before, and a pre-flight found something that would stop a service."""
    LIVE = "live"
    HELD = "held"
    PENDING = "pending"
    AFTER = "after"


@dataclass
class Night:
    """One campaign at one moment."""

    campaign: Campaign
    now: datetime
    wall: float
    found: Counts
    links: dict[str, ServiceLink]
    batches: dict[str, Batch]
    limiters: dict[str, Limiter]
    circuits: dict[str, Circuit]
    tallies: list[Tally]
    flight: PreFlight | None
    rehearsal: Rehearsal | None
    midnights: list[Midnight]

    @property
    def fans(self) -> Standing:
        return self.found.all.fans

    @property
    def zone(self) -> str:
        return self.campaign.zone

    @cached_property
    def opens(self) -> datetime:
        """The instant; of a local release, the first midnight of a fan."""
        first = self.campaign.opens_at or self.now
        return max(first, self.midnights[0].at) if self.midnights else first

    @cached_property
    def last_opens(self) -> datetime:
        """The last instant of any fan."""
        return self.midnights[-1].at if self.midnights else self.opens

    @property
    def closes(self) -> datetime:
        """Until when anybody is tried."""
        return self.last_opens + PATIENCE

    @property
    def published(self) -> bool:
        return self.campaign.state == Campaign.PUBLISHED

    @property
    def out(self) -> bool:
        return self.published and self.now >= self.opens

    @property
    def looking(self) -> bool:
        """Whether the release is being looked for already."""
        return self.now >= self.opens - AHEAD

    @cached_property
    def services(self) -> list[str]:
        """Those with deliveries, in the order the pages list them."""
        order = [*settings.SERVICES, *CHANNELS]
        return sorted(
            self.found.services, key=lambda name: order.index(name) if name in order else len(order)
        )

    @cached_property
    def savers(self) -> list[str]:
        """Those of them that are streaming services: reminders need nothing of the release."""
        return [name for name in self.services if not is_channel(name)]

    @cached_property
    def held(self) -> list[str]:
        """Services of which nothing goes out until the team decides."""
        return [name for name in self.services if self.wrong_release(name) or self.canary_failed(name)]

    def wrong_release(self, service: str) -> bool:
        link = self.links.get(service)
        return link is not None and link.held_at is not None

    def canary_failed(self, service: str) -> bool:
        batch = self.batches.get(service)
        return batch is not None and batch.held_at is not None

    @cached_property
    def pending(self) -> list[str]:
        """Services that do not show the release to fans who wait, the most fans first."""
        waiting = [name for name in self.services if self.found.services[name].fans.pending_source]
        return sorted(waiting, key=lambda name: -self.found.services[name].fans.pending_source)

    def needs_link(self, service: str) -> bool:
        """Whether nobody can look there before the team has pasted the link."""
        return needs_link(service, self.campaign.release, self.links.get(service))

    @cached_property
    def missing(self) -> list[str]:
        """Services on which the release has not been found, or not the right one."""
        links = self.links
        return [name for name in self.savers if name not in links or links[name].found_at is None]

    @cached_property
    def queued(self) -> int:
        """Fans who are served without anybody's doing."""
        return sum(self.found.services[name].fans.queued for name in self.services if name not in self.held)

    @cached_property
    def moving(self) -> bool:
        """Whether somebody is being served now: nobody's own midnight is waited for."""
        return self.out and any(
            standing.queued > (standing.states[State.WAITING] if self.campaign.local else 0)
            for name, standings in self.found.services.items()
            if name not in self.held
            for standing in (standings.fans, standings.playlists, standings.follows)
        )

    @cached_property
    def left(self) -> dict[str, ServicePace]:
        """How long each service still takes."""
        paces = time_left(self.campaign, self.now, self.wall, self.found)
        return {one.service: one for one in paces if one.service not in self.held}

    @cached_property
    def seconds_left(self) -> float:
        """Until the last fan, those not counted who wait for a release to be found or for a decision."""
        return max((one.seconds for one in self.left.values()), default=0.0)

    def paused_until(self, service: str) -> datetime | None:
        """Until when the service asked us to wait, by the campaign's clock."""
        if service in self.day_over:
            return self.day_over[service]
        limiter = self.limiters.get(service)
        if limiter is None or limiter.paused_until <= self.wall:
            return None
        return self.now + timedelta(seconds=limiter.paused_until - self.wall)

    @cached_property
    def day_over(self) -> dict[str, datetime]:
        """Services of which the day's budget is spent, and when the next day begins."""
        turns = {name: shut_until(name, self.now) for name in self.services}
        return {name: at for name, at in turns.items() if at is not None}

    def circuit_opened(self, service: str) -> bool:
        circuit = self.circuits.get(service)
        return circuit is not None and circuit.opened_at > 0

    def done_at(self, service: str) -> datetime | None:
        """When the last fan of the service was served; None while somebody waits."""
        fans, batch = self.found.services[service].fans, self.batches.get(service)
        return None if fans.queued or fans.pending_source or batch is None else batch.done_at

    @cached_property
    def situation(self) -> Situation:
        if not self.published:
            return Situation.NOTHING
        if self.held:
            return Situation.HELD
        if not self.out:
            stopped = self.flight is not None and self.flight.worst == "stop"
            return Situation.STOPPED if stopped else Situation.BEFORE
        if self.queued:
            return Situation.LIVE
        return Situation.PENDING if self.pending else Situation.AFTER


def read(campaign: Campaign, now: datetime) -> Night:
    """Read it. A handful of small queries; the counts are those of a moment ago where they are dear to read."""
    wall = time.time()
    keys = {limiter_key(name): name for name, has in settings.SERVICES.items() if has.client_id}
    keys |= {allowed(name)[0]: name for name in channels.usable()}
    published = campaign.state == Campaign.PUBLISHED
    tallies = (
        Tally.objects.filter(campaign=campaign, at__gt=now - CURVE) if published else Tally.objects.none()
    )
    return Night(
        campaign=campaign,
        now=now,
        wall=wall,
        found=recent.counts(campaign),
        links={link.service: link for link in campaign.release.links.all()},
        batches={batch.service: batch for batch in campaign.batches.all()},
        limiters={keys[one.key]: one for one in Limiter.objects.filter(key__in=keys)},
        circuits={keys[one.key]: one for one in Circuit.objects.filter(key__in=keys)},
        tallies=list(tallies.order_by("at")),
        flight=campaign.pre_flights.exclude(worst="").order_by("-at").first(),
        rehearsal=campaign.rehearsals.exclude(ended_at=None).order_by("-began_at").first(),
        midnights=midnights(campaign) if campaign.local and published else [],
    )


def labels(services: list[str]) -> str:
    """`Spotify`, `Spotify and Deezer`, `Spotify, Apple Music and Deezer`."""
    names = [label_of(name) for name in services]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
