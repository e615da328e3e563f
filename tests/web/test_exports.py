"""Exports (S38): every fan, every consent, safe to open, and sent as they are read."""

import csv
import io
import json
import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.delivery import books
from tests.web.desk import NOW, desk, person
from tests.web.night_books import Lot, book
from tests.web.test_fans_list import EVERY_STATE
from upbeat.artists.models import Team
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.fan_lines import fan_lines
from upbeat.delivery.models import Delivery
from upbeat.fans.models import Connection, Consent, Fan, PreSave
from upbeat.fans.record import consent
from upbeat.fans.sealing import seal
from upbeat.web.dashboard.csv_lines import csv_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    """A published one of Ada's, without a cover: making those takes a second."""
    return books.campaign(team=Team.objects.get(members__person=person("Ada")))


@pytest.fixture
def client(campaign: Campaign) -> Client:
    return desk(campaign.team.members.get().person)


def sent(client: Client, campaign: Campaign, part: str) -> bytes:
    answer = client.get(f"/dashboard/releases/{campaign.pk}/{part}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{campaign.slug}-')
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def table(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


def agree(campaign: Campaign, email: str) -> Consent:
    pre_save = PreSave.objects.filter(campaign=campaign, fan__consents=None).order_by("id")[0]
    said = {"words": "Yes, „news” please\nby e-mail", "words_version": "2026-11", "language": "de"}
    return consent(pre_save, email=email, now=NOW, **said)


def test_every_pre_save_is_one_line_in_both_forms(client: Client, campaign: Campaign) -> None:
    book(campaign, EVERY_STATE, NOW)
    lines = table(sent(client, campaign, "fans.csv"))
    told: list[dict[str, Any]] = json.loads(sent(client, campaign, "fans.json"))["fans"]
    assert len(lines) == len(told) == campaign.pre_saves.count() == 37
    for line, one in zip(lines, told, strict=True):
        assert line == {key: "" if value is None else str(value) for key, value in one.items()}
    for state in State:
        assert sum(line["state"] == state for line in lines) == sum(
            lot.number for lot in EVERY_STATE if lot.state == state
        )


def test_the_list_that_was_narrowed_is_exported_narrowed(client: Client, campaign: Campaign) -> None:
    book(campaign, EVERY_STATE, NOW)
    for query, number in (
        ("?state=could_not_be_delivered", 7),
        ("?service=deezer&state=delivered", 6),
        ("?q=deezer", 20),
        ("?q=hanna@mail.example", 0),
        ("?q=F-9999", 0),
    ):
        assert len(table(sent(client, campaign, f"fans.csv{query}"))) == number, query


def test_no_token_no_account_and_no_address_is_in_the_fans_export(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 2, "done")], NOW)
    agree(campaign, "hanna.w@mail.example")
    Connection.objects.update(sealed_access=seal("the-token", context="x"))
    text = sent(client, campaign, "fans.csv").decode() + sent(client, campaign, "fans.json").decode()
    for secret in ("account", "receipt", "token", "hanna", "mail.example", "sealed"):
        assert secret not in text


def test_an_address_leaves_with_its_consent_and_its_proof_alone(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 3, "done")], NOW)
    agree(campaign, "hanna.w@mail.example")
    taken_back = agree(campaign, "gone@mail.example")
    Consent.objects.filter(pk=taken_back.pk).update(withdrawn_at=NOW + timedelta(days=1))
    lines = table(sent(client, campaign, "consents.csv"))
    assert lines == [
        {
            "email": "hanna.w@mail.example",
            "fan": Consent.objects.order_by("id")[0].fan.code,
            "words": "Yes, „news” please\nby e-mail",
            "words_version": "2026-11",
            "language": "de",
            "given_at": "2026-11-22T12:00:00+00:00",
        }
    ]
    assert json.loads(sent(client, campaign, "consents.json")) == {"consents": lines}


def test_an_address_whose_key_is_gone_leaves_the_others_readable(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 3, "done")], NOW)
    broken = agree(campaign, "broken@mail.example")
    agree(campaign, "fine@mail.example")
    Consent.objects.filter(pk=broken.pk).update(sealed_email=b"\x02k9" + b"\x00" * 40)
    assert [line["email"] for line in table(sent(client, campaign, "consents.csv"))] == [
        "",
        "fine@mail.example",
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_finds_no_formula(sign: str) -> None:
    written = b"".join(csv_lines(["what"], [[f'{sign}HYPERLINK("http://evil")']])).decode()
    assert list(csv.reader(io.StringIO(written, newline="")))[1] == [f'\'{sign}HYPERLINK("http://evil")']
    assert b"".join(csv_lines(["what"], [[-5], ["a-b"], [None]])) == b'what\r\n-5\r\na-b\r\n""\r\n'


def test_lines_quotes_and_commas_are_as_rfc_4180_has_them() -> None:
    body = b"".join(csv_lines(["a", "b"], [['say "hi", then', "two\r\nlines ü"]]))
    assert body == 'a,b\r\n"say ""hi"", then","two\r\nlines ü"\r\n'.encode()


def test_memory_does_not_grow_with_the_fans(campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 4_000, "done", ("follow",))], NOW)
    lines = fan_lines(campaign)
    for _ in range(1_500):
        next(lines)
    tracemalloc.start()
    try:
        assert sum(1 for _ in lines) == 2_500
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 12_000_000, f"{most / 1e6:.0f} MB for steps of a thousand"


def test_what_is_read_is_the_campaigns_own(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 1, "done")], NOW)
    other = books.campaign()
    book(other, [Lot("spotify", State.DELIVERED, 2, "done")], NOW)
    agree(other, "theirs@mail.example")
    assert len(table(sent(client, campaign, "fans.csv"))) == 1
    assert table(sent(client, campaign, "consents.csv")) == []
    assert Delivery.objects.count() == 3
    assert Fan.objects.count() == 3
