"""What fans can do on this installation: each service's rung, why, and what its operator would do for the next one up.

`upbeat check` and the dashboard say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from upbeat.core.hosts import label_of
from upbeat.core.ladder import Hold, Installed, Offered, Reason, Rung, Stand, in_words, ladder, stands_on
from upbeat.delivery.channels import usable
from upbeat.providers import access
from upbeat.providers.registry import credential, label, names
from upbeat.web.connect.speakers import redirect_uri
from upbeat.web.looks import Looked
from upbeat.web.standing import installed

EXAMPLE = Offered(lead=timedelta(days=7))
"""What an ordinary campaign has: a week to go, and no page of a service's own."""
MAIL = "email"


@dataclass(frozen=True, slots=True)
class HowTo:
    """What is to be pasted where: at the service the redirect URI (if it wants one), here the settings."""

    register_url: str
    redirect_uri: str
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ability:
    """One service, or a group that stands alike."""

    service: str
    label: str
    rung: Rung | None
    cells: tuple[tuple[Rung, str], ...]
    """From the lowest rung up: `here`, `falls` (back to), `not-yet`, `none`."""
    why: str
    to_do: str
    """For the next rung up."""
    warns: bool = False
    top: bool = False
    """There is nothing to do."""
    how: HowTo | None = None


def abilities(looked: Looked, turned_away: Mapping[str, int] | None = None) -> list[Ability]:
    """Every service in the order of the pages, mail first where it is missing, those that let nobody in as one.

    `turned_away`: by service, how many fans it did not let in lately.
    """
    ours = [_service(service, looked, (turned_away or {}).get(service, 0)) for service in names()]
    return [*([] if MAIL in usable() else [_mail()]), *ours, _closed()]


def summary(every: list[Ability]) -> str:
    """`4 services save · 3 remind`."""
    counts = {rung: sum(one.rung is rung for one in every if one.service != MAIL) for rung in Rung}
    parts = [f"{count} {rung}" for rung, count in counts.items() if count]
    if counts[Rung.SAVE]:
        parts[0] = f"{counts[Rung.SAVE]} service{'s save' if counts[Rung.SAVE] > 1 else ' saves'}"
    return " · ".join(parts)


def how_to(service: str) -> HowTo | None:
    """The links, the redirect URI and the settings of a service; None where nobody is let in."""
    known = access.access(service)
    if known is None:
        return None
    named, start = credential(service), f"UPBEAT_{service.upper()}_"
    keys = tuple(start + name for name in (named.id, named.key_id, named.secret) if name)
    return HowTo(known.register_url, redirect_uri(service) if known.redirects else "", keys)


def _service(service: str, looked: Looked, turned_away: int) -> Ability:
    has, known = installed(service), access.ACCESS[service]
    stand = stands_on(has, EXAMPLE)
    if not has.can_save:
        to_do = known.to_do or "Nothing you can do, unless you own an older app."
        return _ability(service, has, stand, known.without, to_do, how=how_to(service), top=not known.to_do)
    if looked.is_refused(service):
        return _ability(
            service, has, stand, f"{label(service)} does not accept this installation’s app: fans go one rung down.",
            "Put in its new secret, start Upbeat again, and look again.", warns=True, how=how_to(service),
        )  # fmt: skip
    why = known.within
    if looked.is_silent(service):
        why = f"{why} It did not answer when we looked."
    if turned_away:
        why = f"{why} {turned_away:,} fan{'s' * (turned_away != 1)} met that in the last 30 days."
    return _ability(service, has, stand, why, _above(has, stand), top=True, how=how_to(service))


def _above(has: Installed, stand: Stand) -> str:
    if stand.reason is Reason.TOO_FAR:
        return f"Nothing you can do. If {has.label} changes this, the rung rises by itself."
    if has.grant_life is None:
        return "Top rung."
    return f"Top rung. Where a release is more than {in_words(has.grant_life)} ahead, fans get a reminder."


def _mail() -> Ability:
    cells = tuple((rung, "not-yet" if rung is Rung.REMIND else "none") for rung in reversed(Rung))
    return Ability(
        MAIL, label_of(MAIL), None, cells,
        "No mail server is set up, so reminders go out as notifications and calendar files only.",
        "Two settings. The biggest single step: every service below then reminds by mail.",
        warns=True, how=HowTo("", "", ("UPBEAT_SMTP_URL", "UPBEAT_MAIL_FROM")),
    )  # fmt: skip


def _closed() -> Ability:
    first = installed(access.CLOSED[0])
    named = ", ".join(label_of(service) for service in access.CLOSED[:3])
    return _ability(
        "", first, stands_on(first, EXAMPLE), "These let no other app in.", "Top rung for everybody.",
        top=True, label=f"{named} …",
    )  # fmt: skip


def _ability(
    service: str, has: Installed, stand: Stand, why: str, to_do: str, *,
    warns: bool = False, top: bool = False, how: HowTo | None = None, label: str = "",
) -> Ability:  # fmt: skip
    return Ability(service, label or has.label, stand.rung, _cells(has, stand), why, to_do, warns, top, how)


def _cells(has: Installed, stand: Stand) -> tuple[tuple[Rung, str], ...]:
    """Seen from the rung it stands on: what a fan falls back to below, what is not there yet above."""
    cells, above = [], True
    for step in ladder(has, EXAMPLE):
        if step.rung is stand.rung:
            cells.append((step.rung, "here"))
            above = False
        elif step.hold is Hold.NEVER:
            cells.append((step.rung, "none"))
        else:
            cells.append((step.rung, "not-yet" if above else "falls"))
    return tuple(reversed(cells))
