"""Reminders by e-mail: each once, at the operator's pace, and an honest end for the one moment that tells nothing."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.delivery import books
from tests.delivery.books import DAY, NOW
from tests.delivery.post_office import PostOffice, post_office
from upbeat.campaigns.models import Campaign
from upbeat.core.channels import EMAIL
from upbeat.delivery.counts import counts
from upbeat.delivery.cut import cut
from upbeat.delivery.fan_lines import fan_lines
from upbeat.delivery.messenger import close_messengers
from upbeat.delivery.models import Batch, Chunk, Delivery, Tally
from upbeat.delivery.perform import perform_chunk
from upbeat.delivery.plan import plan_reminder, replan
from upbeat.delivery.preflight.post import post, takes
from upbeat.delivery.preflight.subject import read
from upbeat.delivery.reconcile import reconcile
from upbeat.delivery.report import report
from upbeat.delivery.story import story
from upbeat.delivery.withdraw import withdraw
from upbeat.fans.models import Connection, PreSave
from upbeat.fans.reminders import record_reminder, same, scrub
from upbeat.providers.base import Action
from upbeat.web.dashboard.delivery.after import canary, done
from upbeat.web.dashboard.delivery.night import read as of_night
from upbeat.web.dashboard.delivery.service_rows import rows
from upbeat.web.dashboard.fan_events import lines as events

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore:Requiring AUTH")]

OUT = NOW + DAY
LATER = OUT + timedelta(minutes=3)


@pytest.fixture
def office(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office(tmp_path, starttls=True) as office:
        settings.MAIL_SERVER, settings.MAIL_FROM = office.where, "Upbeat <upbeat@music.example>"
        settings.MAIL_PER_HOUR = 3_600_000
        monkeypatch.setenv("SSL_CERT_FILE", str(office.certificate))
        yield office


@pytest.fixture
def campaign() -> Campaign:
    return books.campaign(OUT, title="Low Tide")


def wants(campaign: Campaign, name: str, *, towards: str = "", language: str = "en") -> PreSave:
    """A fan whose reminder is confirmed."""
    email = f"{name}@fans.example"
    with transaction.atomic():
        kept = record_reminder(
            campaign, EMAIL, known_by=same(email), address=email, towards=towards, language=language,
            zone="", fan_code=None, now=NOW,
        )  # fmt: skip
        plan_reminder(kept.recorded.pre_save, NOW)
    return kept.recorded.pre_save


def deliver(campaign: Campaign, at: Any = OUT) -> None:
    """One turn of the crank."""

    async def all_of_them() -> None:
        chunks = Chunk.objects.order_by("id").values_list("pk", flat=True)
        try:
            for chunk in await asyncio.to_thread(lambda: list(chunks)):
                await perform_chunk(chunk, now=lambda: at)
        finally:
            await close_messengers()

    cut(campaign, at)
    reconcile(at)
    asyncio.run(all_of_them())


def ends() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("id").values_list("state", "reason"))


def parts(letter: Message) -> dict[str, str]:
    found = {}
    for part in letter.walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            found[part.get_content_type()] = payload.decode().replace("\r\n", "\n")
    return found


def test_each_gets_one_message_with_the_link_of_their_service_and_their_address_is_forgotten(
    campaign: Campaign, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    books.out(campaign, "spotify")
    wants(campaign, "ada", towards="spotify")
    wants(campaign, "ben", towards="tidal", language="de")
    deliver(campaign)
    assert ends() == [("delivered", "done")] * 2
    (to_ada, ada), (to_ben, ben) = sorted(office.taken, key=lambda one: one[0])
    assert (to_ada, to_ben) == ("ada@fans.example", "ben@fans.example")
    assert ada["Subject"] == "Out now: Low Tide by Marlo Venn"
    assert "https://example.com/the-album" in parts(ada)["text/plain"], "known: the direct link"
    assert f"/{campaign.slug}" in parts(ben)["text/plain"]
    assert "Low Tide ist da" in parts(ben)["text/html"]
    for letter in (ada, ben):
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert letter["List-Unsubscribe"].endswith("/stop>")
        assert "<img" not in parts(letter)["text/html"], "nothing tells us that it was read"
        assert "prefers-color-scheme:dark" in parts(letter)["text/html"]
    assert not Connection.objects.exclude(sealed_access=b"").exists()
    assert counts(campaign).all.fans.delivered == 2
    assert Tally.objects.get().delivered == 2
    assert Batch.objects.get().done_at == OUT
    assert "fans.example" not in "\n".join(
        one.getMessage() for one in caplog.records if not one.name.startswith("mail.")
    )
    deliver(campaign, LATER)
    assert len(office.taken) == 2, "each once"


def test_many_letters_share_a_few_connections(campaign: Campaign, office: PostOffice) -> None:
    for number in range(30):
        wants(campaign, f"fan{number}")
    deliver(campaign)
    assert {to for to, _ in office.taken} == {f"fan{number}@fans.example" for number in range(30)}
    assert office.connections <= 4


def test_one_address_of_many_that_does_not_exist_keeps_nobody_else_from_theirs(
    campaign: Campaign, office: PostOffice
) -> None:
    office.refuse["fan7@fans.example"] = "550 5.1.1 No such user"
    office.refuse["fan8@fans.example"] = "554 5.7.1 Not wanted here"
    for number in range(12):
        wants(campaign, f"fan{number}")
    deliver(campaign)
    assert len(office.taken) == 10
    refused = Delivery.objects.filter(state="refused").order_by("id")
    assert [row.reason for row in refused] == ["address_dead", "mail_refused"]
    assert "550" in refused[0].note
    assert "fans.example" not in refused[0].note
    assert [one.pre_save.connection.dead_at is not None for one in refused] == [True, False]


def test_a_mailbox_that_asks_to_come_back_later_is_asked_again_by_the_clock(
    campaign: Campaign, office: PostOffice
) -> None:
    office.rcpt = ["450 4.2.0 Greylisted", "450 4.2.0 Greylisted"]
    wants(campaign, "ada")
    deliver(campaign)
    assert ends() == [("retrying", "mailbox_busy")]
    assert Delivery.objects.get().intended_at is None, "it has certainly not gone out"
    deliver(campaign, LATER)
    deliver(campaign, LATER + timedelta(hours=1))
    assert ends() == [("delivered", "done")]
    assert len(office.taken) == 1


def test_of_fifty_letters_on_a_bad_day_of_a_slow_server_each_goes_out_once_at_the_most(
    campaign: Campaign, office: PostOffice
) -> None:
    office.seconds = 0.2
    office.drop_after_data = 1
    office.refuse["fan7@fans.example"] = "550 5.1.1 No such user"
    office.refuse["fan11@fans.example"] = "450 4.2.0 Greylisted"
    for number in range(50):
        wants(campaign, f"fan{number}")
    deliver(campaign)
    assert Counter(ends()) == {
        ("delivered", "done"): 47,
        ("refused", "unconfirmed"): 1,
        ("refused", "address_dead"): 1,
        ("retrying", "mailbox_busy"): 1,
    }
    office.refuse.clear()
    deliver(campaign, LATER)
    assert Counter(ends())["delivered", "done"] == 48
    assert max(Counter(to for to, _ in office.taken).values()) == 1


@pytest.mark.parametrize("took_it", [True, False])
def test_a_connection_that_ends_after_the_text_is_not_sent_again(
    campaign: Campaign, office: PostOffice, *, took_it: bool
) -> None:
    if took_it:
        office.hang_up_after_data = 1
    else:
        office.drop_after_data = 1
    wants(campaign, "ada")
    deliver(campaign)
    assert ends() == [("refused", "unconfirmed")]
    assert "not sent a second time" in Delivery.objects.get().note
    deliver(campaign, LATER)
    assert len(office.taken) == took_it
    assert not Connection.objects.exclude(sealed_access=b"").exists()


def test_an_intent_with_no_result_beside_it_is_not_sent_again(campaign: Campaign, office: PostOffice) -> None:
    wants(campaign, "ada")
    Delivery.objects.update(intended_at=OUT, state="in_progress", next_at=OUT)  # what a kill -9 leaves behind
    deliver(campaign)
    assert ends() == [("refused", "unconfirmed")]
    assert not office.taken


def test_a_server_that_closes_a_used_connection_costs_nothing(campaign: Campaign, office: PostOffice) -> None:
    office.letters_a_connection = 2
    for number in range(12):
        wants(campaign, f"fan{number}")
    deliver(campaign)
    assert ends() == [("delivered", "done")] * 12
    assert len(office.taken) == 12


def test_a_server_that_is_gone_or_has_had_enough_makes_all_wait_and_loses_nobody(
    campaign: Campaign, office: PostOffice
) -> None:
    office.rcpt = ["421 4.7.0 Come back later"] * 50
    for number in range(5):
        wants(campaign, f"fan{number}")
    deliver(campaign)
    rows = Delivery.objects.all()
    assert {row.state for row in rows} <= {"retrying", "queued"}
    assert any(row.reason == "mail_server_down" for row in rows)
    assert not any(row.failures for row in rows), "a wait that was asked for is no failure"
    assert not office.taken


def test_who_takes_it_back_or_is_called_off_gets_nothing(campaign: Campaign, office: PostOffice) -> None:
    ada, ben = wants(campaign, "ada"), wants(campaign, "ben")
    with transaction.atomic():
        withdraw(ada, NOW)
    assert not Connection.objects.get(pk=ada.connection_id).sealed_access
    deliver(campaign)
    assert [to for to, _ in office.taken] == ["ben@fans.example"]
    with transaction.atomic():
        scrub(ben)
    assert Connection.objects.get(pk=ben.connection_id).account_id == f"erased {ben.connection_id}"
    assert counts(campaign).all.fans.withdrawn == 1


def test_a_release_that_moves_takes_its_reminders_with_it(campaign: Campaign, office: PostOffice) -> None:
    wants(campaign, "ada")
    cut(campaign, OUT - timedelta(minutes=1))
    Campaign.objects.filter(pk=campaign.pk).update(opens_at=OUT + DAY, day=(OUT + DAY).date())
    replan(campaign, NOW)
    deliver(campaign)
    assert not office.taken
    deliver(campaign, OUT + DAY)
    assert len(office.taken) == 1


def test_the_same_address_is_one_reminder_and_the_latest_choice_holds(campaign: Campaign) -> None:
    first = wants(campaign, "ada", towards="tidal")
    again = wants(campaign, "Ada", towards="deezer")
    assert again.pk == first.pk
    assert PreSave.objects.get().towards == "deezer"
    assert Delivery.objects.filter(action=Action.REMIND).count() == 1


def test_the_operators_rate_is_kept(campaign: Campaign, office: PostOffice, settings: Any) -> None:
    settings.MAIL_PER_HOUR = 36_000  # ten a second
    for number in range(8):
        wants(campaign, f"fan{number}")
    began = time.monotonic()
    deliver(campaign)
    assert len(office.taken) == 8
    assert 0.5 < time.monotonic() - began < 3


def test_an_orderly_stop_finishes_the_letter_that_is_under_way(
    campaign: Campaign, office: PostOffice
) -> None:
    office.seconds = 0.6
    wants(campaign, "ada")
    cut(campaign, OUT)

    async def stopped_meanwhile() -> None:
        performing = asyncio.create_task(perform_chunk(chunk, now=lambda: OUT))
        await asyncio.sleep(0.5)
        performing.cancel()
        await asyncio.gather(performing, return_exceptions=True)
        await close_messengers()

    chunk = Chunk.objects.get().pk
    asyncio.run(stopped_meanwhile())
    assert ends() == [("delivered", "done")]
    assert len(office.taken) == 1


def test_tls_from_the_first_byte(
    campaign: Campaign, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with post_office(tmp_path, tls=True) as office:
        settings.MAIL_SERVER, settings.MAIL_FROM = office.where, "upbeat@music.example"
        monkeypatch.setenv("SSL_CERT_FILE", str(office.certificate))
        wants(campaign, "ada")
        deliver(campaign)
        assert len(office.taken) == 1


def test_the_check_before_a_release_says_how_long_the_mail_takes(
    campaign: Campaign, office: PostOffice, settings: Any
) -> None:
    settings.MAIL_PER_HOUR = 2
    for number in range(6):
        wants(campaign, f"fan{number}")
    subject = read(campaign, NOW, NOW)
    assert subject is not None
    line, *_ = takes(subject)
    assert (line.level, line.what) == ("warning", "E-mail will take 3 h")
    assert line.sentence == "6 reminders at 2 letters an hour."
    settings.MAIL_SERVER = None
    line, *_ = asyncio.run(post(subject))
    assert line.level == "stop"
    assert line.sentence.startswith("6 reminders cannot go out.")


def test_the_delivery_page_has_a_row_for_it_and_counts_no_library(
    campaign: Campaign, office: PostOffice
) -> None:
    office.refuse["fan1@fans.example"] = "550 5.1.1 No such user"
    for number in range(3):
        wants(campaign, f"fan{number}")
    coming = of_night(campaign, NOW)
    assert (coming.missing, coming.situation) == ([], "before")
    deliver(campaign)
    night = of_night(campaign, LATER)
    [row] = rows(night)
    assert (row.label, row.rung, row.figures["delivered"]) == ("E-mail", "remind", "2")
    assert done(night) == [("Reminders sent", "2")]
    assert canary(night) is None
    told = report(campaign, LATER)
    assert [(one.service, one.fans.delivered, one.fans.could_not_be_delivered) for one in told.services] == [
        ("email", 2, 1)
    ]
    lines = list(fan_lines(campaign))
    assert [(one.rung, one.service, one.state) for one in lines] == [
        ("remind", "email", state) for state in ("delivered", "refused", "delivered")
    ]
    told_of = story(campaign, lines[0].fan)
    assert told_of is not None
    assert [line.title for line in events(campaign, told_of)] == [
        "Asked to be reminded", "Release", "Reminder sent"
    ]  # fmt: skip
