"""What the set-up page shows: every question with its answer, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from upbeat.campaigns import setup
from upbeat.campaigns.fill_in import pasted_link, source_of
from upbeat.campaigns.listed import is_native
from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.campaigns.offers import VERBS
from upbeat.campaigns.publish import Finding, suggested_slug
from upbeat.campaigns.shown import shown
from upbeat.core.hosts import label_of
from upbeat.core.plain import in_a_row
from upbeat.core.zones import zones_by_region
from upbeat.providers.registry import follows_at, label, names
from upbeat.web.dashboard import moments, words
from upbeat.web.dashboard.found import found_on
from upbeat.web.dashboard.rungs import stands_for
from upbeat.web.dashboard.suggestion import path_of

LABELS = {
    "source": "Link or UPC",
    "cover": "Cover",
    "title": "Title",
    "artist": "Artist",
    "kind": "Kind",
    "upc": "UPC",
    "isrc": "ISRC",
    "when": "Day and time",
    "offer": "Links",
    "follow": "Follows",
    "slug": "Short address",
    "language": "Language",
}
_LABELS_AT = {"day": "Day", "time": "Time", "zone": "Time zone"}
_IN_SHORT = {"follow_fourth": "a fourth one was not added"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One question: the text of its fields, and what is kept about it if it does not hold."""

    key: str
    values: dict[str, str]
    trouble: dict[str, Any] | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: where it leads, and the finding in short."""

    question: str
    text: str


def question(campaign: Campaign, key: str, said: str = "") -> Shown:
    return Shown(key, shown(campaign, key), campaign.unsettled.get(key), said)


def editor(campaign: Campaign, now: datetime, summary: Sequence[Finding] = ()) -> dict[str, Any]:
    """The page's context, without the sleeve."""
    return {
        "q": {key: question(campaign, key) for key in setup.FIELDS},
        "kinds": kinds(campaign),
        "languages": list(setup.LANGUAGES.items()),
        "zones": zones_by_region(),
        "slug_suggestion": suggested_slug(campaign) if campaign.release.title else "",
        "summary": [line(campaign, finding) for finding in summary],
        "summary_head": _summary_head(len(summary)),
        "first_preview": "after"
        if campaign.state == Campaign.PUBLISHED and campaign.is_out(now)
        else "before",
        **release_part(campaign),
        **moment_part(campaign, now),
        **links_part(campaign, now),
        **follows_part(campaign),
        **saved_part(campaign, now),
    }


def release_part(campaign: Campaign) -> dict[str, Any]:
    release = campaign.release
    kept = campaign.unsettled.get("source")
    found = [
        label_of(link.service)
        for link in release.links.exclude(found_at=None).exclude(seen={}).order_by("-pasted", "id")
    ]
    pasted = pasted_link(release)
    return {
        "source": kept["values"]["source"] if kept else source_of(release),
        "source_trouble": kept,
        "source_service": pasted.service if pasted else "",
        "filled_from": in_a_row(found),
        "found_on": found_on(campaign),
        "picture_from": found[0] if found else "the service",
        "has_suggestion": release.cover is None and path_of(campaign.pk).exists(),
        "cover_trouble": campaign.unsettled.get("cover"),
        "asks_isrc": bool(
            release.isrc
            or "isrc" in campaign.unsettled
            or (release.kind == release.SINGLE and not release.upc)
        ),
    }


def moment_part(campaign: Campaign, now: datetime) -> dict[str, Any]:
    """The two choices, and what each comes to in words."""
    return moments.choice(campaign, now)


def links_part(campaign: Campaign, now: datetime) -> dict[str, Any]:
    rows, offers = stands_for(campaign, now), list(campaign.offers.all())
    first = [row for row in rows if row.on or row.service in names()]
    buttons = sum(row.on for row in rows) + sum(not is_native(offer) for offer in offers)
    return {
        "stands": first,
        "more_stands": [row for row in rows if row not in first],
        "offers": offers,
        "verbs": list(VERBS.items()),
        "buttons": f"{buttons} button{'s' * (buttons != 1)} on the page",
        "offer_trouble": campaign.unsettled.get("offer"),
    }


def follows_part(campaign: Campaign) -> dict[str, Any]:
    service = follows_at()
    targets = list(campaign.follow_targets.filter(service=service))
    besides = sum(not target.main for target in targets)
    return {
        "targets": targets,
        "main": next((target for target in targets if target.main), None),
        "besides": f"{besides} of {FollowTarget.MOST_ADDITIONAL} besides the artist",
        "follow_label": label(service),
        "follow_trouble": campaign.unsettled.get("follow"),
    }


def saved_part(campaign: Campaign, now: datetime) -> dict[str, Any]:
    """The line beside Publish."""
    open_fields = len(campaign.unsettled)
    return {
        "saved_at": words.clock_time(now, campaign.zone),
        "except": f", except {open_fields} field{'s' * (open_fields != 1)}" if open_fields else "",
    }


def kinds(campaign: Campaign) -> list[tuple[str, str]]:
    """Album, EP, single, each with the number of tracks where it is known."""
    count = campaign.release.track_count
    tracks = f", {count} track{'s' * (count != 1)}" if count else ""
    return [(key, label + tracks) for key, label in setup.KINDS.items()]


def line(campaign: Campaign, finding: Finding) -> Line:
    """`UPC: the last digit does not fit`."""
    kept = campaign.unsettled.get(finding.question, {})
    label = _LABELS_AT.get(kept.get("at", ""), LABELS[finding.question])
    wrong = finding.problem.wrong.split(":")[0].rstrip(".")
    wrong = _IN_SHORT.get(finding.problem.code, wrong[:1].lower() + wrong[1:])
    return Line(finding.question, f"{label}: {wrong}")


def _summary_head(count: int) -> str:
    return f"{words.number_word(count)} thing{'s' * (count != 1)} to put right before this can go out"
