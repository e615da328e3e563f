"""What fans can do on this installation today, service by service."""

from dataclasses import dataclass
from datetime import datetime

from upbeat.campaigns.listed import choosable, listed
from upbeat.campaigns.models import Campaign
from upbeat.core.hosts import Verb, label_of
from upbeat.core.ladder import Offered, Reason, Rung, Stand, stands_on
from upbeat.delivery.budget import fans_a_day
from upbeat.providers.access import access
from upbeat.providers.registry import names
from upbeat.web.standing import installed, stand

_VERBS = {Rung.NATIVE: "Pre-save", Rung.REMIND: "Remind me", Rung.LINK: "Pre-order"}


@dataclass(frozen=True, slots=True)
class Stood:
    """A service, the rung it stands on ("off": none), the verb on its button, and why it is not higher."""

    service: str
    label: str
    rung: str
    verb: str
    why: str = ""
    warns: bool = False
    """The reason is the campaign's day: another day would change it."""
    on: bool = True
    """It is on the page."""


def stands() -> list[Stood]:
    """Each service we speak to, for the installation as a whole."""
    return [_stood(service, stands_on(installed(service), Offered())) for service in names()]


def stands_for(campaign: Campaign, now: datetime) -> list[Stood]:
    """Every service a team may have on this campaign's page, those on it first; and whether it is."""
    on = listed(campaign)
    off = [service for service in choosable() if service not in on]
    return [_stood(service, stand(campaign, service, now), on=service in on) for service in (*on, *off)]


def _stood(service: str, here: Stand, *, on: bool = True) -> Stood:
    if here.rung is None:
        return Stood(service, label_of(service), "off", "off", here.why, on=on)
    why = _by_the_day(service) if here.rung is Rung.SAVE else here.why
    warns = here.reason is Reason.TOO_FAR
    return Stood(service, label_of(service), here.rung.value, _verb(service, here.rung), why, warns, on)


def _by_the_day(service: str) -> str:
    """What a team should know of a service that serves so many a day."""
    many = fans_a_day(service)
    return f"About {many} fans a day: with more it takes days." if many is not None else ""


def _verb(service: str, rung: Rung) -> str:
    known = access(service)
    pre_adds = known is not None and known.verb is Verb.PRE_ADD
    return ("Pre-add" if pre_adds else "Pre-save") if rung is Rung.SAVE else _VERBS[rung]
