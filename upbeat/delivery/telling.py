"""What the reminders of a campaign tell: the same release to everybody, and to each fan the link they asked for."""

from collections.abc import Callable

from django.conf import settings

from upbeat.campaigns.models import Campaign, Release, ServiceLink
from upbeat.campaigns.opened import opened
from upbeat.core.hosts import label_of
from upbeat.delivery.channels import Message
from upbeat.delivery.models import Delivery
from upbeat.fans.codes import receipt_key
from upbeat.fans.grants import connects_late

COVER = 480
Says = Callable[[Delivery], Message]


def teller(campaign: Campaign) -> Says:
    """Says what the reminder of a delivery tells, by what is known of the release at this moment.

    A service that shows something else than was announced (held), or nothing yet, is led to by our page.
    """
    release = Release.objects.select_related("artist", "cover").get(pk=campaign.release_id)
    page = f"{settings.PUBLIC_URL}/{campaign.slug}"
    found = release.links.filter(found_at__isnull=False, held_at=None).exclude(url="")
    links = {link.service: _way(campaign, link) for link in found}
    cover = f"{settings.PUBLIC_URL}/media/{release.cover.path(COVER)}" if release.cover else ""

    def says(row: Delivery) -> Message:
        fan = row.pre_save
        key = receipt_key(campaign.pk, row.service, fan.connection.account_id)
        return Message(
            id=f"reminder-{row.pk}-{fan.created_at.timestamp():.0f}",
            language=fan.language,
            title=release.title,
            artist=release.artist.name,
            kind=release.kind,
            opens_at=campaign.opens_for(fan.zone),
            zone=fan.zone or campaign.zone,
            url=links.get(fan.towards, page),
            service=label_of(fan.towards) if fan.towards in links else "",
            page=page,
            cover=cover,
            receipt=f"{settings.PUBLIC_URL}/r/{key}",
            stop=f"{settings.PUBLIC_URL}/r/{key}/stop",
        )

    return says


def _way(campaign: Campaign, link: ServiceLink) -> str:
    """To the release there; or, where a permission lives too short to be given before, to the tap that saves it now."""
    has = settings.SERVICES.get(link.service)
    if has is not None and has.client_id and connects_late(link.service):
        return f"{settings.PUBLIC_URL}/{campaign.slug}/{link.service}"
    return opened(link)
