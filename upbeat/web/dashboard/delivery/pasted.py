"""A pasted link, looked at before anything is sent to anybody: what it leads to, and whether that was announced."""

from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.conf import settings

from upbeat.campaigns.describe import in_time
from upbeat.campaigns.models import Release
from upbeat.campaigns.seen import announced, seen_of
from upbeat.campaigns.setup import KINDS
from upbeat.core.hosts import label_of
from upbeat.core.link import Link
from upbeat.core.links import release_link
from upbeat.core.problem import Problem
from upbeat.core.same_release import Described, differences
from upbeat.providers import http
from upbeat.providers.base import Found, Kind
from upbeat.providers.registry import names, reader
from upbeat.web.dashboard.delivery.held import Line, compare, printed

_EMPTY = Problem("link_empty", "There is nothing here yet.")


@dataclass(frozen=True, slots=True)
class Leads:
    """Where a link leads. `found` None: the service does not show it, or (`silent`) gave no answer."""

    link: Link
    found: Found | None
    silent: str
    lines: list[Line]
    facts: str

    @property
    def fits(self) -> bool:
        return self.found is not None and not any(line.differs for line in self.lines)


def read_link(text: str, service: str) -> Link | Problem:
    """The release on this service, or what is wrong with what was pasted and what would be right."""
    label = label_of(service)
    right = f"Paste the {label} link of the album or song."
    if not text.strip():
        return Problem(_EMPTY.code, _EMPTY.wrong, right)
    link = release_link(text, names())
    if isinstance(link, Problem):
        return Problem(
            link.code, link.wrong, link.right if link.code in ("link_malformed", "link_short") else right
        )
    if link.service != service:
        return Problem("link_service", f"This leads to {label_of(link.service)}.", right)
    return link


def leads(link: Link, release: Release) -> Leads:
    """Ask the service, for six seconds at the most."""
    answer = async_to_sync(_ask)(link)
    if not isinstance(answer, Found):
        return Leads(link, None, answer or "", [], "")
    return Leads(link, answer, "", _lines(release, answer), _facts(answer))


async def _ask(link: Link) -> Found | str | None:
    has = settings.SERVICES.get(link.service)
    provider = reader(link.service, has) if has else None
    if provider is None:
        return f"This installation has no credential for {label_of(link.service)}."
    try:
        return _answer(await in_time(provider, provider.release(Kind(link.kind.value), link.id)))
    finally:
        await provider.close()
        await http.close()


def _answer(answer: object) -> Found | str | None:
    return answer if isinstance(answer, Found | str) else None


def _lines(release: Release, found: Found) -> list[Line]:
    seen = Described(
        found.title, found.artist, found.upc, found.isrc, found.track_count or len(found.track_ids)
    )
    return compare(release, seen_of(found), list(differences(announced(release), seen)))


def _facts(found: Found) -> str:
    """`Album, 11 tracks · UPC 4 061707 809552 · 20 Nov 2026`"""
    tracks = found.track_count or len(found.track_ids)
    kind = "Song" if found.kind is Kind.TRACK else KINDS["album"]
    parts = [f"{kind}, {tracks} track{'s' * (tracks != 1)}" if tracks else kind]
    if found.upc:
        parts.append(f"UPC {printed(found.upc)}")
    if found.release_date:
        parts.append(f"{found.release_date.day} {found.release_date:%b %Y}")
    return " · ".join(parts)
