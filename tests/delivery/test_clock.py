"""Web and workers agree on the clock of the database, and the machine's may be set as it likes."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.delivery import books
from upbeat import clock
from upbeat.delivery.models import Delivery
from upbeat.delivery.plan import plan_save
from upbeat.delivery.worker import Steps

pytestmark = pytest.mark.django_db(transaction=True)


def of_the_database() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        said: datetime = cursor.fetchone()[0]
    return said


def test_the_event_loops_clock_never_asks_the_database(django_assert_num_queries: Any) -> None:
    clock.refresh(force=True)
    with django_assert_num_queries(0):
        assert abs(clock.cached_now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.only_on("postgresql")
def test_it_is_the_databases_clock_however_the_machines_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.refresh(force=True)
    for step in (600.0, -600.0):
        true = time.time()
        monkeypatch.setattr(time, "time", lambda true=true, step=step: true + step)
        assert abs(clock.now() - of_the_database()) < timedelta(milliseconds=50)


@pytest.mark.only_on("postgresql")
def test_the_databases_clock_is_measured_again_when_that_is_five_seconds_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.refresh(force=True)
    monkeypatch.setattr(clock, "_began", 0.0)  # as if it had been set back by decades
    assert clock.now().year < 2000
    monkeypatch.setattr(clock, "_measured_at", time.monotonic() - 5)
    assert abs(clock.now() - of_the_database()) < timedelta(milliseconds=50)


def test_what_was_due_when_the_clock_is_set_back_stays_due_and_nobody_is_early() -> None:
    """Released half an hour ago, tried once and due again a minute ago; the other's instant was a minute ago."""
    now = clock.now()
    tried, early = (
        plan_save(books.fan(books.campaign(now - passed), now=now - books.DAY), now - books.DAY)
        for passed in (timedelta(minutes=30), timedelta(minutes=1))
    )
    assert tried is None and early is None
    minute_ago = now - timedelta(minutes=1)
    Delivery.objects.update(next_at=minute_ago)
    steps = Steps()
    asyncio.run(steps.turn())
    clock.move(timedelta(minutes=-20))
    asyncio.run(steps.turn())
    was_tried, was_early = Delivery.objects.order_by("id")
    assert was_tried.next_at is not None and was_tried.next_at <= clock.now()
    assert was_early.next_at == minute_ago
