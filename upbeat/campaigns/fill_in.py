"""What the services said about a release is written into its campaign: titles, codes, links, the main artist."""

from datetime import UTC, datetime

from django.db import transaction

from upbeat.campaigns import follow_targets
from upbeat.campaigns.describe import Described, Source
from upbeat.campaigns.models import Campaign, Release, ServiceLink
from upbeat.campaigns.seen import seen_of
from upbeat.campaigns.setup import LONGEST_NAME, artist_named, let_go, locked, plain
from upbeat.core.hosts import label_of
from upbeat.core.identifiers import spaced
from upbeat.providers.base import Entity, Found, Kind

SERVICES = ("spotify", "deezer")
_MOST_ON_A_SINGLE, _MOST_ON_AN_EP = 3, 6
_FILLED = ("title", "artist", "kind", "upc", "isrc")


def fill_in(campaign: Campaign, described: Described, now: datetime) -> str:
    """Write what is known; returns the sentence for the team. What nobody knows stays as it was.

    On a published page only the links are mended: its title and artist are what fans have agreed to.
    """
    with transaction.atomic():
        locked(campaign)
        let_go(campaign, "source")
        first = described.first
        if first is not None and campaign.state != Campaign.PUBLISHED:
            _write_release(campaign, first)
        elif first is None:
            _write_code(campaign.release, described.source)
        _write_links(campaign.release, described, now)
        _write_day(campaign, first, now)
        if "spotify" in described.found:
            _write_artist(campaign, described.found["spotify"])
        campaign.touch()
    return sentence(described)


def sentence(described: Described) -> str:
    """What came of it, in words."""
    silent = " ".join(described.silent.values())
    if described.found:
        names = " and ".join(label_of(name) for name in described.found)
        return f"Filled in from {names}. {silent}".strip()
    if silent:
        return f"{silent} Fill in what you know; we look again at the release."
    what = "this UPC" if described.source.upc else "this ISRC" if described.source.isrc else "this link"
    return f"Nothing found yet under {what}: fill in by hand, we look again at the release."


def source_of(release: Release) -> str:
    """What was pasted, as the field shows it: the link without https://, else the code."""
    pasted = release.links.filter(pasted=True).exclude(url="").order_by("id").first()
    if pasted:
        return pasted.url.removeprefix("https://").removeprefix("www.")
    return spaced(release.upc) if release.upc else release.isrc


def kind_for(found: Found) -> str:
    """Album, EP or single by the number of its tracks, as the shops count them."""
    if found.kind is Kind.TRACK or 0 < found.track_count <= _MOST_ON_A_SINGLE:
        return Release.SINGLE
    return Release.EP if 0 < found.track_count <= _MOST_ON_AN_EP else Release.ALBUM


def _write_release(campaign: Campaign, found: Found) -> None:
    release = campaign.release
    release.title = plain(found.title)[:LONGEST_NAME]
    release.kind = kind_for(found)
    release.upc, release.isrc = found.upc.lstrip("0").zfill(12) if found.upc else "", found.isrc
    release.track_count = found.track_count
    former = release.artist
    release.artist = artist_named(campaign.team, plain(found.artist)[:LONGEST_NAME])
    release.save()
    if former != release.artist and not former.releases.exists():
        former.delete()
    _keep_artist_id(release, found)
    for question in _FILLED:
        let_go(campaign, question)


def _keep_artist_id(release: Release, found: Found) -> None:
    field = f"{found.service}_id"
    if found.artist_id and not getattr(release.artist, field):
        setattr(release.artist, field, found.artist_id)
        release.artist.save(update_fields=[field])


def _write_code(release: Release, source: Source) -> None:
    """Nobody knows it yet: keep the code, so that it is looked for at the release."""
    release.upc, release.isrc = source.upc or release.upc, source.isrc or release.isrc
    release.save(update_fields=["upc", "isrc"])


def _write_links(release: Release, described: Described, now: datetime) -> None:
    """The pasted link replaces what was pasted before; found ones replace all that was known of another release."""
    link = described.source.link
    (release.links.all() if described.found else release.links.filter(pasted=True)).delete()
    if link is not None:
        pasted = {"kind": link.kind.value, "service_id": link.id, "url": link.url, "pasted": True}
        release.links.filter(service=link.service).delete()
        ServiceLink.objects.create(release=release, service=link.service, **pasted)
    for service, found in described.found.items():
        known = {
            "kind": found.kind.value,
            "service_id": found.id,
            "url": found.url,
            "artist_id": found.artist_id,
            "track_ids": list(found.track_ids),
            "seen": seen_of(found),
            "found_at": now,
        }
        ServiceLink.objects.update_or_create(release=release, service=service, defaults=known)


def _write_day(campaign: Campaign, found: Found | None, now: datetime) -> None:
    """The day the service has announced, if there is none yet and it lies ahead."""
    if found is None or found.release_date is None or campaign.day is not None or campaign.time is None:
        return
    campaign.day = found.release_date
    campaign.derive_moment()
    if campaign.opens_at is not None and campaign.opens_for("") > now.astimezone(UTC):
        campaign.save(update_fields=["day", "opens_at"])
    else:
        campaign.refresh_from_db(fields=["day", "opens_at"])


def _write_artist(campaign: Campaign, found: Found) -> None:
    """The release's own artist is what fans are asked to follow first."""
    if found.artist_id:
        name = plain(found.artist)[:LONGEST_NAME]
        follow_targets.set_main(campaign, Entity("spotify", Kind.ARTIST, found.artist_id, name))
