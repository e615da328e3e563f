"""What a catalogue shows of a release, as it is kept beside its link, and what was announced."""

from typing import Any

from upbeat.campaigns.models import Release, ServiceLink
from upbeat.core.same_release import Described, differences
from upbeat.providers.base import Found


def seen_of(found: Found) -> dict[str, Any]:
    """`ServiceLink.seen`, for the team to look at beside what they announced."""
    return {
        "title": found.title,
        "artist": found.artist,
        "upc": found.upc,
        "isrc": found.isrc,
        "track_count": found.track_count or len(found.track_ids),
        "release_date": found.release_date.isoformat() if found.release_date else "",
        "cover_url": found.cover_url,
        "url": found.url,
        "id": found.id,
    }


def announced(release: Release) -> Described:
    """What the team has announced, as far as it can be compared."""
    return Described(release.title, release.artist.name, release.upc, release.isrc, release.track_count)


def differs(link: ServiceLink, found: Found) -> list[str]:
    """The fields in which `found` is not what was announced; none where the team has said of it that it is right."""
    if link.decided_at is not None and link.service_id == found.id:
        return []
    return _unlike(link.release, seen_of(found))


def unlike_announced(release: Release, found: Found) -> list[str]:
    """The fields in which `found` is not what was announced, nobody having decided anything."""
    return _unlike(release, seen_of(found))


def differs_still(link: ServiceLink) -> list[str]:
    """The same for what was seen last: what the team announces may have changed since."""
    return [] if link.decided_at is not None else _unlike(link.release, link.seen)


def _unlike(release: Release, seen: dict[str, Any]) -> list[str]:
    words = {name: seen.get(name, "") for name in ("title", "artist", "upc", "isrc")}
    return list(differences(announced(release), Described(**words, track_count=seen.get("track_count", 0))))
