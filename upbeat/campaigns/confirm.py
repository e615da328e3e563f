"""What a service showed under the release's code and is not quite what was announced: the team's word on it."""

from datetime import datetime

from django.db import transaction

from upbeat.artists.models import Person
from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.campaigns.setup import locked


def confirm(campaign: Campaign, service: str, person: Person | None, now: datetime) -> None:
    """ "It is this one": it is listed once the release is out, and delivered."""
    with transaction.atomic():
        locked(campaign)
        link = _unsure(campaign, service)
        if link is not None:
            link.found_at = link.decided_at = now
            link.decided_by = person
            link.save(update_fields=["found_at", "decided_at", "decided_by"])
            campaign.touch()


def reject(campaign: Campaign, service: str) -> None:
    """ "Not this one": it is forgotten. The service is looked at again at the release, and the guard compares anew."""
    with transaction.atomic():
        locked(campaign)
        link = _unsure(campaign, service)
        if link is not None:
            link.delete()
            campaign.touch()


def _unsure(campaign: Campaign, service: str) -> ServiceLink | None:
    """The link there that waits for a word. One that holds back fans is decided with the guard, not here."""
    links = campaign.release.links.filter(service=service, found_at=None, held_at=None)
    return links.exclude(differs=[]).first()
