"""The button that checks now, and alarms on the pages of a release."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.delivery.test_preflight import beat
from tests.web.desk import NOW, desk, person, ready
from upbeat import clock
from upbeat.campaigns import publish
from upbeat.campaigns.models import Campaign
from upbeat.core.preflight import Level, Line
from upbeat.delivery.alarms import Kind, end_alarm, raise_alarm
from upbeat.delivery.models import PreFlight

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    campaign = ready(person("Ada"), day="2027-03-26")
    assert publish.publish(campaign, NOW) == []
    return campaign


@pytest.fixture
def client(campaign: Campaign) -> Client:
    return desk(campaign.team.members.get().person)


def page(client: Client, campaign: Campaign, part: str = "/delivery") -> str:
    return client.get(f"/dashboard/releases/{campaign.pk}{part}").content.decode()


def test_pressing_makes_a_job_and_the_page_waits_for_it(campaign: Campaign, client: Client) -> None:
    beat()
    address = f"/dashboard/releases/{campaign.pk}/delivery/check"
    assert f'action="{address}"' in page(client, campaign)
    assert client.post(address)["Location"] == f"/dashboard/releases/{campaign.pk}/delivery"
    client.post(address)
    made = PreFlight.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM procrastinate_jobs WHERE task_name = 'preflight'")
        assert cursor.fetchone()[0] == 1
    assert "Looking…" in page(client, campaign)
    assert client.get(f"/dashboard/releases/{campaign.pk}/delivery/figures")["X-Every"] == "2"
    line = Line("mail", Level.WARNING, "Mail does not work", "The mail server closed the connection.")
    PreFlight.objects.filter(pk=made.pk).update(lines=[line.as_json()], worst=line.level, at=clock.now())
    shown = page(client, campaign)
    assert "Looking…" not in shown
    assert "The mail server closed the connection." in shown


def test_a_release_that_is_out_is_not_checked(campaign: Campaign, client: Client) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(opens_at=clock.now() - timedelta(hours=1))
    client.post(f"/dashboard/releases/{campaign.pk}/delivery/check")
    assert not PreFlight.objects.exists()


def test_an_alarm_is_shown_until_it_is_over(campaign: Campaign, client: Client) -> None:
    sentence = "Spotify says that 80 of 100 permissions have ended."
    raise_alarm(campaign, Kind.CIRCUIT, sentence, NOW, "spotify")
    for part in ("", "/delivery"):
        assert sentence in page(client, campaign, part)
    assert sentence in client.get("/dashboard").content.decode()
    end_alarm(campaign, Kind.CIRCUIT, NOW, "spotify")
    for part in ("", "/delivery"):
        assert sentence not in page(client, campaign, part)
