"""The cover of a release: the artist's own file, checked, kept in three sizes with its colours."""

from django.conf import settings
from django.db import transaction

from upbeat.artists.models import Team
from upbeat.campaigns import artwork
from upbeat.campaigns.models import Campaign, Cover
from upbeat.campaigns.palette import palette
from upbeat.campaigns.setup import keep, let_go, locked
from upbeat.campaigns.trouble import Trouble
from upbeat.core.problem import Problem

MOST_BYTES = artwork.MOST_BYTES


def settle_cover(campaign: Campaign, body: bytes) -> Problem | None:
    """Make this file the cover. What cannot be one is refused with the reason, and the cover there was stays."""
    kept = keep_cover(campaign.team, body)
    with transaction.atomic():
        locked(campaign)
        if isinstance(kept, Problem):
            keep(campaign, "cover", Trouble(kept, "cover"), {})
            return kept
        let_go(campaign, "cover")
        campaign.release.cover = kept
        campaign.release.save(update_fields=["cover"])
        campaign.touch()
    return None


def keep_cover(team: Team, body: bytes) -> Cover | Problem:
    """Keep a file as a cover of the team; the same file twice is the same cover."""
    if not body:
        return Problem("cover_empty", "No file was chosen.", "Choose a JPEG, PNG or WebP of your cover.")
    try:
        read = artwork.read_artwork(body)
    except artwork.UnusableArtwork as refused:
        return Problem("cover_unusable", str(refused))
    kept = Cover(team=team, sha256=read.sha256, width=read.width, palette=palette(read.picture).as_json())
    for size, rendition in read.renditions.items():
        path = settings.MEDIA_ROOT / kept.path(size)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rendition)
    defaults = {"width": kept.width, "palette": kept.palette}
    return Cover.objects.get_or_create(team=team, sha256=kept.sha256, defaults=defaults)[0]
