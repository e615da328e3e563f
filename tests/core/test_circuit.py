"""What a token endpoint's word is worth: table by table, with times as plain seconds."""

import pytest

from upbeat.core.circuit import Record, died, doubt, probing, renewed, wait_to_believe

T = 1_000_000.0


@pytest.mark.parametrize(
    ("renewals", "deaths", "opens"),
    [
        (0, 4, False),
        (0, 5, True),
        (19, 5, True),
        (20, 5, False),
        (1000, 50, False),
        (190, 50, True),
    ],
)
def test_it_opens_when_five_have_died_and_they_are_more_than_a_fifth(
    renewals: int, deaths: int, opens: bool
) -> None:
    record = renewed(Record(), renewals, T, began=T)
    for number in range(deaths):
        record = died(record, T + number / 100)
    assert record.is_open is opens


def test_only_the_last_two_minutes_count() -> None:
    record = Record()
    for _ in range(4):
        record = died(record, T)
    assert not died(record, T + 120).is_open
    assert died(record, T + 119).is_open


def opened() -> Record:
    record = Record()
    for _ in range(5):
        record = died(record, T)
    return record


@pytest.mark.parametrize(
    ("after", "may"), [(0, False), (29, False), (30, True), (600, True), (86_399, True), (86_400, True)]
)
def test_an_open_circuit_lets_one_renewal_out_each_half_minute(after: float, may: bool) -> None:
    assert opened().may_ask(T + after) is may
    assert probing(opened(), T + 30).may_ask(T + 59) is False


def test_after_a_day_everybody_may_ask_and_a_word_is_a_word() -> None:
    probed = probing(opened(), T + 86_400)
    assert not opened().speaks_for_itself(T + 86_399)
    assert probed.speaks_for_itself(T + 86_401)
    assert probed.may_ask(T + 86_401)


def test_a_renewal_asked_for_after_the_opening_closes_it_and_one_from_before_does_not() -> None:
    assert renewed(opened(), 1, T + 1, began=T - 0.1).is_open
    closed = renewed(opened(), 1, T + 31, began=T + 30)
    assert not closed.is_open
    assert (closed.closed_at, closed.died, closed.renewed) == (T + 31, 0, 1)


@pytest.mark.parametrize(
    ("doubted_at", "counts"),
    [(None, False), (T - 5, False), (T + 10, False), (T + 31, False), (T + 32, True)],
)
def test_doubts_from_before_or_during_an_open_circuit_are_void(
    doubted_at: float | None, counts: bool
) -> None:
    closed = renewed(opened(), 1, T + 31, began=T + 30)
    assert (doubt(closed, doubted_at) is not None) is counts


@pytest.mark.parametrize(
    ("renewed_at", "asked_after", "wait"),
    [
        (T + 5, 0, 30),
        (T + 5, 29, 1),
        (T + 5, 30, 0),
        (T, 30, 870),
        (T - 1, 30, 870),
        (0.0, 30, 870),
        (0.0, 900, 0),
    ],
)
def test_a_second_word_is_believed_when_the_endpoint_was_in_its_right_mind_or_after_a_quarter_of_an_hour(
    renewed_at: float, asked_after: float, wait: float
) -> None:
    """Who was renewed a moment before the first word says nothing: a false wave begins between two words."""
    assert wait_to_believe(Record(renewed_at=renewed_at), T, T + asked_after) == wait
