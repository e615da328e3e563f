"""The lines of a page's list: each service on the best rung it has here, and the shops."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from upbeat.campaigns.listed import listed, native_of
from upbeat.campaigns.models import Campaign, Offer, ServiceLink
from upbeat.core.hosts import Verb, label_of
from upbeat.core.ladder import ANYBODY, Fan, Reason, Rung
from upbeat.providers.access import access
from upbeat.web.pages.view import Note, Pill, ServiceRow
from upbeat.web.pages.view import Verb as RowVerb
from upbeat.web.standing import shop_of, stand

_PRE = (Verb.PRE_SAVE, Verb.PRE_ADD)
"""What another service's own page does is listed with the services, the rest with the shops."""
_GIVES = (Rung.SAVE, Rung.NATIVE)
"""Where the fan has the music for one tap: these come first."""
_NOTES: dict[Reason | None, Note] = {
    Reason.NOT_OPEN: "not_open",
    Reason.APP_REFUSED: "app_refused",
    Reason.DOWN: "down",
}


@dataclass(frozen=True, slots=True)
class Fallen:
    """The service whose save did not hold this fan, and why."""

    service: str
    reason: Reason


def services_before(
    campaign: Campaign, now: datetime, done: Container[str], fallen: Fallen | None = None
) -> tuple[ServiceRow, ...]:
    """Before the release. `done`: where this fan has pre-saved; `fallen`: the service that did not hold them."""
    rows = []
    for service in listed(campaign):
        rung = stand(campaign, service, now).rung
        fell = Fan(fallen.reason) if fallen is not None and fallen.service == service else ANYBODY
        row = _done(campaign, service) if service in done else _before(campaign, service, now, fell)
        if row is not None:
            rows.append((rung not in _GIVES, row))
    return tuple(row for _, row in sorted(rows, key=lambda one: one[0]))


def shops_before(campaign: Campaign) -> tuple[ServiceRow, ...]:
    """The shops, and other pages the team gave: all that is no service's way to pre-save."""
    return tuple(
        _offer(campaign, offer, "outline")
        for offer in campaign.offers.all()
        if offer.verb not in _PRE or not offer.service
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


def _done(campaign: Campaign, service: str) -> ServiceRow:
    return ServiceRow(
        service, label_of(service), "pre-save", f"/{campaign.slug}/{service}/yours", note="done"
    )


def _before(campaign: Campaign, service: str, now: datetime, fan: Fan) -> ServiceRow | None:
    """The row of a service on its rung; None where nothing can be offered."""
    here = stand(campaign, service, now, fan)
    name, note = label_of(service), _NOTES.get(fan.fell, "")
    remind = f"/{campaign.slug}/remind?to={service}"
    match here.rung:
        case Rung.SAVE:
            known = access(service)
            verb: RowVerb = "pre-add" if known is not None and known.verb is Verb.PRE_ADD else "pre-save"
            return ServiceRow(service, name, verb, f"/{campaign.slug}/{service}", opens_sheet=True)
        case Rung.NATIVE:
            offer = native_of(campaign, service)
            assert offer is not None
            return ServiceRow(
                service, name, _verb(offer), _way(campaign, offer), note=note, also_remind_url=remind
            )
        case Rung.REMIND:
            return ServiceRow(service, name, "remind", remind, "ring", opens_sheet=True, note=note)
        case Rung.LINK:
            shop = shop_of(campaign, service)
            return None if shop is None else _offer(campaign, shop, "ring")
    return None


def _offer(campaign: Campaign, offer: Offer, pill: Pill, verb: RowVerb | None = None) -> ServiceRow:
    return ServiceRow(offer.service, offer.label, verb or _verb(offer), _way(campaign, offer), pill)


def _way(campaign: Campaign, offer: Offer) -> str:
    """The counted click."""
    return f"/{campaign.slug}/to/{offer.pk}"


def _verb(offer: Offer) -> RowVerb:
    kept: RowVerb = Verb(offer.verb).value
    return kept


def _is_service(offer: Offer) -> bool:
    return bool(offer.service) and offer.verb in _PRE
