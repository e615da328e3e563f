"""Which services have a row on a campaign's page.

The rule: every service that may let us in, each on the best rung it has, whether or not this installation has an app
there; and any other service to whose own page the team gave a link. The team can take each of them off, and put on
those that let nobody in (Amazon Music, Qobuz …): there a fan gets a reminder with the link.
"""

from django.db import transaction

from upbeat.campaigns.models import Campaign, Offer
from upbeat.campaigns.setup import locked
from upbeat.core.hosts import Verb
from upbeat.core.link import LinkKind
from upbeat.core.links import NATIVE, parse_link
from upbeat.core.problem import Problem
from upbeat.providers import access, registry

_THERE = (Verb.PRE_SAVE, Verb.PRE_ADD)
"""What a fan does on a service's own page. The other verbs are a shop's."""


def choosable() -> tuple[str, ...]:
    """All services a team may have on a page."""
    return (*registry.names(), *access.CLOSED)


def listed(campaign: Campaign) -> tuple[str, ...]:
    """The services on the page, in their steady order."""
    given = [offer.service for offer in campaign.offers.all() if is_native(offer)]
    return tuple(
        service for service in dict.fromkeys((*choosable(), *given)) if _is_on(campaign, service, given)
    )


def is_listed(campaign: Campaign, service: str) -> bool:
    return service in listed(campaign)


def switch(campaign: Campaign, service: str, *, on: bool) -> None:
    """Put a service on the page, or take it off. One we do not know is left alone."""
    with transaction.atomic():
        locked(campaign)
        if service not in {*choosable(), *(offer.service for offer in campaign.offers.all())}:
            return
        campaign.switched[service] = on
        campaign.save(update_fields=["switched"])
        campaign.touch()


def native_of(campaign: Campaign, service: str) -> Offer | None:
    """The link of the service's own page, on which a fan can pre-save, if the team gave one."""
    return next(
        (offer for offer in campaign.offers.all() if offer.service == service and is_native(offer)), None
    )


def is_native(offer: Offer) -> bool:
    """Whether it leads to a service's own page on which a fan can pre-save, and not to an ordinary album.

    Where a pre-add *is* the ordinary album's page (the verb says so), that is it.
    """
    if not offer.service or offer.verb not in _THERE:
        return False
    link = parse_link(offer.url)
    ordinary = not isinstance(link, Problem) and link.kind not in NATIVE | {LinkKind.SHORT}
    return offer.verb == Verb.PRE_ADD or not ordinary


def _is_on(campaign: Campaign, service: str, given: list[str]) -> bool:
    return bool(campaign.switched.get(service, service in registry.names() or service in given))
