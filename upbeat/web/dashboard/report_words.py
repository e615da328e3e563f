"""The report in words: what its page shows, for the team and for whoever has the link."""

from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Any

from upbeat.campaigns.models import Campaign
from upbeat.campaigns.setup import KINDS
from upbeat.core.channels import is_channel
from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.core.zones import city, zone
from upbeat.delivery.counts import Standing
from upbeat.delivery.report import Decision, Fans, Proof, Report, Service
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery.bar import bar, in_figures, share
from upbeat.web.dashboard.fans_words import because, head

_FIELDS = {
    "title": "title",
    "artist": "artist",
    "upc": "UPC",
    "isrc": "ISRC",
    "track_count": "number of tracks",
    "release_date": "release date",
}


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service in the table."""

    service: str
    label: str
    pre_saves: str
    delivered: str
    queued: str
    pending_source: str
    could_not: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why so many could not be delivered on a service."""

    glyph: str
    head: str
    detail: str
    number: str


def told(report: Report, campaign: Campaign) -> dict[str, Any]:
    """Everything the page shows."""
    fans = _standing(report.fans)
    day = report.closes_at
    return {
        "release": campaign.release,
        "kind": _kind(campaign),
        "opens": words.day_and_time(campaign.opens_at, campaign.zone) if campaign.opens_at else "No date yet",
        "zone_city": "each fan’s own zone" if campaign.local else city(campaign.zone),
        "city": city(campaign.zone),
        "number": report.number,
        "fingerprint": " ".join(report.fingerprint[at : at + 8] for at in range(0, 64, 8)),
        "head": _head(report, campaign),
        "share": share(fans),
        "as_of": _moment(report.as_of, campaign.zone),
        "is_final": report.is_final,
        "closes": words.day_words(day.astimezone(zone(campaign.zone)).date()) if day else "",
        "standing": fans,
        "figure": in_figures(fans),
        "verified": words.in_figures(report.fans.states[State.VERIFIED.value]),
        "pre_saves": words.in_figures(report.fans.counted + report.fans.withdrawn),
        "withdrawn": words.in_figures(report.fans.withdrawn) if report.fans.withdrawn else "",
        "bar": bar(fans),
        "services": [_service(one, campaign.zone) for one in report.services],
        "whys": _whys(report),
        "hours": _hours(report, campaign.zone),
        "hours_differ": sum(hour.delivered for hour in report.hours) != report.fans.delivered,
        "hour_heads": [label_of(one.service) for one in report.services],
        "done": _done(report, campaign),
    } | _beside(report, campaign.zone)  # fmt: skip


def _beside(report: Report, zone_name: str) -> dict[str, Any]:
    """What was proven, who decided, and what went wrong on the way."""
    return {
        "proofs": [
            (label_of(one.service), sentence)
            for one in report.services
            if one.proof is not None
            for sentence in _proof(one.proof, zone_name)
        ],
        "decisions": [
            (label_of(one.service), _decision(one.decision, zone_name))
            for one in report.services
            if one.decision is not None
        ],
        "alarms": [
            (_moment(one.raised_at, zone_name), one.sentence, _until(one.ended_at, zone_name))
            for one in report.alarms
        ],
    }


def _standing(fans: Fans) -> Standing:
    return Standing(
        fans.delivered, fans.queued, fans.pending_source, fans.could_not_be_delivered, fans.withdrawn
    )


def _kind(campaign: Campaign) -> str:
    release = campaign.release
    tracks = f", {release.track_count} track{'s' * (release.track_count != 1)}" if release.track_count else ""
    return f"{KINDS.get(release.kind, '')}{tracks}"


def _head(report: Report, campaign: Campaign) -> str:
    if not campaign.is_out(report.as_of):
        return f"{words.fans(report.fans.counted)} wait for the release"
    if not report.fans.counted:
        return "Nobody has pre-saved"
    return f"Delivered to {words.in_figures(report.fans.delivered)} of {words.fans(report.fans.counted)}"


def _moment(at: datetime | None, zone_name: str) -> str:
    """`Fri 27 Nov 2026, 00:00:04`"""
    if at is None:
        return ""
    local = at.astimezone(zone(zone_name))
    return f"{words.day_words(local.date())}, {local:%H:%M:%S}"


def _until(at: datetime | None, zone_name: str) -> str:
    return f"over since {_moment(at, zone_name)}" if at else "not over yet"


def _service(one: Service, zone_name: str) -> ServiceLine:
    fans = one.fans
    return ServiceLine(
        one.service,
        label_of(one.service),
        words.in_figures(fans.counted),
        words.in_figures(fans.delivered),
        words.in_figures(fans.queued),
        words.in_figures(fans.pending_source),
        words.in_figures(fans.could_not_be_delivered),
        _short(one.first_at, zone_name) if one.first_at else "",
        _short(one.last_at, zone_name) if one.last_at else "",
    )


def _short(at: datetime, zone_name: str) -> str:
    """`27 Nov 00:00:04`"""
    local = at.astimezone(zone(zone_name))
    return f"{local.day} {local:%b} {local:%H:%M:%S}"


def _whys(report: Report) -> list[Why]:
    found = [(one.service, reason) for one in report.services for reason in one.reasons]
    return [
        Why(
            why.state,
            head(why.reason) if why.reason else State(why.state).value.replace("_", " ").capitalize(),
            f"{because(State(why.state), why.reason, service)}.",
            words.in_figures(why.number),
        )
        for service, why in sorted(found, key=lambda one: -one[1].number)
    ]


def _hours(report: Report, zone_name: str) -> list[tuple[str, list[str], str]]:
    """Each hour: when it began, how many on each service, and together."""
    names = [one.service for one in report.services]
    table: dict[datetime, dict[str, int]] = {}
    for hour in report.hours:
        table.setdefault(hour.at, {})[hour.service] = hour.delivered
    return [
        (
            f"{at.astimezone(zone(zone_name)):%a %d %b, %H:%M}",
            [words.in_figures(by.get(name, 0)) for name in names],
            words.in_figures(sum(by.values())),
        )
        for at, by in sorted(table.items())
    ]


def _done(report: Report, campaign: Campaign) -> list[tuple[str, str]]:
    kind = KINDS.get(campaign.release.kind, "Release")
    follows = [
        (f"Follows on {label_of(one.service)}", one.follows_delivered)
        for one in report.services
        if one.follows_delivered
    ]
    playlists = sum(one.playlists_delivered for one in report.services)
    reminded = sum(one.fans.delivered for one in report.services if is_channel(one.service))
    reminders = [("Reminders sent", reminded)] if reminded else []
    made = [
        (f"{kind}s put in libraries", report.fans.delivered - reminded),
        ("Playlists added to", playlists),
        *follows,
        *reminders,
    ]
    return [(what, words.in_figures(number)) for what, number in made]


def _proof(proof: Proof, zone_name: str) -> list[str]:
    """What the canary and the sample have shown, each in a sentence or two."""
    said = []
    if proof.canary_read:
        first, right = words.fans(proof.canary_read), words.in_figures(proof.canary_good)
        passed = _moment(proof.canary_passed_at, zone_name)
        rest = f" The rest followed from {passed} on." if passed else ""
        said.append(f"The first {first} went ahead and were read back: {right} hold the right release.{rest}")
    if proof.sample_read:
        sample, good = words.fans(proof.sample_read), words.in_figures(proof.sample_good)
        least = f"{floor(1000 * proof.at_least) / 10:.1f} %"
        said.append(
            f"A sample of {sample} was read back by {_moment(proof.sampled_at, zone_name)}: {good} have it. That "
            f"proves, with 95 % confidence, that at least {least} of all who were served have it."
        )
    return said


def _decision(decision: Decision, zone_name: str) -> str:
    """Who decided what, after the service had shown something else than what was announced."""
    fields = [_FIELDS.get(field, field) for field in decision.differs]
    differs = f"The service showed another {' and another '.join(fields)} than announced. " if fields else ""
    by = f" by {decision.decided_by}" if decision.decided_by else ""
    if decision.held_at:
        return f"{differs}Held since {_moment(decision.held_at, zone_name)}; nobody has decided yet."
    if decision.decided_at:
        return f"{differs}Approved{by}, {_moment(decision.decided_at, zone_name)}."
    return f"{differs}The link was given{by}."
