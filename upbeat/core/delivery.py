"""The life of a delivery: eleven states, four headlines, and what an answer makes of one (PRODUCT §4)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from upbeat.core import retry
from upbeat.core.outcome import Outcome, Reach, Verdict

NOT_FOUND_YET = "not_found_yet"
"""The reason that makes a delivery wait for its source: the service does not show the release."""


class State(StrEnum):
    WAITING = "waiting"
    """Before the instant."""
    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    PENDING_SOURCE = "pending_source"
    """The service does not show the release yet."""
    RETRYING = "retrying"
    """Asked to wait, or a passing fault."""
    DELIVERED = "delivered"
    VERIFIED = "verified"
    """Delivered, and read back from the service."""
    NEEDS_FAN = "needs_fan"
    """The grant is dead: only the fan can reconnect."""
    WITHDRAWN = "withdrawn"
    """The fan took it back."""
    REFUSED = "refused"
    """The service said no."""
    EXPIRED = "expired"
    """Patience ran out."""

    @property
    def is_open(self) -> bool:
        """Whether it may still be tried: open states have a `next_at`, the others have none."""
        return self in OPEN


OPEN = frozenset({State.WAITING, State.QUEUED, State.IN_PROGRESS, State.PENDING_SOURCE, State.RETRYING})


class Headline(StrEnum):
    """The four numbers a team sees."""

    DELIVERED = "delivered"
    QUEUED = "queued"
    PENDING_SOURCE = "pending_source"
    COULD_NOT = "could_not_be_delivered"


def headline(state: State) -> Headline | None:
    """The number a state counts in. Withdrawn counts in none: it is held against nobody."""
    match state:
        case State.DELIVERED | State.VERIFIED:
            return Headline.DELIVERED
        case State.PENDING_SOURCE:
            return Headline.PENDING_SOURCE
        case State.NEEDS_FAN | State.REFUSED | State.EXPIRED:
            return Headline.COULD_NOT
        case State.WITHDRAWN:
            return None
        case _:
            return Headline.QUEUED


@dataclass(frozen=True, slots=True)
class Claimed:
    """What settling needs to know of a delivery that was just tried."""

    due_at: datetime
    attempts: int
    """Tries so far, this one included."""
    failures: int
    """Of them, those that failed: waits the service asked for are none."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the delivery becomes. `next_at` is set exactly when the state is open."""

    state: State
    reason: str
    note: str
    next_at: datetime | None
    failures: int


def settle(claimed: Claimed, outcome: Outcome, now: datetime, jitter: float) -> Settled:
    """What an answer makes of a delivery. `jitter`, from 0 to 1, spreads the next tries."""
    match outcome.verdict:
        case Verdict.DONE | Verdict.ALREADY:
            return _ended(State.DELIVERED, outcome, claimed)
        case Verdict.RECONNECT:
            return _ended(State.NEEDS_FAN, outcome, claimed)
        case Verdict.REFUSED:
            return _ended(State.REFUSED, outcome, claimed)
        case Verdict.LATER:
            return _later(claimed, outcome, now, jitter)


def _ended(state: State, outcome: Outcome, claimed: Claimed, note: str | None = None) -> Settled:
    return Settled(state, outcome.reason, outcome.note if note is None else note, None, claimed.failures)


def _later(claimed: Claimed, outcome: Outcome, now: datetime, jitter: float) -> Settled:
    give_up = retry.give_up_at(claimed.due_at)
    if now >= give_up:
        return _ended(State.EXPIRED, outcome, claimed, f"We tried for 14 days. {outcome.note}".strip())
    if outcome.reason == NOT_FOUND_YET:
        pause = retry.look_pause(claimed.attempts, jitter)
        return Settled(
            State.PENDING_SOURCE, outcome.reason, outcome.note, min(now + pause, give_up), claimed.failures
        )
    failures = claimed.failures + (not outcome.asked_to_wait)
    own = retry.failure_pause(max(failures, 1), jitter)
    # Whom the whole application's wait has met need not be spread: the limiter does that.
    jitter = 0.0 if outcome.asked_to_wait and outcome.reach is Reach.APP else jitter
    pause = own if outcome.after is None else retry.spread(min(outcome.after, retry.PATIENCE), jitter)
    # Where the service named the wait, the try after it is made even when our own patience ends before.
    next_at = now + pause if outcome.asked_to_wait else min(now + pause, give_up)
    return Settled(State.RETRYING, outcome.reason, outcome.note, next_at, failures)
