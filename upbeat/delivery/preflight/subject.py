"""What a pre-flight is about, read once: the campaign, its instant, and each service with the fans who wait there."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.core.zones import zone
from upbeat.delivery.counts import Counts, counts
from upbeat.delivery.models import Limiter
from upbeat.delivery.pace import limiter_key
from upbeat.providers.registry import label, names


@dataclass(frozen=True, slots=True)
class Service:
    """One service, as it stands with us before it is asked anything."""

    name: str
    label: str
    fans: int
    """Whose save is still to be done."""
    known: bool
    """Whether this installation has a client id and secret for it."""
    link: ServiceLink | None
    paused_until: datetime | None
    """It asked us to wait until then: until then nothing is asked."""


@dataclass(frozen=True, slots=True)
class Subject:
    """`now` is the installation's clock, `wall` the machine's, by which services and limiters live."""

    campaign: Campaign
    found: Counts
    services: tuple[Service, ...]
    opens_at: datetime
    now: datetime
    wall: datetime

    @property
    def at_the_instant(self) -> str:
        """`00:00`, by the campaign's clocks."""
        return f"{self.opens_at.astimezone(zone(self.campaign.zone)):%H:%M}"

    def clock(self, moment: datetime) -> str:
        """A moment of today or tomorrow by the campaign's clocks."""
        return f"{moment.astimezone(zone(self.campaign.zone)):%H:%M:%S}"


def read(campaign: Campaign, now: datetime, wall: datetime) -> Subject | None:
    """The subject; None where there is nothing to get ready for."""
    opens_at = campaign.opens_at
    if campaign.state != Campaign.PUBLISHED or opens_at is None:
        return None
    found = counts(campaign)
    fans = _fans(found)
    links = {link.service: link for link in campaign.release.links.all()}
    paused = _paused(wall)
    services = [
        Service(name, label(name), fans.get(name, 0), known, links.get(name), paused.get(name))
        for name in names()
        if (known := _known(name)) or fans.get(name)
    ]
    return Subject(campaign, found, tuple(services), opens_at, now, wall)


def _known(name: str) -> bool:
    return bool(settings.SERVICES[name].client_id and settings.SERVICES[name].client_secret.reveal())


def _fans(found: Counts) -> dict[str, int]:
    return {name: one.fans.queued + one.fans.pending_source for name, one in found.services.items()}


def _paused(wall: datetime) -> dict[str, datetime]:
    keys = {limiter_key(name): name for name in names()}
    rows = Limiter.objects.filter(key__in=keys, paused_until__gt=wall.timestamp())
    return {keys[one.key]: datetime.fromtimestamp(one.paused_until, UTC) for one in rows}
