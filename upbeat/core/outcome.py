"""What a streaming service may answer, in five words."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

DAY_SPENT = "day_spent"
"""The reason that ends a day's budget."""


class Verdict(StrEnum):
    """The one consequence of an answer."""

    DONE = "done"
    """It happened now."""
    ALREADY = "already"
    """It had happened before: as good as done."""
    LATER = "later"
    """Not now. `Outcome.after` may say when."""
    RECONNECT = "reconnect"
    """The grant is dead, on the token endpoint's own word: only the fan can mend it."""
    REFUSED = "refused"
    """The service said no, and will say no again."""


class Reach(StrEnum):
    """Whom a wait concerns."""

    FAN = "fan"
    APP = "app"
    """Every call made with this installation's credential for the service."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer of a service, understood.

    `reason` is a stable code for tables and tests ("rate_limited"); `note` says the same to a person.
    `after` is how long to wait and only comes with LATER. `asked_to_wait` means that the service itself asked
    (429, quota): such a wait is not a failure and burns no patience. `status` is the HTTP status, if there was one.
    """

    verdict: Verdict
    reason: str
    note: str = ""
    after: timedelta | None = None
    asked_to_wait: bool = False
    reach: Reach = Reach.FAN
    status: int | None = None

    @property
    def good(self) -> bool:
        """Whether the fan has what was promised."""
        return self.verdict in (Verdict.DONE, Verdict.ALREADY)


def done(status: int | None = None) -> Outcome:
    return Outcome(Verdict.DONE, "done", status=status)


def already(reason: str = "already", status: int | None = None) -> Outcome:
    return Outcome(Verdict.ALREADY, reason, status=status)


def later(reason: str, note: str, *, after: timedelta | None = None, status: int | None = None) -> Outcome:
    """A passing fault: the service did not ask us to wait, it just did not do it."""
    return Outcome(Verdict.LATER, reason, note, after=after, status=status)


def wait(
    note: str, *, after: timedelta | None, reach: Reach = Reach.APP, status: int | None = None
) -> Outcome:
    """The service asked us to wait."""
    return Outcome(Verdict.LATER, "rate_limited", note, after, asked_to_wait=True, reach=reach, status=status)


def spent(note: str, *, status: int | None = None) -> Outcome:
    """The service has done what it does for this installation in a day; when the next begins, its budget says."""
    return Outcome(Verdict.LATER, DAY_SPENT, note, asked_to_wait=True, reach=Reach.APP, status=status)


def reconnect(note: str, *, status: int | None = None) -> Outcome:
    return Outcome(Verdict.RECONNECT, "grant_dead", note, status=status)


def refused(reason: str, note: str, *, status: int | None = None) -> Outcome:
    return Outcome(Verdict.REFUSED, reason, note, status=status)
