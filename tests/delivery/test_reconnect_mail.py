"""A fan whose permission has ended, or will have: one letter, if they left an address, and never a second one."""

import asyncio
import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.delivery import books
from tests.delivery.books import DAY, NOW
from tests.delivery.post_office import PostOffice, body_of, html_of, post_office
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery import reconnect_mail
from upbeat.delivery.messenger import close_messengers
from upbeat.delivery.models import Delivery
from upbeat.delivery.plan import plan_save
from upbeat.delivery.reconnect import must_reconnect
from upbeat.delivery.reconnect_mail import ReconnectMail
from upbeat.fans.codes import fingerprint, receipt_key
from upbeat.fans.models import Connection, Consent, PreSave
from upbeat.fans.record import consent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore:Requiring AUTH")]

OUT = NOW + 5 * DAY


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Iterator[PostOffice]:
    with post_office(tmp_path) as office:
        settings.MAIL_SERVER, settings.MAIL_FROM = office.where, "Upbeat <upbeat@music.example>"
        settings.MAIL_PER_HOUR = 3_600_000
        yield office


@pytest.fixture
def campaign() -> Campaign:
    return books.campaign(OUT, title="Low Tide")


def fan(campaign: Campaign, name: str, *, language: str = "en", address: bool = True) -> PreSave:
    """One whose permission will have ended at the instant."""
    pre_save = books.fan(campaign)
    key = receipt_key(campaign.pk, pre_save.service, pre_save.connection.account_id)
    PreSave.objects.filter(pk=pre_save.pk).update(receipt=fingerprint(key), language=language)
    Connection.objects.filter(pk=pre_save.connection_id).update(dies_at=OUT - timedelta(hours=1))
    with transaction.atomic():
        plan_save(pre_save, NOW)
        if address:
            consent(
                pre_save,
                email=f"{name}@fans.example",
                words="Yes",
                words_version="1",
                language=language,
                now=NOW,
            )
    return pre_save


def post(now: datetime = NOW, mail: ReconnectMail | None = None) -> int:
    async def a_round() -> int:
        try:
            return await (mail or ReconnectMail()).turn(lambda: now, asyncio.Event())
        finally:
            await close_messengers()

    return asyncio.run(a_round())


def test_it_comes_once_in_the_fans_language_with_the_way_back(
    campaign: Campaign, office: PostOffice, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="upbeat")
    ada = fan(campaign, "ada", language="de")
    assert (post(), post(), post(OUT + DAY)) == (1, 0, 0)
    [(to, letter)] = office.taken
    assert to == "ada@fans.example"
    assert str(make_header(decode_header(letter["Subject"]))) == "Spotify fragt dich noch einmal: Low Tide"
    key = receipt_key(campaign.pk, "spotify", ada.connection.account_id)
    for said in (body_of(letter), html_of(letter)):
        assert f"{settings.PUBLIC_URL}/r/{key}" in said
        assert "Low Tide von Marlo Venn vorgemerkt: ab Freitag, 27. November" in said
    assert letter["List-Unsubscribe"] is None
    assert PreSave.objects.get(pk=ada.pk).asked_again_at == NOW
    assert "fans.example" not in caplog.text


def test_only_who_needs_it_and_asked_for_mail_is_written_to(campaign: Campaign, office: PostOffice) -> None:
    fan(campaign, "no-address", address=False)
    gone, lives, back = fan(campaign, "gone"), fan(campaign, "lives"), fan(campaign, "back")
    Consent.objects.filter(fan=gone.fan).update(withdrawn_at=NOW)
    Connection.objects.filter(pk=lives.connection_id).update(dies_at=OUT + DAY)
    PreSave.objects.filter(pk=back.pk).update(withdrawn_at=NOW)
    assert post() == 0
    assert not must_reconnect(PreSave.objects.get(pk=lives.pk))
    fan(books.campaign(NOW + 8 * DAY), "far")
    fan(books.campaign(NOW - 15 * DAY), "over")
    assert post() == 0
    Connection.objects.filter(pk=lives.connection_id).update(dead_at=NOW)
    assert must_reconnect(PreSave.objects.get(pk=lives.pk))
    assert post() == 1


def test_one_whose_permission_was_found_dead_on_the_night_reads_that_it_is_out(
    campaign: Campaign, office: PostOffice
) -> None:
    ada = fan(campaign, "ada")
    Connection.objects.filter(pk=ada.connection_id).update(dies_at=None)
    Delivery.objects.update(state=State.NEEDS_FAN, reason="grant_dead", next_at=None, settled_at=OUT)
    assert post(OUT + timedelta(minutes=1)) == 1
    assert "Low Tide by Marlo Venn is out. You pre-saved it" in body_of(office.taken[0][1])


def test_a_round_writes_to_no_more_than_the_operators_rate_lets_through(
    campaign: Campaign, office: PostOffice, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_PER_HOUR = 36_000  # ten a second
    monkeypatch.setattr(reconnect_mail, "ROUND_SECONDS", 0.3)
    for number in range(4):
        fan(campaign, f"fan{number}")
    assert 1 <= post() <= 3
    assert PreSave.objects.filter(asked_again_at=None).count() == 4 - len(office.taken)
    until = time.monotonic() + 5
    while len(office.taken) < 4 and time.monotonic() < until:
        post()
    assert len({to for to, _ in office.taken}) == len(office.taken) == 4


def test_a_process_that_ends_does_not_wait_for_its_turn(
    campaign: Campaign, office: PostOffice, settings: Any
) -> None:
    settings.MAIL_PER_HOUR = 60
    for name in ("ada", "ben"):
        fan(campaign, name)

    async def stopped_meanwhile() -> None:
        stop = asyncio.Event()
        try:
            await ReconnectMail().turn(lambda: NOW, stop)  # takes the turn of this minute
            writing = asyncio.create_task(ReconnectMail().turn(lambda: NOW, stop))
            await asyncio.sleep(0.3)
            stop.set()
            await asyncio.wait_for(writing, 2)
        finally:
            await close_messengers()

    asyncio.run(stopped_meanwhile())
    assert len(office.taken) == 1
    assert PreSave.objects.filter(asked_again_at=None).count() == 1


def test_what_was_not_taken_goes_later_and_what_may_have_been_never_again(
    campaign: Campaign, office: PostOffice
) -> None:
    fan(campaign, "ada")
    mail = ReconnectMail()
    office.rcpt = ["451 4.7.1 Greylisted"]
    assert (post(mail=mail), post(NOW + timedelta(minutes=1), mail)) == (0, 0)
    assert post(NOW + timedelta(minutes=11), mail) == 1
    office.drop_after_data = 1
    fan(campaign, "ben")
    assert (post(), post(NOW + DAY)) == (0, 0)
    assert [to for to, _ in office.taken] == ["ada@fans.example"]


def test_where_no_mail_can_be_sent_nothing_is_marked(campaign: Campaign, settings: Any) -> None:
    settings.MAIL_SERVER = None
    ada = fan(campaign, "ada")
    assert post() == 0
    assert PreSave.objects.get(pk=ada.pk).asked_again_at is None
