"""The books: one pre-save an account, tokens by compare-and-swap, a receipt for whoever consented."""

from datetime import UTC, datetime, time, timedelta

import pytest

from upbeat.artists.models import Artist, Team
from upbeat.campaigns.models import Campaign, Release
from upbeat.clicks import counter
from upbeat.clicks.models import HourlyCount
from upbeat.fans.codes import fingerprint, new_fan_code, receipt_key
from upbeat.fans.models import Connection, Fan, PreSave
from upbeat.fans.record import Recorded, record_pre_save
from upbeat.fans.sealing import open_seal
from upbeat.fans.tokens import access_token, keep_tokens, refresh_token
from upbeat.providers.base import Account, Grant, Token
from upbeat.web.fan.cookies import MOST, receipt_name, receipts_of, set_receipt

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SAVE, PLAYLIST = "user-library-modify", "playlist-modify-private"


def campaign(slug: str, team: Team | None = None) -> Campaign:
    team = team or Team.objects.create(name="Skerry Records")
    artist, _ = Artist.objects.get_or_create(team=team, name="Marlo Venn")
    made = Campaign(
        release=Release.objects.create(artist=artist, title=slug),
        slug=slug,
        state="published",
        day=(NOW + timedelta(days=11)).date(),
        time=time(0),
        created_at=NOW,
    )
    made.derive_moment()
    made.save()
    return made


def grant(*scopes: str, access: str = "first") -> Grant:
    return Grant(Token(access), Token("r-" + access), timedelta(hours=1), frozenset(scopes or (SAVE,)))


def record(
    page: Campaign, name: str, *, service: str = "spotify", given: Grant | None = None, fan_code: str = ""
) -> Recorded:
    return record_pre_save(
        campaign=page,
        service=service,
        account=Account(name, name),
        grant=given or grant(),
        receipt_key=receipt_key(page.pk, service, name),
        fan_code=fan_code,
        language="en",
        zone="Europe/Berlin",
        now=NOW,
    )


def test_an_account_has_one_pre_save_however_often_it_consents() -> None:
    page = campaign("one")
    first, second = record(page, "ada"), record(page, "ada")
    assert (first.created, second.created) == (True, False)
    assert first.pre_save.pk == second.pre_save.pk
    assert PreSave.objects.get().receipt == fingerprint(receipt_key(page.pk, "spotify", "ada"))


def test_two_campaigns_of_a_team_share_the_connection_and_another_team_does_not() -> None:
    first = campaign("one")
    shared, other = record(campaign("two", first.team), "ada"), record(campaign("three"), "ada")
    mine = record(first, "ada")
    assert mine.pre_save.connection_id == shared.pre_save.connection_id != other.pre_save.connection_id
    assert mine.pre_save.fan_id == shared.pre_save.fan_id != other.pre_save.fan_id


def test_a_second_service_joins_the_fan_and_a_second_account_on_one_service_does_not() -> None:
    page = campaign("one")
    fan = record(page, "ada").pre_save.fan
    assert record(page, "ada", service="deezer", fan_code=fan.code).pre_save.fan == fan
    assert record(page, "bob", fan_code=fan.code).pre_save.fan != fan


def test_a_fan_of_another_team_is_not_joined() -> None:
    code = record(campaign("one"), "ada").pre_save.fan.code
    assert record(campaign("two"), "ada", service="deezer", fan_code=code).pre_save.fan.code != code


def test_a_narrower_permission_does_not_replace_a_wider_one_that_lives() -> None:
    page = campaign("one")
    record(page, "ada", given=grant(SAVE, PLAYLIST, access="wide"))
    connection = record(page, "ada", given=grant(SAVE, access="narrow")).pre_save.connection
    kept = access_token(Connection.objects.get(pk=connection.pk), NOW)
    assert kept is not None
    assert kept.reveal() == "wide"


def test_a_narrower_permission_replaces_a_wider_one_that_dies_before_the_release() -> None:
    page = campaign("one")
    wide = record(page, "ada", given=grant(SAVE, PLAYLIST, access="wide")).pre_save.connection
    Connection.objects.filter(pk=wide.pk).update(dies_at=NOW + timedelta(days=1))
    record(page, "ada", given=grant(SAVE, access="narrow"))
    kept = access_token(Connection.objects.get(pk=wide.pk), NOW)
    assert kept is not None
    assert kept.reveal() == "narrow"


def test_the_second_to_write_tokens_is_told_so() -> None:
    connection = record(campaign("one"), "ada").pre_save.connection
    version = connection.token_version
    assert keep_tokens(connection.pk, version, grant(access="quick"), NOW)
    assert not keep_tokens(connection.pk, version, grant(access="late"), NOW)
    kept = refresh_token(Connection.objects.get(pk=connection.pk))
    assert kept is not None
    assert kept.reveal() == "r-quick"


def test_an_access_token_counts_as_run_out_a_minute_early() -> None:
    connection = record(campaign("one"), "ada").pre_save.connection
    assert access_token(connection, NOW + timedelta(minutes=58)) is not None
    assert access_token(connection, NOW + timedelta(minutes=59, seconds=1)) is None


def test_tokens_lie_sealed_in_their_own_row() -> None:
    connection = record(campaign("one"), "ada").pre_save.connection
    assert b"first" not in bytes(connection.sealed_access)
    assert open_seal(connection.sealed_access, context=f"connection {connection.pk} access") == "first"


def test_codes_of_fans_can_be_read_out_and_differ() -> None:
    codes = {new_fan_code() for _ in range(500)}
    assert len(codes) == 500
    assert not set("".join(codes).replace("F-", "")) & set("01ILOU")
    assert Fan(team_id=1, code=codes.pop(), created_at=NOW).code.startswith("F-")


def test_what_is_counted_adds_up_over_flushes_and_a_deleted_campaign_is_skipped() -> None:
    page = campaign("one")
    for _ in range(3):
        counter.count(page.pk, HourlyCount.VIEW, crawler=False, now=NOW)
    counter.count(page.pk + 999, HourlyCount.VIEW, crawler=False, now=NOW)
    assert counter.flush() == 4
    counter.count(page.pk, HourlyCount.VIEW, crawler=False, now=NOW + timedelta(minutes=59))
    counter.count(page.pk, HourlyCount.VIEW, crawler=False, now=NOW + timedelta(minutes=61))
    counter.flush()
    assert list(HourlyCount.objects.order_by("hour").values_list("count", flat=True)) == [4, 1]
    assert counter.flush() == 0


def test_a_browser_remembers_its_latest_campaigns_and_no_more() -> None:
    key = "k" * 43
    cookies = {receipt_name(number): f"spotify_{key}" for number in range(1, MOST + 1)}
    lines = set_receipt(cookies, 99, "deezer", key)
    assert lines[0].startswith(f"{receipt_name(99)}=deezer_{key}; Max-Age=")
    assert [line.partition(";")[0] for line in lines[1:]] == [f"{receipt_name(1)}="]
    assert receipts_of(cookies, 1) == {"spotify": key}


@pytest.mark.parametrize(
    "value", ["", "spotify", "spotify_short", "../../x_" + "k" * 43, "spotify_" + "k" * 42 + "!"]
)
def test_a_made_up_cookie_is_no_receipt(value: str) -> None:
    assert receipts_of({receipt_name(1): value}, 1) == {}
