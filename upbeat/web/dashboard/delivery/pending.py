"""Fans who wait because a service does not show the release: the field to paste its link into."""

from dataclasses import dataclass
from datetime import timedelta

from upbeat.core.hosts import label_of
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery import night_words
from upbeat.web.dashboard.delivery.night import Night


@dataclass(frozen=True, slots=True)
class Pending:
    """One service that does not show the release, or not the right one."""

    service: str
    label: str
    fans: int
    number: str
    looks: str


def pending(night: Night, service: str) -> Pending | None:
    """Of `service` if a link is to be pasted there, else of the one most fans wait for once nobody is served."""
    name = service if service in night.services else ""
    if not name and night.pending and not night.queued and not night.held:
        name = night.pending[0]
    if not name or not night.published:
        return None
    standing = night.found.services[name].fans
    fans = standing.pending_source or standing.queued
    return Pending(name, label_of(name), fans, words.fans(fans), _looks(night, name))


def _looks(night: Night, service: str) -> str:
    """`We also look by ourselves every hour. Next look 15:00:00. Not found since Fri 20 Nov, 00:00: 63 looks.`"""
    link = night.links.get(service)
    if link is None or link.held_at is not None or link.found_at is not None or night.needs_link(service):
        return ""
    again = link.next_look_at
    hourly = again is not None and again - night.now > timedelta(minutes=10)
    told = ["We also look by ourselves every hour." if hourly else "We also look by ourselves."]
    if again is not None and again > night.now:
        told.append(f"Next look {night_words.clock(night, again)}.")
    if link.looks:
        since = f"{night_words.day(night, night.opens)}, {night_words.hours(night, night.opens)}"
        looks = f"{words.in_figures(link.looks)} look{'s' * (link.looks != 1)}"
        told.append(f"Not found since {since}: {looks}." if night.out else f"Not found yet: {looks}.")
    return " ".join(told)
