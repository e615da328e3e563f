"""Links that let somebody without an account read a report: made, found by their key, revoked. Only a hash is kept."""

import secrets
from datetime import datetime

from upbeat.artists.models import Person
from upbeat.campaigns.models import Campaign
from upbeat.delivery.models import ReportLink
from upbeat.fans.codes import fingerprint

_KEY_BYTES = 24


def make(campaign: Campaign, person: Person, now: datetime) -> str:
    """Make one. Returns its key, which cannot be had a second time."""
    key = secrets.token_urlsafe(_KEY_BYTES)
    ReportLink.objects.create(campaign=campaign, key_hash=fingerprint(key), made_by=person, made_at=now)
    return key


def opened(key: str) -> Campaign | None:
    """The campaign whose report the key opens, unless it was revoked."""
    links = ReportLink.objects.filter(key_hash=fingerprint(key), revoked_at=None)
    link = links.select_related("campaign__release__artist__team", "campaign__release__cover").first()
    return link.campaign if link else None


def revoke(campaign: Campaign, link_id: int, now: datetime) -> bool:
    """From now on it opens nothing. False: there is no such link that still does."""
    links = ReportLink.objects.filter(campaign=campaign, pk=link_id, revoked_at=None)
    return links.update(revoked_at=now) == 1
