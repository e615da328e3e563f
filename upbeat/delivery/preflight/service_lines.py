"""What the services themselves say: does the credential hold, is the release there, is it the announced one."""

from datetime import timedelta

from upbeat.campaigns.models import ServiceLink
from upbeat.campaigns.seen import announced, differs, seen_of
from upbeat.core.outcome import Outcome
from upbeat.core.preflight import Level, Line
from upbeat.delivery.preflight.subject import Service, Subject
from upbeat.delivery.preflight.wording import fans, listed, waiting
from upbeat.delivery.source import AHEAD, needs_link
from upbeat.delivery.speaker import speaker
from upbeat.providers.base import Found, Kind
from upbeat.providers.registry import credential

_LAST_DAY = timedelta(days=1)
_FIELDS = {
    "title": "title",
    "artist": "artist",
    "upc": "UPC",
    "isrc": "ISRC",
    "track_count": "number of tracks",
}


async def services(subject: Subject, service: Service) -> list[Line]:
    """All that one service is asked. One that asked us to wait is asked nothing."""
    if not service.known:
        return [_no_key(service)]
    if service.paused_until is not None:
        until = subject.clock(service.paused_until)
        return [
            Line(
                "credentials", Level.WARNING, f"{service.label} asked us to wait",
                f"Until {until}. Nothing is asked before, so this check knows less.", "Check again then.",
                service.name,
            )
        ]  # fmt: skip
    answer = await speaker(service.name).provider.credential()
    if not answer.good:
        return [_key_trouble(service, answer)]
    fine = Line("credentials", Level.FINE, "Keys good", service=service.name)
    return [fine, *await _release(subject, service)]


def no_answer(service: Service) -> list[Line]:
    """It took longer than a check may take."""
    return [
        Line(
            "credentials", Level.WARNING, f"{service.label} takes long to answer",
            "Nothing could be found out there just now.", "Check again in a few minutes.", service.name,
        )
    ]  # fmt: skip


def _no_key(service: Service) -> Line:
    setting, called = f"UPBEAT_{service.name.upper()}", credential(service.name)
    names = " and ".join(f"{setting}_{name}" for name in (called.id, called.key_id, called.secret) if name)
    return Line(
        "credentials", Level.STOP, f"No key for {service.label}",
        f"{waiting(service.fans)} there, and this installation has no key any more.",
        f"Put back {names}, and start Upbeat again.", service.name,
    )  # fmt: skip


def _key_trouble(service: Service, answer: Outcome) -> Line:
    if answer.reason != "app_refused":
        return Line(
            "credentials", Level.WARNING, f"{service.label} does not answer as it should",
            answer.note, "Check again in a few minutes.", service.name,
        )  # fmt: skip
    return Line(
        "credentials",
        _if_fans(service, Level.STOP),
        f"{service.label} does not accept our key",
        f"What this installation proves itself with is refused. {waiting(service.fans)} there.",
        f"Take the secret from {service.label}'s developer page, set "
        f"UPBEAT_{service.name.upper()}_{credential(service.name).secret}, and start Upbeat again. It takes about "
        "five minutes.",
        service.name,
    )


async def _release(subject: Subject, service: Service) -> list[Line]:
    """Whether it can be found, and whether it is the announced one."""
    release, link = subject.campaign.release, service.link
    known = link.service_id if link is not None else ""
    if needs_link(service.name, release, link):
        return _no_way(subject, service)
    provider = speaker(service.name).provider
    if link is not None and known:
        found = await provider.release(Kind(link.kind), known)
    else:
        found = await provider.look_up(upc=release.upc, isrc=release.isrc)
    if isinstance(found, Found):
        return [_found(subject, service, by_link=bool(known)), _match(subject, service, found)]
    if found is None:
        return [_not_yet(subject, service)]
    return [
        Line(
            "found", Level.WARNING, f"{service.label} could not be asked for the release",
            found.note, "Check again in a few minutes.", service.name,
        )
    ]  # fmt: skip


def _no_way(subject: Subject, service: Service) -> list[Line]:
    release = subject.campaign.release
    if release.upc or release.isrc:
        return [_no_link(subject, service)] if service.fans else []
    return [_no_code(service)]


def _no_code(service: Service) -> Line:
    return Line(
        "found", _if_fans(service, Level.STOP), f"No way to find the release on {service.label}",
        f"No UPC, ISRC or link is known. {waiting(service.fans)} there.",
        "Put in the UPC, or paste the link to the release, on the page Page.", service.name,
    )  # fmt: skip


def _no_link(subject: Subject, service: Service) -> Line:
    """Before the last day a link may not exist yet: an upload has none before it is made."""
    level = Level.STOP if subject.opens_at - subject.now <= _LAST_DAY else Level.WARNING
    return Line(
        "found", level, f"{service.label} needs the link to the release",
        f"It finds nothing by UPC or ISRC. {waiting(service.fans)} there.",
        f"Paste the link on the page Delivery, in the row of {service.label}.", service.name,
    )  # fmt: skip


def _found(subject: Subject, service: Service, *, by_link: bool) -> Line:
    release = subject.campaign.release
    how = "by its link" if by_link else f"by UPC {release.upc}" if release.upc else f"by ISRC {release.isrc}"
    return Line("found", Level.FINE, "Release found", how, service=service.name)


def _not_yet(subject: Subject, service: Service) -> Line:
    if subject.opens_at - subject.now > AHEAD or not service.fans:
        usual = "as is usual before the day; we look from 15 minutes before"
        return Line("found", Level.FINE, "Not shown yet", usual, service=service.name)
    return Line(
        "found", Level.WARNING, f"{service.label} does not show it yet",
        f"{fans(service.fans)}. Often a few minutes late; they wait and go when it appears.",
        "If you know its link there, paste it.", service.name,
    )  # fmt: skip


def _match(subject: Subject, service: Service, found: Found) -> Line:
    link = service.link or ServiceLink(release=subject.campaign.release, service=service.name)
    unlike = differs(link, found)
    if not unlike:
        codes = (
            "Title, artist and UPC match"
            if announced(link.release).upc and found.upc
            else "Title and artist match"
        )
        return Line("match", Level.FINE, codes, service=service.name)
    seen, told = seen_of(found), announced(link.release)
    there = f"“{seen['title']}” by {seen['artist']}"
    if set(unlike) & {"upc", "isrc", "track_count"}:
        there += "".join(
            f", {_FIELDS[name]} {seen[name]}" for name in unlike if name not in ("title", "artist")
        )
    return Line(
        "match", _if_fans(service, Level.STOP), f"{service.label} shows another release",
        f"Not the same: {listed([_FIELDS[name] for name in unlike])}. There: {there}. Announced: “{told.title}” by "
        f"{told.artist}. Nothing goes out there until it is settled.",
        "Say which one is right, or paste the right link, on this page.", service.name,
    )  # fmt: skip


def _if_fans(service: Service, level: Level) -> Level:
    """Where nobody waits nothing stops."""
    return level if service.fans else min(level, Level.WARNING, key=[*Level].index)
