"""Which rung a service stands on here: what one tap of a fan can really do (PRODUCT §1)."""

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


@dataclass(frozen=True, slots=True)
class Installed:
    """What this installation has for the service."""

    label: str
    can_save: bool
    """We speak to the service, and this installation holds a credential for it."""
    can_remind: bool
    grant_life: timedelta | None = None
    """How long a permission lives after the fan gave it; None: for ever."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the campaign has for the service."""

    lead: timedelta = timedelta()
    """From now to the release instant."""
    native: bool = False
    shop: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """The rung and why. `rung` None: nothing can be offered."""

    rung: Rung | None
    why: str


def stands_on(installed: Installed, offered: Offered, *, below: Rung | None = None) -> Stand:
    """The best rung there is; with `below`, the best one under it (for a fan whom that rung did not hold)."""
    reasons: list[str] = []
    allowed = list(Rung) if below is None else list(Rung)[list(Rung).index(below) + 1 :]
    for rung in allowed:
        holds, why = _holds(rung, installed, offered)
        if holds:
            return Stand(rung, " ".join([*reasons, why]))
        if why:
            reasons.append(why)
    return Stand(None, " ".join(reasons) or f"Nothing is set up for {installed.label} yet.")


def _holds(rung: Rung, installed: Installed, offered: Offered) -> tuple[bool, str]:
    """Whether the rung holds, and the sentence to say about it (empty where there is nothing to say)."""
    match rung:
        case Rung.SAVE if not installed.can_save:
            return False, f"This installation has no app at {installed.label}."
        case Rung.SAVE if installed.grant_life is not None and offered.lead >= installed.grant_life:
            days = installed.grant_life.days
            return (
                False,
                f"{installed.label} forgets a permission after {days} days, and the release is later.",
            )
        case Rung.SAVE:
            return True, f"We add the music to the library on {installed.label}."
        case Rung.NATIVE:
            return offered.native, f"{installed.label}'s own page does it." if offered.native else ""
        case Rung.REMIND:
            return installed.can_remind, "We send the link when it is out." if installed.can_remind else ""
        case Rung.LINK:
            return offered.shop, "The shop's page opens." if offered.shop else ""
