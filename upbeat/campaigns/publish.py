"""Whether a campaign can go out, and going out."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from upbeat.campaigns import slugs
from upbeat.campaigns.listed import listed
from upbeat.campaigns.models import Campaign
from upbeat.campaigns.setup import locked
from upbeat.core import release_clock
from upbeat.core.problem import Problem

SECTIONS = {
    "source": "release", "cover": "release", "title": "release", "artist": "release", "kind": "release",
    "upc": "release", "isrc": "release", "when": "when", "offer": "links", "follow": "follows", "slug": "page",
    "language": "page",
}  # fmt: skip
"""Where on the page each question stands."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to put right first: `question` names where."""

    question: str
    problem: Problem

    @property
    def section(self) -> str:
        return SECTIONS.get(self.question, "page")


def findings(campaign: Campaign, now: datetime) -> list[Finding]:
    """Everything that keeps the campaign from going out, in the page's order. Empty: it can."""
    unsettled = [
        Finding(question, Problem(kept["code"], kept["wrong"], kept["right"]))
        for question, kept in campaign.unsettled.items()
    ]
    open_questions = {finding.question for finding in unsettled}
    missing = [one for one in _missing(campaign, now) if one.question not in open_questions]
    order = list(SECTIONS)
    return sorted([*unsettled, *missing], key=lambda one: order.index(one.question))


def publish(campaign: Campaign, now: datetime) -> list[Finding]:
    """Publish, unless there are findings; these come back. The caller plans the release in the same transaction."""
    with transaction.atomic():
        locked(campaign)
        found = findings(campaign, now)
        if found or campaign.state == Campaign.PUBLISHED:
            return found
        if campaign.slug is None:
            campaign.slug = suggested_slug(campaign)
        campaign.state, campaign.withdrawn_at = Campaign.PUBLISHED, None
        campaign.published_at = campaign.published_at or now
        campaign.save(update_fields=["slug", "state", "published_at", "withdrawn_at"])
        campaign.touch()
    return []


def suggested_slug(campaign: Campaign) -> str:
    return slugs.suggest(campaign.release.title, campaign.release.artist.name, campaign=campaign)


def _missing(campaign: Campaign, now: datetime) -> list[Finding]:
    release = campaign.release
    if campaign.opens_at is None:
        when: Problem | None = Problem(
            "day_missing", "There is no day yet.", "Choose the day of the release."
        )
    else:
        # A page that is out already may be put right, or taken up again, without a new moment.
        out_already = campaign.published_at is not None
        when = None if out_already else release_clock.check_ahead(campaign.opens_for(""), now)
    shown = bool(listed(campaign)) or campaign.offers.exists()
    checks = {
        "cover": None
        if release.cover
        else Problem("cover_missing", "There is no cover yet.", "Upload your own file."),
        "title": None if release.title else Problem("title_missing", "There is no title yet.", "Fill it in."),
        "artist": None
        if release.artist.name
        else Problem("artist_missing", "There is no artist yet.", "Fill it in."),
        "when": when,
        "offer": None
        if shown
        else Problem(
            "links_missing", "The page has no button yet.", "Switch a service on, or add a link below."
        ),
    }
    return [Finding(question, problem) for question, problem in checks.items() if problem is not None]
