"""The score: the night on one staff, expected notes before, real ones after; the bar line is the instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from upbeat.core.hosts import label_of
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery import night_words
from upbeat.web.dashboard.delivery.headline import followed
from upbeat.web.dashboard.delivery.night import Night, Situation

PAST, NOW, TODO, HELD = "past", "now", "todo", "held"
_FLIGHTS = {"fine": "Pre-flight fine", "warning": "Pre-flight: warning", "stop": "Pre-flight: stop"}
_SECOND = timedelta(seconds=1)
_MOST = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One note, or the bar line of an instant (`bar`). `ticks`: its time is the clock's."""

    status: str
    time: str
    words: str
    bar: bool = False
    ticks: bool = False


def score(night: Night) -> list[Step]:
    """The steps in the order they happen, at equal distances."""
    if not night.published:
        return []
    before = [*_rehearsed(night), *_flown(night), *_found(night)]
    after = _after(night)
    while len(before) > 1 and len(before) + len(after) >= _MOST:
        before.pop(0)
    return [*before, *after]


def _rehearsed(night: Night) -> list[Step]:
    one = night.rehearsal
    if one is None or one.passed is None or one.ended_at is None or one.ended_at > night.opens:
        return []
    return [Step(PAST, night_words.when(night, one.ended_at), "Rehearsed")]


def _flown(night: Night) -> list[Step]:
    if night.flight is None or night.flight.at > night.opens:
        return []
    said = _FLIGHTS.get(night.flight.worst, "Pre-flight") if night.out else "Pre-flight"
    return [Step(PAST, night_words.when(night, night.flight.at), said)]


def _found(night: Night) -> list[Step]:
    """Before the instant: what is done now. After it: when the release was found or held, if that was before."""
    at = [link.found_at for name in night.services if (link := night.links.get(name)) and link.found_at]
    if night.out:
        early = [one for one in at if one <= night.opens]
        found = [Step(PAST, night_words.when(night, max(early)), "Release found")] if early else []
        return found + (_held_steps(night) if night.held and _held_at(night) < night.opens else [])
    if night.held:
        return _held_steps(night)
    if not night.looking:
        return [Step(NOW, night_words.day(night, night.now), "Collecting")]
    if night.missing or not at:
        return [Step(NOW, "", "Looking for it", ticks=True)]
    return [
        Step(PAST, night_words.when(night, max(at)), "Release found"),
        Step(NOW, "", "All is ready", ticks=True),
    ]


def _after(night: Night) -> list[Step]:
    first, last = _instants(night)
    return [first, *_middle(night), *last, *_late(night), _window(night)]


def _instants(night: Night) -> tuple[Step, list[Step]]:
    """The instant; of a local release, the first fan's midnight and the last one's."""
    turned = PAST if night.out else TODO
    opens = night.opens
    if not night.campaign.local or len(night.midnights) < 2:
        verb = "Page turned" if night.out else "Page turns"
        return Step(turned, words.clock_time(opens, night.zone), verb, bar=True), []
    ends = []
    for name, one in (("First", night.midnights[0]), ("Last", night.midnights[-1])):
        status = PAST if one.at <= night.now else TODO
        place = one.place or f"UTC{one.offset}"
        ends.append(Step(status, night_words.when(night, one.at), f"{name}: {place}", bar=True))
    return ends[0], [ends[1]]


def _middle(night: Night) -> list[Step]:
    match night.situation:
        case Situation.HELD if night.out:
            held = _held_steps(night) if _held_at(night) >= night.opens else []
            return [*held, Step(TODO, "", "Canary"), Step(TODO, "", "Everyone")]
        case Situation.LIVE:
            return _live(night)
        case Situation.PENDING | Situation.AFTER:
            return [*_canary(night), *_last_fan(night)]
        case _:
            canary = Step(TODO, words.clock_time(night.opens + _SECOND, night.zone), "Canary first")
            return [canary] if night.campaign.local else [canary, *_expected(night)]


def _held_steps(night: Night) -> list[Step]:
    at = night_words.when(night, _held_at(night))
    return [Step(HELD, at, f"Held on {label_of(night.held[0])}")]


def _held_at(night: Night) -> datetime:
    """Since when the first of the held services is held."""
    service = night.held[0]
    link, batch = night.links.get(service), night.batches.get(service)
    return (link and link.held_at) or (batch and batch.held_at) or night.now


def _live(night: Night) -> list[Step]:
    canary = _canary(night)
    if night.campaign.local:
        over = sum(one.at <= night.now for one in night.midnights)
        return [*canary, Step(NOW, _now(night), f"{over} of {len(night.midnights)} midnights")]
    if not canary and any(one.canary_began_at for one in night.batches.values()):
        return [Step(NOW, "", "Canary", ticks=True), Step(TODO, "", "Everyone"), *_expected(night)]
    per_cent = int(100 * night.fans.delivered / night.fans.total)
    now = Step(NOW, "", f"Delivering, {per_cent} %", ticks=True)
    if night_words.when(night, night.now) != words.clock_time(night.now, night.zone):
        now = Step(NOW, night_words.day(night, night.now), f"Delivering, {per_cent} %")
    return [*canary, now, *_expected(night)]


def _canary(night: Night) -> list[Step]:
    """When the last canary of the night had been read back; services that came late are told apart."""
    late = followed(night)
    sent = [one for name, one in night.batches.items() if one.canary_began_at and name not in late]
    passed = [one.canary_passed_at for one in sent if one.canary_passed_at]
    if not passed or len(passed) < len(sent):
        return []
    return [Step(PAST, night_words.when(night, max(passed)), "Canary passed")]


def _now(night: Night) -> str:
    return night_words.when(night, night.now)


def _expected(night: Night) -> list[Step]:
    """About when the last fan of the night has it."""
    begins = max(night.now, night.opens)
    if not night.left:
        return []
    at = begins + timedelta(seconds=night.seconds_left)
    return [Step(TODO, f"≈ {_about(night, at)}", "Last fan of the night")]


def _about(night: Night, at: datetime) -> str:
    return (
        night_words.hours(night, at + timedelta(seconds=30))
        if _same_night(night, at)
        else night_words.day(night, at)
    )


def _same_night(night: Night, at: datetime) -> bool:
    return night_words.when(night, at) == words.clock_time(at, night.zone)


def _last_fan(night: Night) -> list[Step]:
    late = followed(night)
    on_time = {name: at for name in night.services if name not in late and (at := night.done_at(name))}
    steps = []
    if on_time:
        number = words.number_word(len(on_time))
        several = f"{number} services done" if len(on_time) > 1 else f"{label_of(next(iter(on_time)))} done"
        said = several if night.pending else "Last of the night"
        steps.append(Step(PAST, night_words.when(night, max(on_time.values())), said))
    if night.pending and night.situation is Situation.PENDING:
        names = label_of(night.pending[0]) if len(night.pending) == 1 else f"{len(night.pending)} services"
        same = _same_night(night, night.now)
        steps.append(
            Step(NOW, "" if same else night_words.day(night, night.now), f"{names} pending", ticks=same)
        )
    return steps


def _late(night: Night) -> list[Step]:
    if night.situation is not Situation.AFTER:
        return []
    return [
        Step(PAST, night_words.when(night, at), f"{label_of(name)} done")
        for name in followed(night)[-2:]
        if (at := night.done_at(name)) is not None
    ]


def _window(night: Night) -> Step:
    over = night.now >= night.closes
    said = "Window closed" if over else "Window closes"
    return Step(PAST if over else TODO, night_words.short_day(night, night.closes), said)
