"""One row says how fast, to all processes."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from upbeat.core.outcome import done, wait
from upbeat.delivery.limiter import SLACK_SECONDS, open_limiter, pause, permits
from upbeat.delivery.models import Limiter
from upbeat.delivery.turns import Pace, Paused

pytestmark = pytest.mark.django_db(transaction=True)
KEY, NOW = "spotify/app", 1_800_000_000.0


def opened(rate: float = 10.0, max_rate: float = 10.0) -> None:
    open_limiter(KEY, rate, max_rate)
    Limiter.objects.update(tat=NOW)


def test_calls_are_spread_evenly() -> None:
    opened(100, 100)
    first, second = permits(KEY, 5, NOW), permits(KEY, 5, NOW)
    assert (first.granted, first.wait, first.gap) == (5, pytest.approx(0, abs=1e-6), pytest.approx(0.01))
    assert second.wait == pytest.approx(0.05, abs=1e-6)


def test_an_idle_hour_is_not_saved_up_for_a_burst() -> None:
    opened(rate=10)
    permits(KEY, 5, NOW + 3600)
    assert Limiter.objects.get().tat == pytest.approx(NOW + 3600 - SLACK_SECONDS + 0.5)


def test_nobody_reserves_further_ahead_than_a_twentieth_of_a_second() -> None:
    opened(100, 100)
    granted = [permits(KEY, 5, NOW) for _ in range(3)]
    assert [one.granted for one in granted] == [5, 5, 0]
    assert granted[2].wait == pytest.approx(0.05, abs=1e-6)


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


def test_a_machine_clock_set_anew_neither_stops_nor_bursts_the_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    open_limiter(KEY, 10, 10)
    permits(KEY, 1)
    for step in (600.0, -600.0):
        set_anew = time.time() + step
        monkeypatch.setattr(time, "time", lambda to=set_anew: to)
        while not (got := permits(KEY, 2)).granted:
            assert got.wait < 0.5
            time.sleep(got.wait)
        assert got.wait > -0.11


def test_eight_at_once_get_no_slot_twice() -> None:
    opened(rate=1000, max_rate=1000)

    def several(_: int) -> list[float]:
        try:
            return [got.wait for _ in range(10) if (got := permits(KEY, 5, NOW)).granted]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        waits = sorted(wait for some in threads.map(several, range(8)) for wait in some)
    assert len(waits) in (10, 11)  # what fits into a twentieth of a second and the slot at its end
    assert all(later - earlier > 0.0049 for earlier, later in pairwise(waits))


async def test_a_pace_gives_turns_at_the_rate() -> None:
    pace, loop = Pace(KEY, 100, 100), asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(pace.turn() for _ in range(40)))
    assert 0.25 < loop.time() - began < 0.9


async def test_a_long_pause_is_told_and_not_slept_through() -> None:
    pace = Pace(KEY, 100, 100)
    await pace.turn()
    await pace.pause(3600)
    for _ in range(20):
        with pytest.raises(Paused) as said:
            await pace.turn()
        assert 3590 < said.value.seconds <= 3600


async def test_a_pause_that_is_lifted_in_its_row_holds_nobody_up() -> None:
    """As an operator may, and a rehearsal does when it lets the time pass."""
    pace = Pace(KEY, 100, 100)
    await pace.turn()
    await pace.pause(3600)
    await sync_to_async(Limiter.objects.update)(paused_until=0.0)
    await asyncio.wait_for(pace.turn(), 1)


async def test_what_one_process_is_told_another_with_slots_in_hand_obeys_at_once() -> None:
    """No call inside a Retry-After, also from a process that was not the one to hear it."""
    told, other = Pace(KEY, 100, 100), Pace(KEY, 100, 100)
    await asyncio.gather(*(other.turn() for _ in range(6)))
    await told.pause(3600)
    until = asyncio.get_running_loop().time() + 0.1
    with pytest.raises(Paused):
        while True:
            await other.turn()
            assert asyncio.get_running_loop().time() < until


async def test_one_stray_answer_in_thirty_costs_little() -> None:
    pace, stray = Pace(KEY, 200, 200), wait("", after=timedelta(seconds=1), status=429)
    began = asyncio.get_running_loop().time()
    for number in range(120):
        await pace.turn()
        await pace.heard(stray if number % 30 == 7 else done())
    assert asyncio.get_running_loop().time() - began < 1.2
    assert (await sync_to_async(Limiter.objects.get)()).rate == 200


async def test_a_service_that_sends_everybody_away_is_left_alone() -> None:
    pace, limit = Pace(KEY, 200, 200), wait("", after=timedelta(seconds=4), status=429)
    for _ in range(3):
        await pace.turn()
        await pace.heard(limit)
    with pytest.raises(Paused):
        await pace.turn()
