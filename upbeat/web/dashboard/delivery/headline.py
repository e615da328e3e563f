"""Is it all right, and must I do something? One sentence, one more, and a clock beside them."""

from dataclasses import dataclass

from upbeat.core.hosts import label_of
from upbeat.core.zones import city
from upbeat.delivery.models import Batch
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery import bar, night_words
from upbeat.web.dashboard.delivery.night import Night, Situation, labels

_LATE_SECONDS = 60
"""A service that shows the release later than this is no part of the night; it follows."""


@dataclass(frozen=True, slots=True)
class Headline:
    """`spoken` is what a screen reader hears of it while it moves."""

    head: str
    detail: str
    title: str = ""
    """What stands before the release's name in the window's title."""
    spoken: str = ""


def headline(night: Night) -> Headline:
    """The words of DASHBOARD §8."""
    made = {
        Situation.NOTHING: _nothing,
        Situation.BEFORE: _before,
        Situation.STOPPED: _stopped,
        Situation.LIVE: _live,
        Situation.HELD: _held,
        Situation.PENDING: _pending,
        Situation.AFTER: _after,
    }[night.situation](night)
    title = _title(night)
    return Headline(made.head, made.detail, title, _spoken(night) if night.out else made.head)


def followed(night: Night) -> list[str]:
    """Services that showed the release late and are done now."""
    return [
        name
        for name in night.services
        if night.done_at(name) is not None
        and (link := night.links.get(name)) is not None
        and link.found_at is not None
        and (link.found_at - night.last_opens).total_seconds() > _LATE_SECONDS
    ]


def _nothing(_night: Night) -> Headline:
    return Headline(
        "Nothing to deliver yet", "Publish the page, and whoever pre-saves is served at the release."
    )


def _before(night: Night) -> Headline:
    waiting = night.fans.total
    if not waiting:
        detail = "Nobody waits yet. Fans who pre-save are served at the release, without a press of yours."
    else:
        wait = "waits" if waiting == 1 else "wait"
        rest = "You do not have to press anything, and you may close this page."
        detail = f"{words.fans(waiting)} {wait}{_own_midnights(night)}. {rest}"
    return Headline("Ready. Delivery starts by itself.", detail)


def _own_midnights(night: Night) -> str:
    return " for their own midnight" if night.campaign.local else ""


def _stopped(night: Night) -> Headline:
    assert night.flight is not None
    stops = [line for line in night.flight.lines if line.get("level") == "stop"]
    where = [name for name in night.services if any(line.get("service") == name for line in stops)]
    number = words.number_word(len(stops))
    thing = "thing stops" if len(stops) == 1 else "things stop"
    moment = words.day_and_time(night.opens, night.zone)
    waiting = sum(night.found.services[name].fans.total for name in where) or night.fans.total
    detail = (
        f"Everything else is ready for {moment} in {city(night.zone)}. Put this right before then and nothing "
        f"is lost; after it, {words.fans(waiting)} would wait."
    )
    return Headline(f"{number} {thing} {labels(where) or 'the delivery'}", detail)


def _live(night: Night) -> Headline:
    head = f"Delivered to {words.in_figures(night.fans.delivered)} of {words.fans(night.fans.total)}"
    if night.campaign.local:
        return Headline(head, f"{_midnights(night)} Nothing to press.")
    seconds = night.seconds_left
    to_go = f"About {night_words.span(seconds)} to go. " if seconds else ""
    return Headline(head, f"{to_go}Nothing to press, and you may close this page.")


def _midnights(night: Night) -> str:
    """`11 of 21 midnights have passed. Next: London, 702 fans, in 12 minutes.`"""
    passed = sum(one.at <= night.now for one in night.midnights)
    said = f"{passed} of {len(night.midnights)} midnights {'has' if passed == 1 else 'have'} passed."
    if passed == len(night.midnights):
        return said
    coming = night.midnights[passed]
    minutes = max(1, round((coming.at - night.now).total_seconds() / 60))
    wait = f"{minutes} minute{'s' * (minutes != 1)}" if minutes < 100 else night_words.span(minutes * 60)
    place = coming.place or f"UTC{coming.offset}"
    return f"{said} Next: {place}, {words.fans(coming.number)}, in {wait}."


def _held(night: Night) -> Headline:
    service = night.held[0]
    waiting, label = night.found.services[service].fans.queued, label_of(service)
    others = len(night.services) > 1
    goes_on = (" The other services go on." if night.out else " The others are ready.") if others else ""
    until = f"{words.in_figures(waiting)} {'waits' if waiting == 1 else 'wait'} until you decide.{goes_on}"
    if night.wrong_release(service):
        touched = night.found.services[service].fans.delivered
        nobody = "Nobody else" if touched else "No fan"
        return Headline(
            f"{label} is held: it found another release", f"{nobody} on {label} has been touched. {until}"
        )
    batch = night.batches[service]
    return Headline(f"{label} is held: the first fans do not have it", f"{_canary_said(batch)} {until}")


def _canary_said(batch: Batch) -> str:
    good = f"{batch.canary_good} of the first {batch.canary_read} fans"
    return f"{good} were read back with the right release."


def _pending(night: Night) -> Headline:
    fans = night.fans
    waiting = words.fans(fans.pending_source)
    wait = "waits" if fans.pending_source == 1 else "wait"
    are = "is" if fans.delivered == 1 else "are"
    done = f"{words.in_figures(fans.delivered)} of {words.in_figures(fans.total)} {are} delivered."
    if len(night.pending) > 1:
        number = words.number_word(len(night.pending)).lower()
        return Headline(
            f"{waiting} {wait}: {number} services do not show it yet",
            f"{done} Paste a link, and those who wait for it go at once.",
        )
    label, link = label_of(night.pending[0]), night.links.get(night.pending[0])
    title, release = night.campaign.release.title, night.campaign.release
    under = "behind the pasted link" if link is not None and link.service_id else _code_of(release)
    them = "this fan goes" if fans.pending_source == 1 else f"the {words.in_figures(fans.pending_source)} go"
    why = f"{label} does not show “{title}” {under}."
    if night.needs_link(night.pending[0]):
        why = f"{label} finds nothing by UPC or ISRC."
    return Headline(
        f"{waiting} {wait}: no {label} link yet", f"{done} {why} Paste the link and {them} at once."
    )


def _code_of(release: object) -> str:
    if getattr(release, "upc", ""):
        return "under its UPC"
    return "under its ISRC" if getattr(release, "isrc", "") else "yet"


def _after(night: Night) -> Headline:
    fans = night.fans
    if not fans.total:
        return Headline("It is out, and nobody waits", "Whoever pre-saves from now on is served at once.")
    head = f"Delivered to {words.in_figures(fans.delivered)} of {words.fans(fans.total)}"
    told = [f"{bar.share(fans)}.", _took(night)]
    if fans.could_not_be_delivered:
        lost = words.in_figures(fans.could_not_be_delivered)
        told.append(f"{lost} could not be delivered, each with a reason below.")
        if fans.reconnectable and night.now < night.closes:
            until = night_words.day(night, night.closes)
            told.append(f"The window for them stays open until {until}.")
    else:
        told.append("Everybody who asked has it.")
    return Headline(head, " ".join(filter(None, told)))


def _took(night: Night) -> str:
    """`The night took 8 min 41 s; SoundCloud followed at 00:23:38.`"""
    late = followed(night)
    ends = [at for name in night.services if name not in late and (at := night.done_at(name)) is not None]
    if not ends:
        return ""
    seconds = (max(ends) - night.last_opens).total_seconds()
    took = f"The night took {night_words.exact_span(seconds)}" if seconds < 86400 else ""
    then = "; ".join(
        f"{label_of(name)} followed at {night_words.clock(night, at)}"
        for name in late
        if (at := night.done_at(name)) is not None
    )
    return "; ".join(filter(None, [took, then])) + "." if took or then else ""


def _title(night: Night) -> str:
    if not night.out or not night.fans.total:
        return ""
    if night.situation is Situation.HELD:
        return "Held"
    exact = 100 * night.fans.delivered / night.fans.total
    return f"{min(int(exact), 100)} %"


def _spoken(night: Night) -> str:
    fans = night.fans
    said = f"{words.in_figures(fans.delivered)} of {words.in_figures(fans.total)} delivered"
    return said + (f", {words.in_figures(fans.pending_source)} pending" if fans.pending_source else "")
