"""Grants on the night: renewed once, never lost, and believed dead only when that is sure."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from tests.delivery.night import Night, states
from tests.sandbox_process import Sandbox
from upbeat.delivery import tokens
from upbeat.delivery.early import Early
from upbeat.delivery.models import Alarm, Circuit, Delivery
from upbeat.delivery.source import look_around
from upbeat.delivery.speaker import speaker
from upbeat.delivery.threads import beside
from upbeat.fans.models import Connection
from upbeat.fans.tokens import access_token, claim_renewal, keep_tokens, refresh_token
from upbeat.providers.base import Token

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = {"service": "spotify", "path": "/api/token"}


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Night:
    return Night(sandbox)


def renewals(night: Night) -> list[int]:
    return [call["status"] for call in night.sandbox.calls(service="spotify", path="/api/token")]


def crowd(night: Night, number: int) -> None:
    """Fans of a release that is out and has been found."""
    for fan in range(number):
        night.fan(f"Fan {fan}")
    night.release()
    assert night.run(lambda: look_around(night.now))


def ask_at_once(night: Night, times: int) -> list[Any]:
    async def asking() -> list[Any]:
        connection = await beside(Connection.objects.get)
        ours = speaker("spotify").tokens
        return await asyncio.gather(*(ours.access(connection, night.now) for _ in range(times)))

    found: list[Any] = night.run(asking)
    return found


def test_however_many_ask_one_renewal_is_made_and_no_row_is_written(night: Night) -> None:
    night.fan("Ada")
    before = Connection.objects.get()
    night.move(hours=2)
    found = ask_at_once(night, 30)
    assert len({token.reveal() for token in found}) == 1
    assert renewals(night) == [200]
    assert Connection.objects.get().token_version == before.token_version


def test_a_rotated_token_is_written_down_before_it_is_used(night: Night) -> None:
    night.fan("Ada")
    old = refresh_token(Connection.objects.get())
    night.sandbox.turn("spotify", rotate_refresh_tokens=True)
    night.move(hours=2)
    assert all(isinstance(token, Token) for token in ask_at_once(night, 3))
    kept = refresh_token(Connection.objects.get())
    assert old is not None and kept is not None and kept.reveal() != old.reveal()
    assert Connection.objects.get().renewing_until is None


def test_a_renewal_another_process_has_claimed_is_not_made_twice(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.fan("Ada")
    night.move(hours=2)
    monkeypatch.setattr(tokens, "_CLAIM_PAUSE", 0.01)
    assert claim_renewal(Connection.objects.get().pk, night.now()) is not None

    async def early() -> Any:
        connection = await beside(Connection.objects.get)
        return await speaker("spotify").tokens.renew_early(connection, night.now)

    assert night.run(early).reason == "renewing"
    assert renewals(night) == []


def test_grants_are_renewed_ahead_of_the_instant_and_the_night_needs_no_renewal(night: Night) -> None:
    for fan in range(5):
        night.fan(f"Fan {fan}")
    assert night.campaign.opens_at is not None
    night.move_to(night.campaign.opens_at - timedelta(minutes=50))
    assert night.run(lambda: Early().turn(night.now)) == 0
    night.move(minutes=10)
    assert night.run(lambda: Early().turn(night.now)) == 5
    assert night.run(lambda: Early().turn(night.now)) == 0
    night.release()
    night.deliver()
    assert {state for _, state, _ in states()} <= {"delivered", "verified"}
    assert len(renewals(night)) == 6, "the last of them for looking the release up"


def test_an_early_renewal_that_fails_is_no_failure_of_a_delivery(night: Night) -> None:
    night.fan("Ada")
    assert night.campaign.opens_at is not None
    night.move_to(night.campaign.opens_at - timedelta(minutes=40))
    night.sandbox.fault("error", status=503, match=TOKEN)
    assert night.run(lambda: Early().turn(night.now)) == 0
    row = Delivery.objects.get()
    assert (row.state, row.failures, row.attempts) == ("waiting", 0, 0)


def test_a_false_wave_opens_the_circuit_concludes_nothing_and_tells_the_team(night: Night) -> None:
    """A token endpoint that says `invalid_grant` to everybody for ten minutes does not kill a campaign."""
    crowd(night, 12)
    before = len(renewals(night))
    night.sandbox.fault("invalid_grant", match=TOKEN)
    for _ in range(10):
        night.deliver()
        night.move(minutes=1)
    assert {row[2] for row in states()} == {"circuit_open"}
    assert Circuit.objects.get().opened_at
    assert Alarm.objects.get(kind="circuit").ended_at is None
    assert not Connection.objects.exclude(dead_at=None).exists()
    assert len(renewals(night)) - before <= 12 + 10, (
        "those under way when it began, and one probe each half minute"
    )
    night.sandbox.no_faults()
    for _ in range(3):
        night.deliver()
        night.move(minutes=2)
    assert {state for _, state, _ in states()} <= {"delivered", "verified"}
    assert Alarm.objects.get(kind="circuit").ended_at is not None
    assert all(row.failures == 0 for row in Delivery.objects.all()), "a wait is no failure"


def test_one_dead_grant_among_many_living_is_believed_when_it_has_been_said_long_enough(night: Night) -> None:
    crowd(night, 6)
    night.sandbox.revoke("spotify", "Fan 3")
    night.deliver()
    assert [row for row in states() if row[1] == "retrying"] == [("save", "retrying", "grant_doubted")]
    assert all(row.failures == 0 for row in Delivery.objects.all())
    night.move(minutes=5)
    night.deliver()
    assert not Connection.objects.exclude(dead_at=None).exists(), "nobody was renewed since the first word"
    night.move(minutes=11)
    night.deliver()
    assert [row for row in states() if "deliver" not in row[1] and row[1] != "verified"] == [
        ("save", "needs_fan", "grant_dead")
    ]


def test_a_false_wave_that_begins_among_renewals_kills_nobody(night: Night) -> None:
    """Many were renewed a moment before, so that those it hits are too few to open the circuit."""
    crowd(night, 12)
    night.sandbox.fault("invalid_grant", after=9, match={"service": "spotify", "host": "accounts"})
    night.deliver()
    for _ in range(3):
        night.move(minutes=3)
        night.deliver()
    assert not Connection.objects.exclude(dead_at=None).exists()
    night.sandbox.no_faults()
    night.move(minutes=16)
    night.deliver()
    assert {state for _, state, _ in states()} <= {"delivered", "verified"}


def test_a_secret_the_service_refuses_is_no_dead_grant(night: Night) -> None:
    crowd(night, 1)
    wrong = replace(settings.SERVICES["spotify"], client_secret=Token("another"))
    settings.SERVICES["spotify"] = wrong
    night.deliver()
    assert states() == [("save", "retrying", "app_refused")]
    only = Connection.objects.get()
    assert only.doubted_at is None and only.dead_at is None and bytes(only.sealed_refresh)


def test_a_database_that_is_away_delays_a_rotated_token_and_does_not_lose_it(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.fan("Ada")
    night.sandbox.turn("spotify", rotate_refresh_tokens=True)
    night.move(hours=2)
    tries = iter(range(10))

    def away_at_first(*given: Any) -> bool:
        if next(tries) < 3:
            raise OperationalError("the database is away")
        return keep_tokens(*given)

    monkeypatch.setattr(tokens, "keep_tokens", away_at_first)
    monkeypatch.setattr(tokens, "_PAUSES", (0.01, 0.01, 0.01))
    (found,) = ask_at_once(night, 1)
    assert isinstance(found, Token)
    kept = Connection.objects.get()
    assert kept.token_version == 2 and access_token(kept, night.now()) is not None
