"""The figures of a delivery: four headlines, per service, with reasons, asked for again and again."""

import itertools
import time
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.web.desk import NOW, desk, person, ready
from upbeat import clock
from upbeat.campaigns import publish
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery import plan
from upbeat.delivery.counts import Standing
from upbeat.delivery.models import Delivery, Limiter
from upbeat.fans.models import Connection, Fan, PreSave
from upbeat.web.dashboard.delivery.bar import bar

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)


@pytest.fixture
def campaign() -> Campaign:
    campaign = ready(person("Ada"), day="2027-03-26")
    assert publish.publish(campaign, NOW) == []
    return campaign


@pytest.fixture
def client(campaign: Campaign) -> Client:
    return desk(campaign.team.members.get().person)


def fans(campaign: Campaign, service: str, state: State, number: int, reason: str = "") -> None:
    """So many fans whose saves stand there."""
    for _ in range(number):
        key = next(_numbers)
        fan = Fan.objects.create(team=campaign.team, code=f"F-{key}", created_at=NOW)
        grant = {"team": campaign.team, "service": service, "account_id": str(key), "granted_at": NOW}
        pre_save = PreSave.objects.create(
            campaign=campaign,
            fan=fan,
            connection=Connection.objects.create(fan=fan, **grant),
            service=service,
            receipt=str(key),
            created_at=NOW,
        )
        plan.plan_save(pre_save, NOW)
        next_at = campaign.opens_at if state.is_open else None
        saves = Delivery.objects.filter(pre_save=pre_save, action="save")
        saves.update(state=state, reason=reason, next_at=next_at)


def be_out(campaign: Campaign) -> None:
    assert campaign.opens_at is not None
    clock.move(campaign.opens_at - clock.now() + timedelta(seconds=30))


def page(client: Client, campaign: Campaign, part: str = "delivery") -> str:
    return client.get(f"/dashboard/releases/{campaign.pk}/{part}").content.decode()


def test_before_the_release_everybody_waits(client: Client, campaign: Campaign) -> None:
    fans(campaign, "spotify", State.WAITING, 3)
    said = page(client, campaign)
    assert "Ready. Delivery starts by itself." in said
    assert "3 fans wait." in said
    assert "Jump to the release" in said


def test_the_headline_counts_fans_in_four_figures(client: Client, campaign: Campaign) -> None:
    fans(campaign, "spotify", State.DELIVERED, 5)
    fans(campaign, "spotify", State.QUEUED, 2)
    fans(campaign, "deezer", State.PENDING_SOURCE, 3, "not_found_yet")
    fans(campaign, "deezer", State.NEEDS_FAN, 1, "grant_dead")
    fans(campaign, "deezer", State.WITHDRAWN, 4)
    be_out(campaign)
    said = page(client, campaign)
    assert "Delivered to 5 of 11 fans" in said
    assert 'aria-label="5 delivered, 2 queued, 3 pending source, 1 could not be delivered"' in said
    assert "Deezer does not show the release yet." in said
    assert "Permission ended" in said
    assert "45.5 %" in said


def test_after_it_each_one_who_got_nothing_has_a_reason(client: Client, campaign: Campaign) -> None:
    fans(campaign, "spotify", State.DELIVERED, 9)
    fans(campaign, "spotify", State.REFUSED, 2, "library_full")
    fans(campaign, "spotify", State.EXPIRED, 1, "something_new")
    be_out(campaign)
    said = page(client, campaign)
    assert "75.0 %. 3 could not be delivered, each with a reason below." in said
    assert "Why 3 could not" in said
    assert "Library full" in said
    assert "Patience ran out" in said


def test_a_service_that_asked_us_to_wait_is_said(
    client: Client, campaign: Campaign, sandbox: object, settings: LazySettings
) -> None:
    fans(campaign, "spotify", State.RETRYING, 2)
    be_out(campaign)
    until = time.time() + 45
    key = f"spotify/{settings.SERVICES['spotify'].client_id}"
    Limiter.objects.create(key=key, rate=1, max_rate=1, paused_until=until)
    assert "Spotify asked us to wait until 00:01:" in page(client, campaign)


def test_figures_that_have_not_changed_are_not_sent_again(client: Client, campaign: Campaign) -> None:
    fans(campaign, "spotify", State.QUEUED, 2)
    be_out(campaign)
    address = f"/dashboard/releases/{campaign.pk}/delivery/figures"
    first = client.get(address)
    assert first.headers["X-Every"] == "2"
    again = client.get(address, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    Delivery.objects.update(state=State.DELIVERED, next_at=None)
    moved = client.get(address, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert "Delivered to 2 of 2 fans" in moved.content.decode()
    assert moved.headers["X-Every"] == "60"


@pytest.mark.parametrize(
    ("standing", "shares"),
    [
        (Standing(), []),
        (Standing(delivered=4), [100.0]),
        (Standing(delivered=3, queued=1), [75.0, 25.0]),
        (Standing(delivered=1_000_000, could_not_be_delivered=1), [99.108, 0.892]),
    ],
)
def test_a_count_above_none_is_always_in_sight(standing: Standing, shares: list[float]) -> None:
    parts = bar(standing)
    assert [float(part.width.rstrip("%")) for part in parts] == pytest.approx(shares, abs=0.01)


def test_the_list_shows_each_release_in_its_state(client: Client, campaign: Campaign) -> None:
    fans(campaign, "spotify", State.DELIVERED, 2)
    ready(campaign.team.members.get().person, title="Wake")
    said = client.get("/dashboard").content.decode()
    assert "Collecting" in said
    assert "Drafts" in said
    be_out(campaign)
    assert "2 of 2 fans" in client.get("/dashboard").content.decode()


def test_the_clock_of_a_real_installation_is_moved_by_nobody(
    client: Client, campaign: Campaign, settings: LazySettings
) -> None:
    settings.SANDBOX = False
    assert client.post(f"/dashboard/releases/{campaign.pk}/jump").status_code == 404
    assert "Jump to the release" not in page(client, campaign)


def test_in_the_sandbox_one_may_jump_to_the_release(
    client: Client, campaign: Campaign, settings: LazySettings
) -> None:
    settings.SANDBOX_URL = ""
    answer = client.post(f"/dashboard/releases/{campaign.pk}/jump")
    assert answer.headers["Location"] == f"/dashboard/releases/{campaign.pk}/delivery"
    assert campaign.is_out(clock.now())
