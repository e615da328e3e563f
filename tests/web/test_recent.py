"""What is dear to read is read seldom, what is cheap each time, and never twice at once."""

import threading
import time
from itertools import count

from upbeat.campaigns.models import Campaign
from upbeat.web.dashboard.recent import CHEAP_SECONDS, recent

DEAR = 2 * CHEAP_SECONDS
_readings = count(1)


def dear() -> int:
    time.sleep(DEAR)
    return next(_readings)


def test_a_cheap_figure_is_always_as_it_stands() -> None:
    read = count(1)
    assert [recent("cheap", Campaign(pk=1), lambda: next(read)) for _ in range(3)] == [1, 2, 3]


def test_a_dear_figure_is_kept_for_twenty_times_its_cost_by_campaign() -> None:
    first = recent("dear", Campaign(pk=1), dear)
    began = time.monotonic()
    assert recent("dear", Campaign(pk=1), dear) == first
    assert recent("dear", Campaign(pk=2), dear) != first
    while recent("dear", Campaign(pk=1), dear) == first:
        assert time.monotonic() - began < 60 * DEAR
        time.sleep(DEAR / 5)
    assert time.monotonic() - began > 15 * DEAR


def test_who_asks_meanwhile_waits_for_the_same_reading() -> None:
    found: list[int] = []
    asking = [
        threading.Thread(target=lambda: found.append(recent("once", Campaign(pk=3), dear))) for _ in range(8)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert len(set(found)) == 1
