"""The life of a delivery, by tables."""

from datetime import UTC, datetime, timedelta

import pytest

from upbeat.core import outcome as o
from upbeat.core.delivery import NOT_FOUND_YET, OPEN, Claimed, Headline, State, headline, settle
from upbeat.core.outcome import Outcome

DUE = datetime(2026, 3, 26, 23, tzinfo=UTC)
SOON = DUE + timedelta(minutes=1)
END = DUE + timedelta(days=14)


def claimed(attempts: int = 1, failures: int = 0) -> Claimed:
    return Claimed(due_at=DUE, attempts=attempts, failures=failures)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (o.done(), State.DELIVERED),
        (o.already(), State.DELIVERED),
        (o.reconnect("The permission has ended."), State.NEEDS_FAN),
        (o.refused("library_full", "The library is full."), State.REFUSED),
    ],
)
def test_an_end_has_its_reason_and_no_next_try(answer: Outcome, state: State) -> None:
    settled = settle(claimed(failures=2), answer, SOON, 0.5)
    assert (settled.state, settled.reason, settled.note) == (state, answer.reason, answer.note)
    assert settled.next_at is None
    assert settled.failures == 2


@pytest.mark.parametrize(
    ("failures_before", "pause"),
    [(0, 30), (1, 120), (2, 600), (3, 1800), (4, 7200), (5, 7200), (500, 7200)],
)
def test_a_passing_fault_is_tried_again_later_and_later(failures_before: int, pause: int) -> None:
    settled = settle(claimed(failures=failures_before), o.later("service_error", "Busy."), SOON, 0.0)
    assert settled.state is State.RETRYING
    assert settled.failures == failures_before + 1
    assert settled.next_at == SOON + timedelta(seconds=pause)


def test_a_rate_limit_is_not_a_failure() -> None:
    answer = o.wait("Spotify asked us to wait.", after=timedelta(hours=22))
    settled = settle(claimed(attempts=40, failures=3), answer, SOON, 0.0)
    assert settled.state is State.RETRYING
    assert settled.failures == 3
    assert settled.next_at == SOON + timedelta(hours=22)


def test_a_wait_without_a_time_gets_one() -> None:
    settled = settle(claimed(), o.wait("Too many calls.", after=None), SOON, 0.0)
    assert settled.next_at == SOON + timedelta(seconds=30)


def test_a_named_wait_is_never_shortened_by_chance() -> None:
    for jitter in (-1.0, 0.0, 0.5, 1.0, 9.0):
        settled = settle(claimed(), o.wait("Wait.", after=timedelta(hours=1)), SOON, jitter)
        assert settled.next_at is not None
        assert SOON + timedelta(hours=1) <= settled.next_at <= SOON + timedelta(hours=1, minutes=5)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 10), (5, 30), (6, 60), (99, 60)]
)
def test_a_release_that_is_not_there_yet_is_looked_for_with_growing_gaps(attempts: int, minutes: int) -> None:
    answer = o.later(NOT_FOUND_YET, "Not on Spotify yet.")
    settled = settle(claimed(attempts, failures=1), answer, SOON, 0.0)
    assert settled.state is State.PENDING_SOURCE
    assert settled.failures == 1
    assert settled.next_at == SOON + timedelta(minutes=minutes)


def test_the_last_try_is_made_when_patience_ends() -> None:
    settled = settle(claimed(failures=9), o.later("network", "No line."), END - timedelta(minutes=1), 1.0)
    assert settled.state is State.RETRYING
    assert settled.next_at == END


@pytest.mark.parametrize(
    "answer",
    [o.later("network", "No line."), o.later(NOT_FOUND_YET, "Not there."), o.wait("Wait.", after=None)],
)
def test_patience_ends_by_the_clock_and_says_with_what(answer: Outcome) -> None:
    settled = settle(claimed(), answer, END, 0.0)
    assert settled.state is State.EXPIRED
    assert settled.next_at is None
    assert settled.reason == answer.reason
    assert answer.note in settled.note


def test_a_wait_the_service_named_outlives_our_patience() -> None:
    almost = END - timedelta(hours=1)
    settled = settle(claimed(), o.wait("Wait.", after=timedelta(hours=5)), almost, 0.0)
    assert settled.next_at == almost + timedelta(hours=5)


def test_an_absurd_wait_is_cut() -> None:
    settled = settle(claimed(), o.wait("Wait.", after=timedelta(days=99999)), SOON, 0.0)
    assert settled.next_at == SOON + timedelta(days=14)


HEADLINES = {
    State.WAITING: Headline.QUEUED,
    State.QUEUED: Headline.QUEUED,
    State.IN_PROGRESS: Headline.QUEUED,
    State.RETRYING: Headline.QUEUED,
    State.PENDING_SOURCE: Headline.PENDING_SOURCE,
    State.DELIVERED: Headline.DELIVERED,
    State.VERIFIED: Headline.DELIVERED,
    State.NEEDS_FAN: Headline.COULD_NOT,
    State.REFUSED: Headline.COULD_NOT,
    State.EXPIRED: Headline.COULD_NOT,
    State.WITHDRAWN: None,
}


@pytest.mark.parametrize("state", State)
def test_every_state_counts_in_its_headline(state: State) -> None:
    assert headline(state) is HEADLINES[state]


def test_only_what_may_still_be_tried_is_open() -> None:
    assert {state for state in State if state.is_open} == OPEN
    assert len(State) == 11


def test_a_wait_of_the_whole_application_is_not_spread_and_a_fans_own_is() -> None:
    """The limiter spaces the calls after the first; the second has nobody who would."""
    hour = timedelta(hours=1)
    for reach, pause in ((o.Reach.APP, hour), (o.Reach.FAN, hour + timedelta(minutes=5))):
        settled = settle(claimed(), o.wait("Wait.", after=hour, reach=reach), SOON, 1.0)
        assert settled.next_at == SOON + pause
