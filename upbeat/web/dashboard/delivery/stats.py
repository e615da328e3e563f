"""The four figures, each with a line that says what to make of it."""

from dataclasses import dataclass

from upbeat.core.hosts import label_of
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery import bar, night_words
from upbeat.web.dashboard.delivery.headline import followed
from upbeat.web.dashboard.delivery.night import Night, Situation


@dataclass(frozen=True, slots=True)
class Stat:
    """One figure."""

    name: str
    glyph: str
    label: str
    number: int
    figure: str
    line: str


def stats(night: Night) -> list[Stat]:
    """Delivered, queued, pending source, could not be delivered: together all pre-saves."""
    fans = night.fans
    made = (
        ("delivered", "delivered", "Delivered", fans.delivered, _delivered(night)),
        ("queued", "queued", "Queued", fans.queued, _queued(night)),
        ("pending_source", "pending_source", "Pending source", fans.pending_source, _pending(night)),
        ("could_not", "refused", "Could not be delivered", fans.could_not_be_delivered, _could_not(night)),
    )
    return [
        Stat(name, glyph, label, number, words.in_figures(number), line)
        for name, glyph, label, number, line in made
    ]


def _delivered(night: Night) -> str:
    read = sum(one.sample_read for one in night.batches.values())
    if night.situation is Situation.AFTER and read:
        good = sum(one.sample_good for one in night.batches.values())
        return f"{words.in_figures(good)} of {words.in_figures(read)} read back hold the {night.campaign.release.kind}"
    return bar.share(night.fans) if night.out else ""


def _queued(night: Night) -> str:
    if not night.fans.queued:
        return "nobody is waiting"
    if not night.out:
        return "wait for the release"
    if night.campaign.local and not night.moving:
        return "each waits for its own midnight"
    services = {name: night.found.services[name].fans.queued for name in night.services}
    most = max(services, key=lambda name: services[name])
    if services[most] == night.fans.queued:
        return f"all on {label_of(most)}" if len(services) > 1 else "on their way"
    return f"{words.in_figures(services[most])} of them on {label_of(most)}"


def _pending(night: Night) -> str:
    if not night.fans.pending_source:
        late = [
            link.found_at for name in followed(night) if (link := night.links.get(name)) and link.found_at
        ]
        if night.out and late:
            return f"found everywhere since {night_words.clock(night, max(late))}"
        return "found everywhere" if night.out and night.fans.total and not night.missing else ""
    if len(night.pending) > 1:
        return f"{words.number_word(len(night.pending)).lower()} services do not show it yet"
    label = label_of(night.pending[0])
    return f"all on {label}" if night.situation is Situation.PENDING else f"{label} does not show it yet"


def _could_not(night: Night) -> str:
    if not night.fans.could_not_be_delivered:
        return "nobody" if night.out else ""
    can = night.fans.reconnectable
    if can and night.situation in (Situation.AFTER, Situation.PENDING):
        return f"{words.in_figures(can)} of them can still reconnect"
    return "each one with a reason"
