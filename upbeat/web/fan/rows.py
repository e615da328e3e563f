"""The lines of a page's list: each service on the best rung it has here, and the shops."""

from collections.abc import Container
from datetime import datetime
from typing import Literal

from django.conf import settings

from upbeat.campaigns.models import Campaign, Offer, ServiceLink
from upbeat.core.hosts import Verb, label_of
from upbeat.core.ladder import Installed, Offered, Rung, stands_on
from upbeat.providers.registry import capabilities, label
from upbeat.web.connect.speakers import can_save
from upbeat.web.pages.view import Pill, ServiceRow
from upbeat.web.pages.view import Verb as RowVerb

_ELSEWHERE = (Verb.PRE_SAVE, Verb.PRE_ADD)
"""What another service's own page does is listed with the services, the rest with the shops."""


def rung(campaign: Campaign, service: str, now: datetime, *, below: Rung | None = None) -> Rung | None:
    """Where a service stands for this campaign."""
    assert campaign.last_opens_at is not None
    life = capabilities(service).grant_life
    installed = Installed(label(service), can_save(service), can_remind=True, grant_life=life)
    return stands_on(installed, Offered(lead=campaign.last_opens_at - now), below=below).rung


def services_before(
    campaign: Campaign, now: datetime, done: Container[str], closed: str = ""
) -> tuple[ServiceRow, ...]:
    """Before the release. `done`: where this fan has pre-saved; `closed`: the service that did not let them in."""
    ours = [
        _before(campaign, service, now, done, closed) for service in settings.SERVICES if can_save(service)
    ]
    theirs = [_offer(campaign, offer, "ring") for offer in campaign.offers.all() if _is_service(offer)]
    return (*ours, *theirs)


def shops_before(campaign: Campaign) -> tuple[ServiceRow, ...]:
    return tuple(
        _offer(campaign, offer, "outline") for offer in campaign.offers.all() if not _is_service(offer)
    )


def services_after(campaign: Campaign, own: str = "") -> tuple[ServiceRow, ...]:
    """After the release: the services that really have it (S23), then the pasted pages of other services.

    `own`, the fan's, is shown elsewhere.
    """
    found = [link for link in playable(campaign) if link.service != own]
    ours = [
        ServiceRow(link.service, label_of(link.service), "play", f"/{campaign.slug}/play/{link.service}")
        for link in found
    ]
    theirs = [
        _offer(campaign, offer, "ring", "listen") for offer in _unlisted(campaign) if _is_service(offer)
    ]
    return (*ours, *theirs)


def shops_after(campaign: Campaign) -> tuple[ServiceRow, ...]:
    return tuple(
        _offer(campaign, offer, "outline", "buy") for offer in _unlisted(campaign) if not _is_service(offer)
    )


def _unlisted(campaign: Campaign) -> list[Offer]:
    """The offers but those of a service that has a row of its own."""
    listed = {link.service for link in playable(campaign)}
    return [offer for offer in campaign.offers.all() if offer.service not in listed]


def playable(campaign: Campaign) -> list[ServiceLink]:
    """Where the release is, as far as we know: found there, with an address. Services we deliver to come first."""
    links = campaign.release.links.filter(found_at__isnull=False).exclude(url="")
    order = list(settings.SERVICES)
    return sorted(
        links, key=lambda link: (order.index(link.service) if link.service in order else 99, link.service)
    )


def _before(campaign: Campaign, service: str, now: datetime, done: Container[str], closed: str) -> ServiceRow:
    own, name = f"/{campaign.slug}/{service}", label_of(service)
    if service in done:
        return ServiceRow(service, name, "pre-save", f"{own}/yours", note="done")
    if service != closed and rung(campaign, service, now) is Rung.SAVE:
        return ServiceRow(service, name, "pre-save", own, opens_sheet=True)
    note: Literal["", "not_open"] = "not_open" if service == closed else ""
    return ServiceRow(
        service, name, "remind", f"/{campaign.slug}/remind", "ring", opens_sheet=True, note=note
    )


def _offer(campaign: Campaign, offer: Offer, pill: Pill, verb: RowVerb | None = None) -> ServiceRow:
    kept: RowVerb = Verb(offer.verb).value
    return ServiceRow(offer.service, offer.label, verb or kept, f"/{campaign.slug}/to/{offer.pk}", pill)


def _is_service(offer: Offer) -> bool:
    return bool(offer.service) and offer.verb in _ELSEWHERE
