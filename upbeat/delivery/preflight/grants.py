"""The fans' side: permissions that will have ended by the instant, and seals that open."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from upbeat.core.preflight import Level, Line
from upbeat.delivery.channels.email import Email
from upbeat.delivery.models import OPEN_STATES
from upbeat.delivery.preflight.subject import Service, Subject
from upbeat.delivery.preflight.wording import fans, figures
from upbeat.fans.models import Connection
from upbeat.fans.tokens import opens
from upbeat.providers.base import Action

_ENDED = Q(pre_save__connection__dead_at__isnull=False) | Q(pre_save__connection__dies_at__lte=F("due_at"))


@dataclass(frozen=True, slots=True)
class _Ending:
    """Of the fans who wait on a service: whose permission ends before their own instant, and who left an address."""

    ending: int
    reachable: int


def permissions(subject: Subject) -> list[Line]:
    """Counted, not guessed: each fan's permission against that fan's own instant."""
    found = [(service, _count(subject, service)) for service in subject.services if service.fans]
    trouble = [_line(subject, service, one) for service, one in found if one.ending]
    if trouble or not found:
        return trouble
    every = figures(sum(service.fans for service, _ in found))
    return [
        Line(
            "permissions", Level.FINE, f"Permissions good at {subject.at_the_instant}", f"{every} of {every}"
        )
    ]


def seals(subject: Subject) -> list[Line]:
    """The newest permission and the oldest must open: a key that is gone takes only those it sealed with it."""
    held = subject.campaign.pre_saves.select_related("connection").exclude(
        connection__sealed_access=b"", connection__sealed_refresh=b""
    )
    for one in (held.order_by("-id").first(), held.order_by("id").first()):
        if one is not None and not opens(one.connection):
            return [
                Line(
                    "seals", Level.STOP, "Fans' permissions do not open",
                    "They were sealed with a key that UPBEAT_SEALING_KEYS does not have.",
                    "It must hold every key that was ever used. Put the missing one back and start Upbeat again.",
                )
            ]  # fmt: skip
    return [Line("seals", Level.FINE, "Seals")]


def _count(subject: Subject, service: Service) -> _Ending:
    """Whether any permission of the team's ends in time is a small question; whose it is, a large one."""
    campaign = subject.campaign
    theirs = Connection.objects.filter(team=campaign.team, service=service.name)
    if not theirs.filter(Q(dead_at__isnull=False) | Q(dies_at__lte=campaign.last_opens_at)).exists():
        return _Ending(0, 0)
    saves = campaign.deliveries.filter(service=service.name, action=Action.SAVE, state__in=OPEN_STATES)
    ending = saves.filter(_ENDED)
    mail = Q(pre_save__fan__consents__campaign=campaign, pre_save__fan__consents__withdrawn_at=None)
    reachable = ending.filter(mail).aggregate(number=Count("pre_save__fan", distinct=True))
    return _Ending(ending.count(), reachable["number"])


def _line(subject: Subject, service: Service, found: _Ending) -> Line:
    good = f"{figures(service.fans - found.ending)} of {figures(service.fans)}"
    many = f"{figures(found.ending)} permission{'s' * (found.ending != 1)}"
    written = " and get a letter that asks them" if found.reachable and Email.usable() else ""
    return Line(
        "permissions",
        Level.WARNING,
        f"{many} end{'s' * (found.ending == 1)} before {subject.at_the_instant}",
        f"{good} on {service.label} are good. The page asks the other {fans(found.ending)} to connect again; "
        f"{figures(found.reachable) if found.reachable else 'none'} of them left an e-mail address{written}.",
        "Post the link once more: who taps Pre-Save again gives a new permission.",
        service.name,
    )
