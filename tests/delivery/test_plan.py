"""Wishes become rows, once, and move with the release."""

from datetime import timedelta

import pytest

from tests.delivery import books
from tests.delivery.books import DAY, NOW
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.cut import cut
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.plan import CALLED_OFF, plan_completion, plan_save, replan
from upbeat.fans.models import FollowChoice, PlaylistChoice

pytestmark = pytest.mark.django_db(transaction=True)


def rows(**only: object) -> list[tuple[str, str]]:
    return list(Delivery.objects.filter(**only).order_by("id").values_list("action", "state"))


def test_a_save_waits_for_the_instant() -> None:
    campaign = books.campaign()
    assert plan_save(books.fan(campaign), NOW) is None
    row = Delivery.objects.get()
    assert (row.action, row.state, row.due_at, row.next_at) == (
        "save",
        "waiting",
        campaign.opens_at,
        campaign.opens_at,
    )


def test_planning_twice_changes_nothing() -> None:
    pre_save = books.fan(books.campaign())
    books.choose(pre_save, books.target(pre_save.campaign, "a"), playlist="Mine")
    for _ in range(2):
        plan_save(pre_save, NOW)
        plan_completion(pre_save, NOW)
    assert rows() == [("save", "waiting"), ("follow", "queued"), ("playlist", "waiting")]
    assert Chunk.objects.count() == 1


def test_deezers_artist_is_followed_with_the_release_and_not_before() -> None:
    pre_save = books.fan(books.campaign(), "deezer")
    assert plan_save(pre_save, NOW) is None
    follow = Delivery.objects.get(action="follow")
    assert (follow.target, follow.due_at) == (None, pre_save.campaign.opens_at)


def test_a_completion_gives_the_chunk_of_what_is_due_at_once() -> None:
    pre_save = books.fan(books.campaign())
    plan_save(pre_save, NOW)
    books.choose(
        pre_save, books.target(pre_save.campaign, "a"), books.target(pre_save.campaign, "b"), playlist="New"
    )
    chunk = plan_completion(pre_save, NOW)
    follows = Delivery.objects.filter(action="follow").order_by("id").values_list("id", flat=True)
    assert chunk is not None and chunk.job_id is None
    assert (chunk.pre_save, chunk.lo, chunk.hi) == (pre_save, follows[0], follows[1])


def test_a_completion_without_follows_has_nothing_to_do_at_once() -> None:
    pre_save = books.fan(books.campaign())
    plan_save(pre_save, NOW)
    assert plan_completion(pre_save, NOW) is None


def test_what_a_second_completion_no_longer_chooses_is_withdrawn() -> None:
    pre_save = books.fan(books.campaign())
    books.choose(pre_save, books.target(pre_save.campaign, "a"), playlist="New")
    plan_completion(pre_save, NOW)
    FollowChoice.objects.all().delete()
    PlaylistChoice.objects.all().delete()
    plan_completion(pre_save, NOW)
    assert rows() == [("follow", "withdrawn"), ("playlist", "withdrawn")]


def test_a_fan_who_comes_back_starts_over_what_had_failed() -> None:
    pre_save = books.fan(books.campaign())
    plan_save(pre_save, NOW)
    Delivery.objects.update(state=State.NEEDS_FAN, reason="grant_dead", next_at=None, settled_at=NOW)
    plan_save(pre_save, NOW)
    assert rows() == [("save", "waiting")]


def test_a_pre_save_after_the_release_is_due_at_once_and_has_a_job() -> None:
    pre_save = books.fan(books.campaign(opens_at=NOW - DAY))
    chunk = plan_save(pre_save, NOW)
    assert chunk is not None and chunk.job_id is not None
    assert rows() == [("save", "queued")]


def test_a_release_that_moves_takes_every_open_delivery_along() -> None:
    campaign = books.campaign()
    plan_save(books.fan(campaign), NOW)
    assert campaign.opens_at is not None
    cut(campaign, campaign.opens_at)
    campaign.opens_at += DAY
    campaign.save()
    replan(campaign, NOW)
    row = Delivery.objects.get()
    assert (row.state, row.due_at, row.next_at) == ("waiting", campaign.opens_at, campaign.opens_at)
    assert not Chunk.objects.exists()


def test_a_release_that_moves_leaves_what_was_delivered_and_todays_follows_alone() -> None:
    campaign = books.campaign()
    done, pre_save = books.fan(campaign), books.fan(campaign)
    plan_save(done, NOW)
    Delivery.objects.update(state=State.DELIVERED, next_at=None)
    books.choose(pre_save, books.target(campaign, "a"))
    plan_completion(pre_save, NOW)
    campaign.opens_at = NOW + 9 * DAY
    campaign.save()
    replan(campaign, NOW)
    assert rows() == [("save", "delivered"), ("follow", "queued")]
    assert Delivery.objects.get(action="follow").next_at == NOW


def test_a_release_moved_into_the_past_is_due_now() -> None:
    campaign = books.campaign()
    plan_save(books.fan(campaign), NOW)
    campaign.opens_at = NOW - timedelta(hours=1)
    campaign.save()
    replan(campaign, NOW)
    assert Delivery.objects.get().next_at == NOW


def test_a_campaign_called_off_delivers_to_nobody_and_can_be_taken_up_again() -> None:
    campaign = books.campaign()
    plan_save(books.fan(campaign), NOW)
    campaign.state = Campaign.WITHDRAWN
    campaign.save()
    replan(campaign, NOW)
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.next_at) == ("withdrawn", CALLED_OFF, None)
    campaign.state = Campaign.PUBLISHED
    campaign.save()
    replan(campaign, NOW)
    assert rows() == [("save", "waiting")]
