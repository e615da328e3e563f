"""What the services said about a release is written into its campaign: titles, codes, links, the main artist."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from upbeat.artists.models import Artist
from upbeat.campaigns import follow_targets
from upbeat.campaigns.describe import Described, Source
from upbeat.campaigns.models import Campaign, Release, ServiceLink
from upbeat.campaigns.seen import seen_of, unlike_announced
from upbeat.campaigns.setup import LONGEST_NAME, artist_named, let_go, locked, plain
from upbeat.core.hosts import label_of
from upbeat.core.identifiers import spaced
from upbeat.core.link import Link
from upbeat.core.plain import in_a_row
from upbeat.providers.base import Entity, Found, Kind
from upbeat.providers.registry import can_read, capabilities, names

_MOST_ON_A_SINGLE, _MOST_ON_AN_EP = 3, 6
_FILLED = ("title", "artist", "kind", "upc", "isrc")


def fill_in(campaign: Campaign, described: Described, now: datetime) -> str:
    """Write what is known; returns the sentence for the team. What nobody knows stays as it was.

    On a published page only the links are mended: its title and artist are what fans have agreed to.
    """
    with transaction.atomic():
        locked(campaign)
        let_go(campaign, "source")
        first, before = described.first, _codes(campaign.release)
        if first is not None and campaign.state != Campaign.PUBLISHED:
            _write_release(campaign, first)
        elif first is None:
            _write_code(campaign.release, described.source)
        same = any(before) and before == _codes(campaign.release)
        fitting = _write_links(campaign.release, described, now, same=same)
        _write_day(campaign, first, now)
        for found in fitting:
            _write_artist(campaign, found)
        campaign.touch()
    return sentence(described, fitting)


def sentence(described: Described, fitting: Sequence[Found]) -> str:
    """What came of it, in words. `fitting`: what was found and is the announced release."""
    silent = " ".join(described.silent.values())
    if described.found:
        sure = [found.service for found in fitting]
        filled = f"Filled in from {in_a_row(label_of(name) for name in sure)}." if sure else ""
        unsure = [label_of(name) for name in described.found if name not in sure]
        asks = f"{in_a_row(unsure)}: is it this one? Look at what differs below." if unsure else ""
        return " ".join(filter(None, (filled, asks, silent)))
    if silent:
        return f"{silent} Fill in what you know; we look again at the release."
    what = "this UPC" if described.source.upc else "this ISRC" if described.source.isrc else "this link"
    return f"Nothing found yet under {what}: fill in by hand, we look again at the release."


def add_link(campaign: Campaign, link: Link, found: Found | None, now: datetime) -> None:
    """One more link of the team's, to a service that has to be told where the release is there; `found`: what it leads
    to, if it leads anywhere yet. Of a page nobody waits for."""
    with transaction.atomic():
        locked(campaign)
        _write_pasted(campaign.release, link, now)
        if found is not None:
            _write_found(campaign.release, found, unlike_announced(campaign.release, found), now, None)
        campaign.touch()


def pasted_link(release: Release) -> ServiceLink | None:
    """The link the release was filled in from; not one that was added for a service which finds nothing by a code."""
    pasted = release.links.filter(pasted=True).exclude(url="").order_by("id")
    if any(_codes(release)):
        pasted = pasted.exclude(service__in=_told_only())
    return pasted.first()


def _told_only() -> list[str]:
    """The services that find nothing by a code: they have to be told where the release is."""
    return [name for name in names() if not capabilities(name).finds_by]


def _codes(release: Release) -> tuple[str, str]:
    return release.upc, release.isrc


def source_of(release: Release) -> str:
    """What was pasted, as the field shows it: the link without https://, else the code."""
    pasted = pasted_link(release)
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
    for question in _FILLED:
        let_go(campaign, question)


def _keep_artist_id(artist: Artist, found: Found) -> None:
    if found.artist_id and found.service not in artist.ids:
        artist.ids[found.service] = found.artist_id
        artist.save(update_fields=["ids"])


def _write_code(release: Release, source: Source) -> None:
    """Nobody knows it yet: keep the code, so that it is looked for at the release."""
    release.upc, release.isrc = source.upc or release.upc, source.isrc or release.isrc
    release.save(update_fields=["upc", "isrc"])


def _write_links(release: Release, described: Described, now: datetime, *, same: bool) -> list[Found]:
    """The pasted link replaces what was pasted before; found ones replace all that was known of another release.

    Of the `same` release (by its codes) a link stays that was added for a service which finds nothing by them. What is
    not the announced release waits for the team's word (`confirm`). Returns what fits.
    """
    decided = {one.service: one for one in release.links.exclude(decided_at=None)}
    stale = release.links.all() if described.found else release.links.filter(pasted=True)
    (stale.exclude(pasted=True, service__in=_told_only()) if same else stale).delete()
    if described.source.link is not None:
        _write_pasted(release, described.source.link, now)
    fitting = []
    for service, found in described.found.items():
        is_theirs = described.source.link is not None and described.source.link.service == service
        word = decided.get(service)
        known = word is not None and word.service_id == found.id
        unlike = [] if is_theirs or known else unlike_announced(release, found)
        _write_found(release, found, unlike, now, word if known else None)
        if not unlike:
            fitting.append(found)
    return fitting


def _write_pasted(release: Release, link: Link, now: datetime) -> None:
    """The team's own link. Where we cannot look ourselves, their word is all there is."""
    can_look = link.service in settings.SERVICES and can_read(link.service, settings.SERVICES[link.service])
    release.links.filter(service=link.service).delete()
    ServiceLink.objects.create(
        release=release,
        service=link.service,
        kind=link.kind.value,
        service_id=link.id,
        url=link.url,
        pasted=True,
        found_at=None if can_look else now,
    )


def _write_found(
    release: Release, found: Found, unlike: list[str], now: datetime, word: ServiceLink | None
) -> None:
    """`word`: the link as the team has decided on it before."""
    known = {
        "kind": found.kind.value,
        "service_id": found.id,
        "url": found.url,
        "artist_id": found.artist_id,
        "track_ids": list(found.track_ids),
        "seen": seen_of(found),
        "differs": unlike,
        "found_at": None if unlike else now,
        "decided_at": word.decided_at if word else None,
        "decided_by": word.decided_by if word else None,
    }
    ServiceLink.objects.update_or_create(release=release, service=found.service, defaults=known)


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
    """The release's own artist is whom fans are asked to follow first, where that is done with their COMPLETE."""
    _keep_artist_id(campaign.release.artist, found)
    can = capabilities(found.service)
    if found.artist_id and can.follow_now and Kind.ARTIST in can.follow_kinds:
        name = plain(found.artist)[:LONGEST_NAME]
        follow_targets.set_main(campaign, Entity(found.service, Kind.ARTIST, found.artist_id, name))
