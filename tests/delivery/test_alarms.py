"""Alarms: one open at a time, told to each of the team by a real mail server, once if at all possible."""

import asyncio
import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.delivery import books
from tests.delivery.books import NOW
from tests.delivery.post_office import PostOffice, post_office
from upbeat.artists.models import Member, Person
from upbeat.campaigns.models import Campaign
from upbeat.delivery import mail
from upbeat.delivery.alarm_mail import tell
from upbeat.delivery.alarms import Kind, end_alarm, raise_alarm
from upbeat.delivery.models import Alarm
from upbeat.env import MailServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore:Requiring AUTH")]

SENTENCE = "Spotify is held: it found another release."


@pytest.fixture
def campaign() -> Campaign:
    """With a team of two, and a stranger who is on another."""
    campaign = books.campaign()
    for name in ("Ana", "Rune"):
        one = Person.objects.register(
            email=f"{name}@label.example", name=name, password="a ferry at midnight"
        )
        Member.objects.create(team=campaign.team, person=one)
    Person.objects.register(email="cleo@else.example", name="Cleo", password="a ferry at midnight")
    return campaign


@pytest.fixture
def office(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A mail server with STARTTLS that this installation uses and trusts."""
    with post_office(tmp_path, starttls=True) as office:
        settings.MAIL_SERVER, settings.MAIL_FROM = office.where, "Upbeat <upbeat@music.example>"
        monkeypatch.setenv("SSL_CERT_FILE", str(office.certificate))
        yield office


def letters() -> list[tuple[int, int]]:
    """The jobs, as (alarm, person)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'alarm' ORDER BY id")
        rows = [row[0] for row in cursor.fetchall()]
    found = [row if isinstance(row, dict) else json.loads(row) for row in rows]
    assert all(set(one) == {"alarm_id", "person_id"} for one in found)
    return [(one["alarm_id"], one["person_id"]) for one in found]


def post(now: datetime = NOW) -> list[datetime | None]:
    """Do every job once."""

    async def all_of_them() -> list[datetime | None]:
        return [await tell(alarm, person, now=lambda: now) for alarm, person in todo]

    todo = letters()
    return asyncio.run(all_of_them())


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What the product logged; the mail server of the tests has a log of its own."""
    return "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("mail."))


def test_an_alarm_is_open_once_and_its_jobs_hold_ids_only(campaign: Campaign) -> None:
    assert raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify")
    assert not raise_alarm(campaign, "held", "Spotify is still held.", NOW, "spotify")
    assert raise_alarm(campaign, Kind.HELD, "Deezer is held.", NOW, "deezer")
    assert [one.sentence for one in Alarm.objects.order_by("id")] == [
        "Spotify is still held.",
        "Deezer is held.",
    ]
    assert len(letters()) == 4
    assert end_alarm(campaign, "held", NOW, "spotify")
    assert not end_alarm(campaign, "held", NOW, "spotify")
    assert raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify"), "what comes back is told again"


def test_each_of_the_team_gets_one_letter_that_says_what_to_do(
    campaign: Campaign, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify")
    assert post() == [None, None]
    assert {to for to, _ in office.taken} == {"ana@label.example", "rune@label.example"}
    _, first = office.taken[0]
    assert first["Subject"] == f"{campaign.release.title}: {SENTENCE}".rstrip(".")
    assert first["From"] == "Upbeat <upbeat@music.example>"
    for part in (
        SENTENCE,
        "What to do",
        "paste the right link",
        f"/dashboard/releases/{campaign.pk}/delivery",
    ):
        assert part in " ".join(office.text(0).split())
    assert Alarm.objects.get().mailed_at == NOW
    assert "label.example" not in logged(caplog)


def test_tls_from_the_first_byte(
    campaign: Campaign, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with post_office(tmp_path, tls=True) as office:
        settings.MAIL_SERVER, settings.MAIL_FROM = office.where, "upbeat@music.example"
        monkeypatch.setenv("SSL_CERT_FILE", str(office.certificate))
        mail.knock()
        raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify")
        assert post() == [None, None]
        assert len(office.taken) == 2


@pytest.mark.parametrize("tls", [True, False])
def test_a_certificate_nobody_vouches_for_gets_no_password_and_no_letter(
    campaign: Campaign, tmp_path: Path, settings: Any, *, tls: bool
) -> None:
    with post_office(tmp_path, tls=tls, starttls=not tls) as office:
        settings.MAIL_SERVER, settings.MAIL_FROM = office.where, "upbeat@music.example"
        with pytest.raises(mail.NotSent, match="certificate is not trusted"):
            mail.knock()
        raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify")
        assert None not in post()
        assert not office.taken
        assert Alarm.objects.get().mailed_at is None


def test_a_server_without_encryption_or_with_another_password_is_told_nothing(
    office: PostOffice, settings: Any, tmp_path: Path
) -> None:
    settings.MAIL_SERVER = replace(office.where, password="another")
    with pytest.raises(mail.NotSent, match="user and password in UPBEAT_SMTP_URL"):
        mail.knock()
    with post_office(tmp_path) as plain:
        settings.MAIL_SERVER = replace(plain.where, starttls=True)
        with pytest.raises(mail.NotSent, match="does not offer"):
            mail.knock()


def test_a_greylisted_letter_goes_out_later_and_an_unknown_mailbox_keeps_nobody_else_from_it(
    campaign: Campaign, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify")
    office.rcpt = ["451 4.7.1 Come back later, ana@label.example", "550 5.1.1 No rune@label.example here"]
    assert post(NOW + timedelta(seconds=1)) == [NOW + timedelta(seconds=6), None]
    assert not office.taken
    assert "label.example" not in logged(caplog)
    assert "(451)" in logged(caplog)
    office.data = ["452 4.3.1 No room"]
    later = NOW + timedelta(days=1)
    assert post(later)[0] == later + timedelta(minutes=15), "the wait grows, up to a quarter of an hour"
    post(later)
    assert "ana@label.example" in {to for to, _ in office.taken}


def test_a_connection_lost_after_the_letter_means_the_same_letter_again(
    campaign: Campaign, office: PostOffice
) -> None:
    raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify")
    office.hang_up_after_data = 2
    assert None not in post()
    assert Alarm.objects.get().mailed_at is None
    assert post() == [None, None]
    ids = [letter["Message-ID"] for _, letter in office.taken]
    assert len(ids) == 4
    assert ids[:2] == ids[2:]
    assert len(set(ids)) == 2


def test_a_server_that_says_nothing_holds_up_nobody(
    campaign: Campaign, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.MAIL_SERVER = MailServer("127.0.0.1", silent.getsockname()[1])
        monkeypatch.setattr(mail, "SECONDS", 0.2)
        assert None not in post()
    assert None not in post(), "nor one that is not there"


def test_what_is_over_is_not_told_any_more(campaign: Campaign, office: PostOffice) -> None:
    raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify")
    Member.objects.filter(person__name="Rune").delete()
    assert post() == [None, None]
    assert len(office.taken) == 1, "who has left the team is not told"
    end_alarm(campaign, Kind.HELD, NOW, "spotify")
    assert post() == [None, None]
    assert len(office.taken) == 1


def test_without_a_mail_server_an_alarm_is_only_shown(campaign: Campaign) -> None:
    raise_alarm(campaign, Kind.HELD, SENTENCE, NOW, "spotify")
    assert post() == [None, None]
    assert Alarm.objects.get().mailed_at is None
