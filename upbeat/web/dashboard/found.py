"""Where the release was found, for the team to confirm: what matches, and what differs from what was announced."""

from dataclasses import dataclass

from django.conf import settings

from upbeat.campaigns.listed import listed
from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.core.hosts import label_of
from upbeat.core.plain import in_a_row
from upbeat.delivery.source import needs_link
from upbeat.providers.registry import can_read, capabilities
from upbeat.web.dashboard.delivery.held import Line, compare


@dataclass(frozen=True, slots=True)
class On:
    """One service that shows the release, or something under its code. `asks`: the team has to say whether it is it."""

    service: str
    label: str
    url: str
    said: str
    lines: list[Line]
    """What differs, where the team is asked."""
    asks: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """One service that finds nothing by a code: the team is asked for the link."""

    service: str
    label: str


@dataclass(frozen=True, slots=True)
class FoundOn:
    """Every service that shows something, those that do not yet, and those that have to be told."""

    there: list[On]
    missing: str
    wanted: list[Wanted]


def found_on(campaign: Campaign) -> FoundOn:
    """As it stands. A draft without a code has nothing to look for yet."""
    release = campaign.release
    links = list(release.links.order_by("-pasted", "id"))
    there = [_on(campaign, link) for link in links if link.url]
    codes = {name for name in ("upc", "isrc") if getattr(release, name)}
    known = {link.service for link in links if link.url}
    missing = [
        label_of(name)
        for name, has in settings.SERVICES.items()
        if name not in known and can_read(name, has) and codes & capabilities(name).finds_by
    ]
    return FoundOn(there, in_a_row(missing), _wanted(campaign, known) if release.title else [])


def _wanted(campaign: Campaign, known: set[str]) -> list[Wanted]:
    """Services on the page with an app of this installation's that cannot deliver before the link is there."""
    able = [
        name for name in listed(campaign) if name in settings.SERVICES and settings.SERVICES[name].client_id
    ]
    asked = [name for name in able if name not in known and needs_link(name, campaign.release, None)]
    return [Wanted(name, label_of(name)) for name in asked if not capabilities(name).finds_by]


def _on(campaign: Campaign, link: ServiceLink) -> On:
    unsure = bool(link.differs) and link.decided_at is None and link.held_at is None
    lines = [line for line in compare(campaign.release, link.seen, link.differs) if unsure and line.differs]
    shown = link.url.removeprefix("https://").removeprefix("www.")
    return On(link.service, label_of(link.service), shown, _said(link), lines, unsure)


def _said(link: ServiceLink) -> str:
    if link.held_at is not None:
        return "held"
    if link.decided_at is not None:
        return "you confirmed it"
    if link.pasted:
        return "your link"
    return "differs" if link.differs else "matches"
