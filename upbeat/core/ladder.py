"""Which rung a service stands on: what one tap of a fan can really do, and what holds them where it cannot
(PRODUCT §1). Every rung is a pre-save: counted, and answered for.

What a *page* stands on is decided from the installation and the campaign alone. `Fan` is what one fan met on the way:
they land on the next rung down, and everybody else stays where they are.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Rung(StrEnum):
    """From the top down."""

    SAVE = "save"
    """We add the music to the fan's library at the instant."""
    NATIVE = "native"
    """The service's own page does it (a countdown page, a pre-add)."""
    REMIND = "remind"
    """We send the link at the instant."""
    LINK = "link"
    """A shop's page opens."""


class Hold(StrEnum):
    """Whether a rung bears."""

    HOLDS = "holds"
    NOT_YET = "not_yet"
    """It could: somebody would have to do something, or the fan came at a bad moment."""
    NEVER = "never"
    """The service has no such thing."""


class Reason(StrEnum):
    """Why we cannot save. The first four are true for everybody, the rest for one fan."""

    CLOSED = "closed"
    NO_APP = "no_app"
    NAMED_ONLY = "named_only"
    TOO_FAR = "too_far"
    NOT_OPEN = "not_open"
    APP_REFUSED = "app_refused"
    NO_SUBSCRIPTION = "no_subscription"
    DOWN = "down"
    IN_APP = "in_app"
    ABSENT = "absent"


_SENTENCES = {
    Reason.CLOSED: "{label} lets no other app in.",
    Reason.NO_APP: "This installation has no app at {label}.",
    Reason.NAMED_ONLY: "This installation’s app lets only the fans in whom {label} has on its list.",
    Reason.TOO_FAR: "{label} forgets a permission after {life}, and the release is later.",
    Reason.NOT_OPEN: "{label} did not let this fan in.",
    Reason.APP_REFUSED: "{label} does not accept this installation’s app.",
    Reason.NO_SUBSCRIPTION: "{label} saves for subscribers only.",
    Reason.DOWN: "{label} does not answer.",
    Reason.IN_APP: "{label} cannot ask for permission inside {in_app}.",
    Reason.ABSENT: "{label} does not exist where this fan is.",
}


@dataclass(frozen=True, slots=True)
class Installed:
    """What this installation has for the service."""

    label: str
    can_save: bool
    """We speak to the service, and this installation holds a credential for it."""
    can_remind: bool = True
    """A calendar file can always be given: only a team that switched reminders off has none."""
    grant_life: timedelta | None = None
    """How long a permission lives after the fan gave it; None: for ever."""
    speaks: bool = True
    """Whether the service lets any app in at all."""
    has_native: bool = True
    """Whether the service has pages of its own on which a fan can pre-save."""
    named_only: bool = False
    """The service lets only the accounts in that somebody put on its list (a quota mode)."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the campaign has for the service."""

    lead: timedelta = timedelta()
    """From now to the last instant at which it is out for anybody."""
    native: bool = False
    """The team gave the link of the service's own page."""
    shop: bool = False
    """Any other link there: an album's page, a pre-order."""
    shown: bool = False
    """The service shows the release already: a permission that will not live until the instant saves it now."""


@dataclass(frozen=True, slots=True)
class Fan:
    """What one fan has and met."""

    fell: Reason | None = None
    """Why the service did not take their permission: NOT_OPEN, APP_REFUSED or DOWN."""
    in_app: str = ""
    """The app whose built-in browser they are in, where that cannot sign in ("Instagram")."""
    absent: bool = False
    """The service does not exist in their country."""


ANYBODY = Fan()


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of one service: whether it bears, why not, and in a sentence."""

    rung: Rung
    hold: Hold
    reason: Reason | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the tap lands, why there, and where it would land next. `rung` None: nothing can be offered."""

    rung: Rung | None
    why: str
    below: Rung | None = None
    reason: Reason | None = None
    """Why it is not a save, where it is not."""


def ladder(installed: Installed, offered: Offered, fan: Fan = ANYBODY) -> tuple[Step, ...]:
    """All four rungs, from the top down."""
    return (
        _save(installed, offered, fan),
        _native(installed, offered, fan),
        _remind(installed),
        _link(offered),
    )


def stands_on(installed: Installed, offered: Offered, fan: Fan = ANYBODY) -> Stand:
    """The best rung that holds, the next one down, and the reason in a sentence."""
    steps = ladder(installed, offered, fan)
    holding = [step for step in steps if step.hold is Hold.HOLDS]
    if not holding:
        return Stand(
            None, steps[0].why or f"Nothing is set up for {installed.label} yet.", None, steps[0].reason
        )
    first, rest = holding[0], holding[1:]
    why = " ".join(part for part in (steps[0].why if first.rung is not Rung.SAVE else "", first.why) if part)
    return Stand(first.rung, why, rest[0].rung if rest else None, steps[0].reason)


def in_words(life: timedelta) -> str:
    """`180 days`, `4 hours`."""
    count, unit = (
        (life.days, "day") if life >= timedelta(days=1) else (int(life.total_seconds() // 3600), "hour")
    )
    return f"{count} {unit}{'s' * (count != 1)}"


def _save(installed: Installed, offered: Offered, fan: Fan) -> Step:
    reason = _against(installed, offered, fan)
    if reason is None:
        return Step(Rung.SAVE, Hold.HOLDS, None, f"We add the music to the library on {installed.label}.")
    why = _SENTENCES[reason].format(
        label=installed.label, in_app=fan.in_app, life=in_words(installed.grant_life or timedelta())
    )
    return Step(Rung.SAVE, Hold.NEVER if reason is Reason.CLOSED else Hold.NOT_YET, reason, why)


def _against(installed: Installed, offered: Offered, fan: Fan) -> Reason | None:
    """Why we cannot save: what no fan can change first, then what this one met."""
    too_far = installed.grant_life is not None and offered.lead >= installed.grant_life and not offered.shown
    against = (
        (not installed.speaks, Reason.CLOSED),
        (not installed.can_save, Reason.NO_APP),
        (too_far, Reason.TOO_FAR),
        (fan.absent, Reason.ABSENT),
        (fan.fell is not None, fan.fell),
        (installed.named_only, Reason.NAMED_ONLY),
        (bool(fan.in_app), Reason.IN_APP),
    )
    return next((reason for holds, reason in against if holds), None)


def _native(installed: Installed, offered: Offered, fan: Fan) -> Step:
    if fan.absent:
        return Step(Rung.NATIVE, Hold.NOT_YET, Reason.ABSENT)
    if offered.native:
        return Step(Rung.NATIVE, Hold.HOLDS, None, f"{installed.label}’s own page does it.")
    return Step(Rung.NATIVE, Hold.NOT_YET if installed.has_native else Hold.NEVER)


def _remind(installed: Installed) -> Step:
    if installed.can_remind:
        return Step(Rung.REMIND, Hold.HOLDS, None, "We send the link when it is out.")
    return Step(Rung.REMIND, Hold.NOT_YET)


def _link(offered: Offered) -> Step:
    if offered.shop:
        return Step(Rung.LINK, Hold.HOLDS, None, "The shop’s page opens.")
    return Step(Rung.LINK, Hold.NOT_YET)
