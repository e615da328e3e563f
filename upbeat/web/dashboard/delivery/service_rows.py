"""Service by service: how far it is, what it does now, and what there is to know about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from upbeat.core.channels import main_action
from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.delivery.budget import budget_of
from upbeat.delivery.counts import Standing, Standings
from upbeat.delivery.models import Tally
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery import bar, night_words
from upbeat.web.dashboard.delivery.night import Night

RATE_SECONDS = 15
"""How many seconds of deliveries make the rate of now."""
_SOON = timedelta(minutes=10)
_STARTING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Note:
    """What stands below a row: a fact, what follows from it, and where to do something about it."""

    glyph: str
    fact: str
    rest: str
    link: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One service."""

    service: str
    label: str
    rung: str
    """What is done there, in a word: save, or remind."""
    standing: Standing
    figures: dict[str, str]
    bar: list[bar.Part]
    now: str
    note: Note | None


@dataclass(frozen=True, slots=True)
class StateRow:
    """One of the eleven states, and how many stand in it on each service."""

    state: str
    label: str
    numbers: list[str]
    total: str


def rows(night: Night) -> list[Row]:
    """In the order the pages list them."""
    return [_row(night, service, night.found.services[service]) for service in night.services]


def state_rows(night: Night) -> list[StateRow]:
    """All eleven states: the picture above as a table."""
    return [
        StateRow(
            state.value,
            state.value.replace("_", " ").capitalize(),
            [words.in_figures(night.found.services[name].fans.states[state]) for name in night.services],
            words.in_figures(night.fans.states[state]),
        )
        for state in State
    ]


def rate(night: Night, service: str | None = None) -> float:
    """Fans a second, over the last seconds that are whole; of one service or of all."""
    until = night.now - timedelta(seconds=Tally.SECONDS)
    since = until - timedelta(seconds=RATE_SECONDS)
    seen = sum(
        one.delivered
        for one in night.tallies
        if since < one.at <= until and (service is None or one.service == service)
    )
    return seen / RATE_SECONDS


def in_a_second(number: float) -> str:
    """`12`, and `0.4` where it is slow."""
    return f"{number:.0f}" if number >= 2 or not number else f"{max(number, 0.1):.1f}"


def _row(night: Night, service: str, standings: Standings) -> Row:
    fans = standings.fans
    return Row(
        service, label_of(service), main_action(service), fans, bar.in_figures(fans), bar.bar(fans),
        _now(night, service, standings), _note(night, service, fans),
    )  # fmt: skip


def _now(night: Night, service: str, standings: Standings) -> str:
    fans, paused = standings.fans, night.paused_until(service)
    if service in night.held:
        return "held"
    if not night.out:
        return "waiting"
    if _works(standings) and paused is not None:
        return _waits(night, service, paused)
    if fans.queued:
        return _pace(night, service, fans)
    if fans.pending_source:
        again = _next_look(night, service)
        late = again is not None and again - night.now > _SOON
        return f"looks {night_words.hours(night, again)}" if again and late else "looks again"
    ended = night.done_at(service)
    return f"done {night_words.clock(night, ended)}" if ended and _that_night(night, ended) else "done"


def _waits(night: Night, service: str, paused: datetime) -> str:
    if service in night.day_over:
        return f"goes on {night_words.hours(night, paused)}"
    return f"waits {night_words.minutes_and_seconds((paused - night.now).total_seconds())}"


def _that_night(night: Night, at: datetime) -> bool:
    return night_words.clock(night, at) == words.clock_time(at, night.zone)


def _works(standings: Standings) -> bool:
    """Whether anybody is served there now: who waits for a midnight to come is not."""
    return any(
        one.queued > one.states[State.WAITING]
        for one in (standings.fans, standings.playlists, standings.follows)
    )


def _pace(night: Night, service: str, fans: Standing) -> str:
    batch = night.batches.get(service)
    if batch is not None and batch.canary_began_at and not batch.canary_passed_at:
        return "canary"
    fast = rate(night, service)
    if fast:
        return f"{in_a_second(fast)} / s"
    if fans.queued == fans.states[State.WAITING]:
        return "next midnight" if night.campaign.local else "starts"
    if fans.queued == fans.states[State.RETRYING]:
        return "tries again"
    return "starts" if night.now - night.opens < _STARTING else "0 / s"


def _next_look(night: Night, service: str) -> datetime | None:
    link = night.links.get(service)
    return link.next_look_at if link is not None else None


def _note(night: Night, service: str, fans: Standing) -> Note | None:
    if service in night.held:
        return _held_note(night, service, fans)
    if not night.out:
        return None
    paused = night.paused_until(service)
    if paused is not None and _works(night.found.services[service]):
        return _paused_note(night, service, paused, fans)
    if night.circuit_opened(service) and fans.queued:
        return _circuit_note(service, fans)
    return _pending_note(night, service, fans) if fans.pending_source else None


def _held_note(night: Night, service: str, fans: Standing) -> Note:
    label, waiting = label_of(service), words.fans(fans.queued)
    fact = f"{label} is held." if night.held[0] == service else f"{label} is held, too."
    why = "It found another release." if night.wrong_release(service) else "The first fans do not have it."
    wait = "waits" if fans.queued == 1 else "wait"
    link = ("Decide", f"?decide={service}#decide") if service != night.held[0] else ("", "")
    return Note("held", fact, f"{why} {waiting} {wait} until you decide.", *link)


def _paused_note(night: Night, service: str, paused: datetime, fans: Standing) -> Note:
    until = night_words.clock(night, paused)
    if service in night.day_over:
        return _day_note(night, service, fans)
    if fans.queued:
        go = "goes" if fans.queued == 1 else "go"
        rest = f"Normal on a big night. {words.fans(fans.queued)} {go} on then; none is lost."
    else:
        rest = "Normal on a big night. Playlists and follows go on then; none is lost."
    return Note("retrying", f"{label_of(service)} asked us to wait until {until}.", rest)


def _day_note(night: Night, service: str, fans: Standing) -> Note:
    """The day's quota is spent, as planned."""
    budget, until = budget_of(service, night.now), night_words.hours(night, night.day_over[service])
    assert budget is not None
    go = "goes" if fans.queued == 1 else "go"
    what = f"{words.fans(fans.queued)} {go} on then" if fans.queued else "Playlists and follows go on then"
    return Note(
        "retrying", f"{label_of(service)} goes on at {until}.", f"{budget.note} {what}; none is lost."
    )


def _circuit_note(service: str, fans: Standing) -> Note:
    return Note(
        "warning",
        f"{label_of(service)} calls every permission ended, and that cannot be.",
        f"We believe none of it and ask again. {words.fans(fans.queued)} "
        f"{'waits' if fans.queued == 1 else 'wait'}; none is lost.",
    )


def _pending_note(night: Night, service: str, fans: Standing) -> Note:
    again, number = _next_look(night, service), words.in_figures(fans.pending_source)
    look = f"Next look {night_words.clock(night, again)}. " if again and again > night.now else ""
    all_go = f"All {number} go at once." if fans.pending_source > 1 else "The fan is served at once."
    address = reverse("delivery", args=[night.campaign.pk]) + f"?paste={service}#paste"
    label, head, more = label_of(service), "does not show the release yet.", f"{look}Have the link? {all_go}"
    if night.needs_link(service):
        head, more = "needs the link to the release.", f"It finds nothing by UPC or ISRC. {all_go}"
    return Note("pending_source", f"{label} {head}", more, "Paste the link", address)
