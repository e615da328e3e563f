"""What this installation and a campaign have for a service, laid before the ladder: where a tap lands."""

from datetime import datetime, timedelta

from django.conf import settings

from upbeat.campaigns.listed import is_native, native_of
from upbeat.campaigns.models import Campaign, Offer
from upbeat.core.hosts import label_of
from upbeat.core.ladder import ANYBODY, Fan, Installed, Offered, Stand, stands_on
from upbeat.fans.grants import has_brought_refresh
from upbeat.providers.access import access
from upbeat.providers.registry import capabilities, label
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


def grant_life(service: str) -> timedelta | None:
    """How long a permission lives here: short where the service gives no refresh token, until one was seen."""
    can = capabilities(service)
    if can.unrenewed_life is not None and not can.brings_refresh and not has_brought_refresh(service):
        return can.unrenewed_life
    return can.grant_life


def offered(campaign: Campaign, service: str, now: datetime) -> Offered:
    """What the campaign has for the service. One without a moment yet is taken to be near."""
    lead = campaign.last_opens_at - now if campaign.last_opens_at is not None else timedelta()
    return Offered(lead, native_of(campaign, service) is not None, shop_of(campaign, service) is not None)


def shop_of(campaign: Campaign, service: str) -> Offer | None:
    """Any other link there that the team gave."""
    return next(
        (offer for offer in campaign.offers.all() if offer.service == service and not is_native(offer)), None
    )


def stand(campaign: Campaign, service: str, now: datetime, fan: Fan = ANYBODY) -> Stand:
    """Where a service stands on this campaign's page, for anybody or for one fan."""
    return stands_on(installed(service), offered(campaign, service, now), fan)
