"""The button that has a release day rehearsed: one at a time, never near a release, and the page says how it went."""

import asyncio
import os
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.web.desk import NOW, desk, person, ready
from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.campaigns.publish import publish
from upbeat.commands.rehearsal.troupe import environment
from upbeat.delivery import rehearsing
from upbeat.delivery.models import Rehearsal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> Client:
    return desk(person("Rosa"))


@pytest.fixture
def campaign(owner: Client) -> Campaign:
    from upbeat.artists.models import Person

    one = ready(Person.objects.get())
    assert publish(one, NOW) == []
    return one


def press(owner: Client, campaign: Campaign) -> str:
    """The page one is led to."""
    answer = owner.post(f"/dashboard/releases/{campaign.pk}/rehearse", follow=True)
    assert answer.redirect_chain == [(f"/dashboard/releases/{campaign.pk}/delivery", 302)]
    return answer.content.decode()


def jobs() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'rehearse'")
        return cursor.fetchall()


def test_the_button_begins_one_and_the_page_shows_that_it_is_under_way(
    owner: Client, campaign: Campaign
) -> None:
    page = press(owner, campaign)
    row = Rehearsal.objects.get()
    assert (row.campaign, row.fans, row.faults, row.ended_at) == (campaign, 200, "mild", None)
    assert len(jobs()) == 1
    assert "Under way since" in page
    assert "200 invented fans" in page
    assert f"/dashboard/releases/{campaign.pk}/rehearse" not in page
    assert rehearsing.ONE_AT_A_TIME in press(owner, campaign)
    assert Rehearsal.objects.count() == 1


def test_within_half_an_hour_of_any_release_nothing_is_rehearsed(owner: Client, campaign: Campaign) -> None:
    now = clock.now()
    for opens_at, says in (
        (now + timedelta(minutes=29), "too near"),
        (now - timedelta(minutes=29), "too near"),
    ):
        Campaign.objects.filter(pk=campaign.pk).update(opens_at=opens_at)
        assert says in rehearsing.ask(campaign, now)
    Campaign.objects.filter(pk=campaign.pk).update(opens_at=now - timedelta(hours=20), local=True)
    assert "too near" in rehearsing.ask(campaign, now), "a local release lasts until its last midnight"
    Campaign.objects.filter(pk=campaign.pk).update(opens_at=now + timedelta(minutes=31), local=False)
    assert rehearsing.ask(campaign, now) == ""
    assert Rehearsal.objects.count() == 1


def test_somebody_of_another_team_finds_no_button(campaign: Campaign) -> None:
    answer = desk(person("Tom")).post(f"/dashboard/releases/{campaign.pk}/rehearse")
    assert answer.status_code == 404
    assert not Rehearsal.objects.exists()


def test_the_page_says_how_the_last_one_went(owner: Client, campaign: Campaign) -> None:
    now = clock.now()
    row = Rehearsal.objects.create(campaign=campaign, began_at=now, ended_at=now, fans=2000, faults="mild")
    row.result = {"problem": "The sandbox did not come up."}
    row.save()
    page = owner.get(f"/dashboard/releases/{campaign.pk}/delivery").content.decode()
    assert "It did not come to its end" in page
    assert "The sandbox did not come up." in page
    row.passed, row.seconds = False, 61.0
    row.result = {"lost": 3, "doubled": 0, "wrong": ["Spotify fan 00007: it is not in the library"]}
    row.save()
    page = owner.get(f"/dashboard/releases/{campaign.pk}/delivery").content.decode()
    assert "3 lost" in page
    assert "Spotify fan 00007" in page
    assert "Rehearse again" in page
    row.passed, row.result = True, {}
    row.save()
    page = owner.get(f"/dashboard/releases/{campaign.pk}/delivery").content.decode()
    assert "nobody lost, nobody doubled" in page


def test_one_whose_process_died_is_closed_and_not_begun_again(campaign: Campaign) -> None:
    assert rehearsing.ask(campaign, clock.now()) == ""
    row = Rehearsal.objects.get()
    row.result = {"state": "playing"}
    row.save()
    asyncio.run(rehearsing.rehearse(row.pk, clock.cached_now))
    row.refresh_from_db()
    assert row.result == {"problem": rehearsing.CUT_SHORT}
    assert row.ended_at is not None


def test_nothing_of_the_real_installation_reaches_the_rehearsal() -> None:
    real = {
        "UPBEAT_DATA_DIR": "/real", "UPBEAT_DATABASE_URL": "postgresql://real", "UPBEAT_SECRET_KEY": "real",
        "UPBEAT_SEALING_KEYS_FILE": "/real/keys", "UPBEAT_SPOTIFY_CLIENT_SECRET": "real", "UPBEAT_SMTP_URL": "real",
        "UPBEAT_URL": "https://real", "DJANGO_SETTINGS_MODULE": "real", "PGPASSWORD": "real", "PGHOST": "real",
        "AWS_SECRET_ACCESS_KEY": "real", "PATH": os.environ["PATH"], "LANG": "C.UTF-8",
    }  # fmt: skip
    assert environment(real) == {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
