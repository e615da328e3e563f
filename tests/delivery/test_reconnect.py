"""A fan who allows it once more gets all they had chosen, however the permission ended."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.delivery.night import Night, states
from tests.sandbox_process import Sandbox
from upbeat.delivery.plan import plan_again
from upbeat.delivery.reconnect import must_reconnect
from upbeat.fans.models import Connection, PreSave
from upbeat.fans.record import record_pre_save
from upbeat.providers.base import Account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Night:
    return Night(sandbox)


def comes_back(night: Night, pre_save: PreSave, name: str) -> None:
    """What a good way back from the service leaves in the books."""
    known = Connection.objects.get(pk=pre_save.connection_id)
    with transaction.atomic():
        recorded = record_pre_save(
            campaign=night.campaign,
            service=pre_save.service,
            account=Account(known.account_id, name),
            grant=night.grant(name, pre_save.service),
            receipt_key="x" * 43,
            language="en",
            zone="",
            now=night.now(),
        )
        assert not recorded.created
        plan_again(recorded.pre_save, night.now())
    assert not must_reconnect(PreSave.objects.get(pk=pre_save.pk))


def library(night: Night, name: str) -> tuple[list[str], list[int]]:
    has = night.sandbox.fan(name)
    lists = [len(one["tracks"]) for one in has["playlists"] if one["name"] == "Night drives"]
    return [album["name"] for album in has["albums"]], lists


def test_found_dead_on_the_night_all_of_it_goes_on(night: Night) -> None:
    ada = night.fan("Ada", playlist="Night drives")
    night.sandbox.revoke("spotify", "Ada")
    night.release()
    for _ in range(3):
        night.deliver()
        night.move(minutes=16)
    assert {row[1:] for row in states()} == {("needs_fan", "grant_dead")}
    assert must_reconnect(PreSave.objects.get(pk=ada.pk))
    comes_back(night, ada, "Ada")
    night.deliver()
    assert {state for _, state, _ in states()} == {"delivered"}
    assert library(night, "Ada") == (["Night Ferry North"], [10])


def test_six_months_that_end_before_the_release_are_put_right_before_it(night: Night) -> None:
    ada = night.fan("Ada", playlist="Night drives")
    night.move(days=10)
    Connection.objects.filter(pk=ada.connection_id).update(dies_at=night.now() + timedelta(days=1))
    assert must_reconnect(PreSave.objects.get(pk=ada.pk))
    comes_back(night, ada, "Ada")
    night.release()
    night.deliver()
    assert library(night, "Ada") == (["Night Ferry North"], [10])
