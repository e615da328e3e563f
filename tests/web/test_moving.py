"""What moves fans is asked once more, with their number; then all of it happens, or nothing."""

import pytest
from django.test import Client

from tests.web.desk import NOW, desk, person, ready
from tests.web.night_books import Lot, book
from upbeat.artists.models import Person
from upbeat.campaigns import publish, setup
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)
AS_TYPED = {"HTTP_HX_REQUEST": "true"}
LATER = {"day": "2027-04-02", "time": "00:00", "zone": "Europe/Berlin", "local": "0"}


@pytest.fixture
def ada() -> Person:
    return person("Ada")


@pytest.fixture
def client(ada: Person) -> Client:
    return desk(ada)


@pytest.fixture
def campaign(ada: Person) -> Campaign:
    """Public, and 412 fans wait for it."""
    made = ready(ada)
    assert publish.publish(made, NOW) == []
    book(made, [Lot("spotify", State.WAITING, 412)], NOW)
    return made


def at(campaign: Campaign, part: str) -> str:
    return f"/dashboard/releases/{campaign.pk}/{part}"


def again(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def dues() -> set[object]:
    return set(Delivery.objects.values_list("due_at", "state"))


def test_another_day_is_asked_about_with_the_number_of_fans(campaign: Campaign, client: Client) -> None:
    before = dues()
    said = client.post(at(campaign, "answer"), LATER, **AS_TYPED)
    question = client.get(said.headers["HX-Redirect"]).content.decode()
    assert "412 fans wait for it and get it at the new moment, nobody before." in question
    assert "Move it for 412 fans" in question
    assert "Leave it on Fri 26 Mar 2027, 00:00" in question
    assert "Friday 2 April 2027, 00:00 in Berlin" in question
    assert again(campaign).opens_at == campaign.opens_at
    assert dues() == before


def test_without_script_the_same_question_is_a_page_and_a_form(campaign: Campaign, client: Client) -> None:
    asked = client.post(at(campaign, "answer"), {"title": "Night Ferry South"} | LATER, follow=True)
    assert b"Move it for 412 fans" in asked.content
    assert again(campaign).release.title == "Night Ferry South"
    client.post(at(campaign, "page/move"), LATER)
    moved = again(campaign)
    assert moved.day.isoformat() == "2027-04-02"
    assert dues() == {(moved.opens_at, "waiting")}


def test_to_each_fans_own_midnight_and_back(campaign: Campaign, client: Client) -> None:
    book(campaign, [Lot("deezer", State.WAITING, 5, zone="America/Los_Angeles")], NOW)
    when = {"local": "1"}
    assert b"by each fan\xe2\x80\x99s own clock" in client.get(at(campaign, "page/move"), when).content
    client.post(at(campaign, "page/move"), when)
    local = again(campaign)
    assert local.local
    assert dues() == {
        (local.opens_for("Europe/Berlin"), "waiting"),
        (local.opens_for("America/Los_Angeles"), "waiting"),
    }
    assert "each fan’s midnight" in client.get(at(campaign, "page")).content.decode()
    client.post(at(campaign, "page/move"), {"local": "0"})
    assert dues() == {(campaign.opens_at, "waiting")}


def test_where_nobody_waits_nobody_is_asked(ada: Person, client: Client) -> None:
    lonely = ready(ada)
    publish.publish(lonely, NOW)
    client.post(at(lonely, "answer"), LATER, **AS_TYPED)
    assert again(lonely).day.isoformat() == "2027-04-02"


@pytest.mark.parametrize("typed", [{"day": "2027-13-01"}, {"day": "2026-01-01"}, {}])
def test_what_does_not_hold_or_changes_nothing_is_no_question(
    campaign: Campaign, client: Client, typed: dict[str, str]
) -> None:
    assert client.get(at(campaign, "page/move"), typed).status_code == 302
    assert again(campaign).opens_at == campaign.opens_at
    assert again(campaign).unsettled == {}


def test_a_page_is_withdrawn_and_published_again(campaign: Campaign, client: Client) -> None:
    before = dues()
    assert b"Withdraw it from 412 fans" in client.get(at(campaign, "page/withdraw")).content
    assert again(campaign).state == Campaign.PUBLISHED
    client.post(at(campaign, "page/withdraw"))
    assert again(campaign).state == Campaign.WITHDRAWN
    assert set(Delivery.objects.values_list("state", "reason")) == {("withdrawn", "campaign_withdrawn")}
    client.post(at(campaign, "publish"))
    assert again(campaign).state == Campaign.PUBLISHED
    assert dues() == before


def test_the_choice_is_saved_while_it_is_made(ada: Person, client: Client) -> None:
    campaign = ready(ada)
    said = client.post(at(campaign, "answer"), {"local": "1", "time": "18:30"}, **AS_TYPED).content.decode()
    assert again(campaign).local
    assert "18:30 where each fan is" in said
    assert setup.shown(again(campaign), "when")["local"] == "1"
