"""The letter that asks an address whether it meant it: handed over once, tried again only where it was not taken."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.delivery import books
from tests.delivery.books import DAY, NOW
from tests.delivery.post_office import PostOffice, body_of, post_office
from upbeat.campaigns.models import Campaign
from upbeat.delivery.confirming import ask_address
from upbeat.delivery.messenger import close_messengers
from upbeat.fans.models import Trip
from upbeat.fans.reminders import LIFE, MOST_A_DAY, ask, forget_unanswered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore:Requiring AUTH")]

ADA = "ada@fans.example"


@pytest.fixture
def office(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office(tmp_path) as office:
        settings.MAIL_SERVER, settings.MAIL_FROM = office.where, "Upbeat <upbeat@music.example>"
        yield office


@pytest.fixture
def campaign() -> Campaign:
    return books.campaign(NOW + 10 * DAY, title="Low Tide")


def asked(campaign: Campaign, email: str = ADA, *, at: datetime = NOW, language: str = "en") -> Trip | None:
    with transaction.atomic():
        return ask(campaign, email, towards="", language=language, zone="Europe/Berlin", now=at)


def post(trip: Trip, now: datetime = NOW) -> datetime | None:
    async def handing_over() -> datetime | None:
        try:
            return await ask_address(trip.pk, now=lambda: now)
        finally:
            await close_messengers()

    return asyncio.run(handing_over())


def test_the_letter_knows_the_state_and_nobody_else_does(campaign: Campaign, office: PostOffice) -> None:
    trip = asked(campaign, language="de")
    assert trip is not None
    assert post(trip) is None
    [(to, letter)] = office.taken
    assert to == ADA
    assert str(make_header(decode_header(letter["Subject"]))) == "Bestätige deine Erinnerung: Low Tide"
    assert "/remind/confirm/" in body_of(letter)
    assert "(Berlin)" in body_of(letter)
    trip.refresh_from_db()
    assert (bytes(trip.sealed_verifier), bool(trip.sealed_address)) == (b"", True)
    assert post(trip) is None, "a job that runs twice sends it once"
    assert len(office.taken) == 1


def test_greylisted_it_goes_later_and_with_the_same_id(campaign: Campaign, office: PostOffice) -> None:
    office.rcpt = ["451 4.7.1 Greylisted"]
    trip = asked(campaign)
    assert trip is not None
    again = post(trip)
    assert again is not None
    assert NOW < again <= NOW + timedelta(minutes=15)
    assert post(trip, again) is None
    assert len(office.taken) == 1


def test_one_that_may_have_been_taken_is_not_sent_again_and_can_still_be_answered(
    campaign: Campaign, office: PostOffice
) -> None:
    office.hang_up_after_data = 1
    trip = asked(campaign)
    assert trip is not None
    assert post(trip) is None
    assert post(trip) is None
    assert len(office.taken) == 1
    trip.refresh_from_db()
    assert trip.sealed_address


def test_a_mailbox_that_does_not_exist_is_forgotten_at_once(campaign: Campaign, office: PostOffice) -> None:
    office.refuse[ADA] = "550 No such user"
    trip = asked(campaign)
    assert trip is not None
    assert post(trip) is None
    trip.refresh_from_db()
    assert not trip.sealed_address


def test_an_address_is_not_written_to_again_and_again(campaign: Campaign) -> None:
    assert asked(campaign)
    assert asked(campaign, "ADA@fans.example ", at=NOW + timedelta(minutes=59)) is None
    assert asked(campaign, at=NOW + timedelta(minutes=61))
    for number in range(MOST_A_DAY - 2):
        assert asked(books.campaign(NOW + DAY), at=NOW + timedelta(hours=2 + number))
    assert asked(books.campaign(NOW + DAY), at=NOW + timedelta(hours=9)) is None, "whatever it is about"
    assert asked(campaign, "ben@fans.example"), "others are not held up by it"
    assert asked(campaign, at=NOW + timedelta(hours=30))


def test_an_address_that_does_not_answer_is_deleted(campaign: Campaign, office: PostOffice) -> None:
    trip = asked(campaign)
    assert trip is not None
    assert forget_unanswered(NOW + LIFE - timedelta(seconds=1)) == 0
    assert forget_unanswered(NOW + LIFE) == 1
    assert post(trip, NOW + LIFE) is None
    assert not office.taken
