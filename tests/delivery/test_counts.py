"""The headline figures add up to the pre-saves, whatever happened to them."""

import pytest

from tests.delivery import books
from tests.delivery.books import NOW
from upbeat.core.delivery import OPEN, State
from upbeat.delivery.counts import counts
from upbeat.delivery.models import Delivery
from upbeat.delivery.plan import plan_completion, plan_save
from upbeat.fans.models import PreSave

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_pre_save_stands_somewhere() -> None:
    campaign = books.campaign()
    for state in State:
        plan_save(books.fan(campaign), NOW)
        row = Delivery.objects.latest("id")
        Delivery.objects.filter(pk=row.pk).update(
            state=state, reason=f"{state}!", next_at=row.next_at if state in OPEN else None
        )
    plan_save(books.fan(campaign, "deezer"), NOW)
    found = counts(campaign)
    fans = found.all.fans
    assert (fans.delivered, fans.queued, fans.pending_source, fans.could_not_be_delivered) == (2, 5, 1, 3)
    assert fans.total + fans.withdrawn == PreSave.objects.count() == 12
    assert found.services["spotify"].fans.total + found.services["deezer"].fans.total == fans.total
    assert fans.reasons["refused!"] == 1
    assert fans.reasons["delivered!"] == 0


def test_playlists_and_follows_are_counted_beside_the_fans() -> None:
    pre_save = books.fan(books.campaign())
    books.choose(pre_save, books.target(pre_save.campaign, "a"), playlist="New")
    plan_save(pre_save, NOW)
    plan_completion(pre_save, NOW)
    found = counts(pre_save.campaign).all
    assert (found.fans.total, found.playlists.total, found.follows.total) == (1, 1, 1)
