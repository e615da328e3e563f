"""What this installation and a campaign have for a service, laid before the ladder: where a tap lands."""

from datetime import datetime, timedelta

from django.conf import settings

from upbeat.campaigns.listed import is_native, native_of
from upbeat.campaigns.models import Campaign, Offer
from upbeat.core.hosts import label_of
from upbeat.core.ladder import ANYBODY, Fan, Installed, Offered, Stand, stands_on
from upbeat.fans.grants import grant_life
from upbeat.providers.access import access
from upbeat.providers.registry import label
from upbeat.web.connect.speakers import can_save


def installed(service: str) -> Installed:
    """What this installation has. A reminder can always be given: a calendar file needs nobody."""
    known = access(service)
    if service not in settings.SERVICES:
        speaks = known is not None
        return Installed(
            label_of(service), can_save=False, speaks=speaks, has_native=bool(known and known.native)
        )
    return Installed(
        label(service),
        can_save(service),
        grant_life=grant_life(service),
        has_native=bool(known and known.native),
    )


def offered(campaign: Campaign, service: str, now: datetime) -> Offered:
    """What the campaign has for the service. One without a moment yet is taken to be near."""
    lead = campaign.last_opens_at - now if campaign.last_opens_at is not None else timedelta()
    shown = too_short(service, lead) and is_shown(campaign, service)
    return Offered(
        lead, native_of(campaign, service) is not None, shop_of(campaign, service) is not None, shown
    )


def too_short(service: str, lead: timedelta) -> bool:
    """Whether a permission given now would end before a release that is so far ahead."""
    life = grant_life(service) if service in settings.SERVICES else None
    return life is not None and lead >= life


def is_shown(campaign: Campaign, service: str) -> bool:
    """Whether the service showed what was announced when we last looked."""
    return campaign.release.links.filter(service=service, found_at__isnull=False, held_at=None).exists()


def saves_at_once(campaign: Campaign, service: str, now: datetime) -> bool:
    """Whether a permission is used as soon as it is given: it would not live until the release."""
    return campaign.opens_at is not None and too_short(service, campaign.opens_at - now)


def shop_of(campaign: Campaign, service: str) -> Offer | None:
    """Any other link there that the team gave."""
    return next(
        (offer for offer in campaign.offers.all() if offer.service == service and not is_native(offer)), None
    )


def stand(campaign: Campaign, service: str, now: datetime, fan: Fan = ANYBODY) -> Stand:
    """Where a service stands on this campaign's page, for anybody or for one fan."""
    return stands_on(installed(service), offered(campaign, service, now), fan)
