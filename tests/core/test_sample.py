"""How many are read back and what it proves; when a canary stops everybody."""

import random

import pytest

from upbeat.core.canary import says_stop
from upbeat.core.sample import size, statement


@pytest.mark.parametrize(
    ("population", "needed"),
    [(0, 0), (1, 1), (25, 24), (100, 52), (1_000, 91), (10_000, 98), (1_000_000, 99), (5_000_000, 99)],
)
def test_the_sample_is_as_large_as_the_statement_needs(population: int, needed: int) -> None:
    assert size(population) == needed


@pytest.mark.parametrize("population", [1, 2, 33, 34, 100, 500, 950, 1_000, 12_345, 5_000_000])
def test_none_missing_in_it_proves_ninety_seven_percent_and_one_fewer_would_not(population: int) -> None:
    enough = size(population)
    assert statement(population, enough, enough) >= 0.97
    if enough > 1:
        assert statement(population, enough - 1, enough - 1) < 0.97


@pytest.mark.parametrize(
    ("population", "read", "good", "at_least"),
    [
        (100, 100, 100, 1.0),
        (100, 100, 97, 0.97),
        (10, 10, 0, 0.0),
        (0, 0, 0, 0.0),
        (1_000, 0, 0, 0.0),
        (5_000_000, 99, 99, 0.9702),
        (5_000_000, 99, 98, 0.9530),
        (5_000_000, 99, 0, 0.0),
    ],
)
def test_what_is_proven(population: int, read: int, good: int, at_least: float) -> None:
    assert statement(population, read, good) == pytest.approx(at_least, abs=0.0005)


def test_the_statement_is_true_in_nineteen_of_twenty_draws() -> None:
    dice, population, have, wrong = random.Random(4), 400, 380, 0
    fans = [True] * have + [False] * (population - have)
    for _ in range(1_000):
        drawn = dice.sample(fans, 80)
        wrong += statement(population, 80, sum(drawn)) > have / population
    assert wrong <= 60


@pytest.mark.parametrize(
    ("read", "missing", "stop"),
    [
        (0, 0, False),
        (1, 0, False),
        (1, 1, True),
        (2, 1, False),
        (2, 2, True),
        (5, 1, False),
        (10, 2, False),
        (9, 2, True),
        (25, 5, False),
        (25, 6, True),
        (25, 25, True),
    ],
)
def test_a_canary_stops_everybody_when_a_clear_part_is_missing(read: int, missing: int, stop: bool) -> None:
    assert says_stop(read, missing) is stop
