"""What no event tells: releases that stay missing, and workers that are gone."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.delivery import books
from tests.delivery.books import NOW
from tests.delivery.post_office import PostOffice, post_office
from tests.delivery.test_preflight import beat
from upbeat.artists.models import Member, Person
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.models import Alarm, Delivery
from upbeat.delivery.plan import plan_save
from upbeat.delivery.watch import WorkerWatch, watch_sources

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore:Requiring AUTH")]
HOUR = timedelta(hours=1)


@pytest.fixture
def campaign() -> Campaign:
    """With a fan on Spotify, a team of one, and no worker."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    campaign = books.campaign(NOW)
    plan_save(books.fan(campaign), NOW - HOUR)
    ana = Person.objects.register(email="ana@label.example", name="Ana", password="a ferry at midnight")
    Member.objects.create(team=campaign.team, person=ana)
    return campaign


@pytest.fixture
def office(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office(tmp_path, starttls=True) as office:
        settings.MAIL_SERVER, settings.MAIL_FROM = office.where, "upbeat@music.example"
        monkeypatch.setenv("SSL_CERT_FILE", str(office.certificate))
        yield office


def alarms() -> list[tuple[str, str, bool]]:
    """Kind, sentence, and whether it is open."""
    rows = Alarm.objects.order_by("id").values_list("kind", "sentence", "ended_at")
    return [(kind, sentence, ended is None) for kind, sentence, ended in rows]


def test_a_release_missing_for_an_hour_is_told_until_it_is_found(campaign: Campaign) -> None:
    Delivery.objects.update(state=State.PENDING_SOURCE, reason="not_found_yet")
    watch_sources(NOW + HOUR - timedelta(seconds=1))
    assert alarms() == []
    for _ in range(2):
        watch_sources(NOW + HOUR)
    sentence = "1 fan waits: no Spotify link yet. Paste it by Sun 6 Dec."
    assert alarms() == [("pending_source", sentence, True)]
    Delivery.objects.update(state=State.QUEUED, reason="")
    watch_sources(NOW + 2 * HOUR)
    assert alarms() == [("pending_source", sentence, False)]


def test_no_worker_for_two_minutes_is_told_by_the_web_process_once(
    campaign: Campaign, office: PostOffice
) -> None:
    watch = WorkerWatch()
    now = NOW + HOUR

    def look(elapsed: float, who: WorkerWatch = watch, at: datetime = now) -> None:
        asyncio.run(who.look(lambda: at, elapsed))

    look(1000)
    look(1119)
    assert alarms() == []
    office.rcpt = ["451 Later"]
    look(1120)
    assert alarms() == [("worker", "No worker is running, and fans wait.", True)]
    assert not office.taken
    look(1150)
    look(1180)
    other = WorkerWatch()
    look(0, other)
    look(200, other)
    assert len(office.taken) == 1, "tried again when it was not taken, and not again when it was"
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM procrastinate_jobs WHERE task_name = 'alarm'")
        assert cursor.fetchone()[0] == 0, "a job would wait for the worker that is missing"
    beat()
    look(1210)
    assert not alarms()[0][2]


def test_a_missing_worker_matters_only_where_somebody_waits(campaign: Campaign) -> None:
    for state, at, told in (
        (State.WAITING, NOW - timedelta(hours=25), 0),
        (State.WAITING, NOW - timedelta(hours=23), 1),
    ):
        Delivery.objects.update(state=state, next_at=NOW)
        watch = WorkerWatch()
        for elapsed in (0, 120):
            asyncio.run(watch.look(lambda at=at: at, elapsed))  # type: ignore[misc]
        assert len(alarms()) == told
    Alarm.objects.all().delete()
    Delivery.objects.update(state=State.DELIVERED, next_at=None, settled_at=NOW)
    watch = WorkerWatch()
    for elapsed in (0, 120):
        asyncio.run(watch.look(lambda: NOW + HOUR, elapsed))
    assert alarms() == []
