"""Web and workers agree on the clock of the database, and the machine's may be set as it likes."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from upbeat import clock

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
