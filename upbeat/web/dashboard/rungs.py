"""What fans can do on this installation today, service by service."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from upbeat.campaigns.models import Campaign
from upbeat.core.ladder import Installed, Offered, Rung, stands_on
from upbeat.providers.registry import capabilities, label

_VERBS = {Rung.SAVE: "Pre-save", Rung.NATIVE: "Pre-save", Rung.REMIND: "Remind me", Rung.LINK: "Pre-order"}


@dataclass(frozen=True, slots=True)
class Stood:
    """A service, the rung it stands on ("off": none), the verb on its button, and why it is not higher."""

    service: str
    label: str
    rung: str
    verb: str
    why: str


def stands(campaign: Campaign | None = None, now: datetime | None = None) -> list[Stood]:
    """Each service we speak to, for this campaign or for the installation as a whole."""
    offered = Offered()
    if campaign is not None and campaign.last_opens_at is not None and now is not None:
        offered = Offered(lead=campaign.last_opens_at - now)
    return [_stood(service, offered) for service in settings.SERVICES]


def _stood(service: str, offered: Offered) -> Stood:
    has = bool(settings.SERVICES[service].client_id)
    installed = Installed(label(service), has, can_remind=True, grant_life=capabilities(service).grant_life)
    stand = stands_on(installed, offered)
    if stand.rung is None:
        return Stood(service, installed.label, "off", "off", stand.why)
    why = "" if stand.rung is Rung.SAVE else stand.why
    return Stood(service, installed.label, stand.rung.value, _VERBS[stand.rung], why)
