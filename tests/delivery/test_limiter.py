"""One row says how fast, to all processes."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connection

from upbeat.delivery.limiter import Pace, open_limiter, pause, permits
from upbeat.delivery.models import Limiter

pytestmark = pytest.mark.django_db(transaction=True)
KEY, NOW = "spotify/app", 1_800_000_000.0


def opened(rate: float = 10.0, max_rate: float = 10.0) -> None:
    open_limiter(KEY, rate, max_rate, NOW)


def test_calls_are_spread_evenly_from_the_first_on() -> None:
    opened(rate=10)
    first, second = permits(KEY, 5, NOW), permits(KEY, 5, NOW)
    assert (first.granted, first.wait, first.gap) == (5, 0, pytest.approx(0.1))
    assert second.wait == pytest.approx(0.5)


def test_an_idle_hour_is_not_saved_up_for_a_burst() -> None:
    opened(rate=10)
    permits(KEY, 5, NOW + 3600)
    assert permits(KEY, 5, NOW + 3600).wait == pytest.approx(0.5)


def test_nobody_reserves_far_into_the_future() -> None:
    opened(rate=10)
    granted = [permits(KEY, 25, NOW) for _ in range(3)]
    assert [one.granted for one in granted] == [25, 0, 0]
    assert granted[1].wait == pytest.approx(0.5)


def test_a_pause_holds_for_everybody_until_it_is_over() -> None:
    opened()
    pause(KEY, 30, NOW)
    assert permits(KEY, 1, NOW + 29).granted == 0
    assert permits(KEY, 1, NOW + 29).wait == pytest.approx(1)
    assert permits(KEY, 1, NOW + 30).granted == 1


def test_many_answers_that_say_the_same_cut_the_rate_once() -> None:
    opened(rate=10)
    for _ in range(20):
        pause(KEY, 30, NOW)
    assert Limiter.objects.get().rate == pytest.approx(8)


def test_the_rate_comes_back_slowly_and_not_above_the_highest() -> None:
    opened(rate=10)
    pause(KEY, 1, NOW)
    rates = []
    for second in range(1, 60):
        permits(KEY, int(Limiter.objects.get().rate), NOW + 1 + second)
        rates.append(Limiter.objects.get().rate)
    assert 8 < rates[0] < 8.2
    assert rates == sorted(rates)
    assert rates[-1] == 10


def test_no_number_of_cuts_brings_a_campaign_to_a_stand() -> None:
    opened(rate=10)
    for number in range(200):
        pause(KEY, 1, NOW + 2 * number)
    assert Limiter.objects.get().rate == pytest.approx(0.2)


def test_a_clock_that_was_set_back_does_not_stop_the_calls() -> None:
    opened()
    permits(KEY, 5, NOW + 600)
    assert permits(KEY, 5, NOW).granted == 5


def test_eight_at_once_get_no_slot_twice() -> None:
    opened(rate=1000, max_rate=1000)

    def several(_: int) -> list[float]:
        try:
            return [permits(KEY, 5, NOW).wait for _ in range(10)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        waits = sorted(wait for some in threads.map(several, range(8)) for wait in some)
    assert len(waits) == 80
    assert all(later - earlier > 0.0049 for earlier, later in pairwise(waits))


async def test_a_pace_gives_turns_at_the_rate() -> None:
    pace, loop = Pace(KEY, 100, 100), asyncio.get_running_loop()
    began = loop.time()
    assert set(await asyncio.gather(*(pace.turn() for _ in range(40)))) == {0.0}
    assert 0.35 < loop.time() - began < 0.9


async def test_a_long_pause_is_told_and_not_slept_through() -> None:
    pace = Pace(KEY, 100, 100)
    await pace.turn()
    await pace.pause(3600)
    waits = await asyncio.wait_for(asyncio.gather(*(pace.turn() for _ in range(20))), 2)
    assert all(3590 < wait <= 3600 for wait in waits)
