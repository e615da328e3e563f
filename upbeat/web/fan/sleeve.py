"""What every page of a campaign shares, from its rows."""

from datetime import UTC, datetime
from typing import cast

from django.conf import settings

from upbeat.campaigns import models
from upbeat.campaigns.models import Campaign
from upbeat.campaigns.palette import Palette
from upbeat.web.pages.view import Cover, DateLine, Kind, Moment, Sleeve


def sleeve(campaign: Campaign, *, receipt_key: str = "") -> Sleeve:
    """The title, the artist, the cover and the addresses. With `receipt_key`: on this fan's own pages."""
    release = campaign.release
    return Sleeve(
        language=campaign.language,
        title=release.title,
        artist=release.artist.name,
        home=f"/{campaign.slug}",
        url=f"{settings.PUBLIC_URL}/{campaign.slug}",
        cover=cover(release.cover) if release.cover else None,
        kind=cast("Kind", release.kind),
        imprint_name=release.artist.team.name,
        receipt_url=f"/r/{receipt_key}" if receipt_key else "",
        origin=settings.PUBLIC_URL,
        sandbox=settings.SANDBOX,
    )


def cover(kept: models.Cover) -> Cover:
    small, medium, large = (f"/media/{kept.path(size)}" for size in (480, 960, 1400))
    return Cover(small, medium, large, kept.width, Palette.from_json(kept.palette))


def opens(campaign: Campaign, zone: str = "") -> Moment:
    """The fan's release instant: in their own `zone` where we know it, else in the one the team chose."""
    return Moment(campaign.opens_for(zone), zone or campaign.zone, yours=bool(zone))


def date_line(campaign: Campaign) -> DateLine:
    announced = campaign.published_at or campaign.created_at
    shown = opens(campaign)
    if campaign.local and campaign.day is not None and campaign.time is not None:
        shown = Moment(datetime.combine(campaign.day, campaign.time, UTC), "UTC", yours=True)
    return DateLine(shown, announced, remind_url=f"/{campaign.slug}/remind", local=shown.yours)
