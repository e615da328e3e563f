"""Due deliveries get chunks, chunks get jobs, and no row is left without."""

import time
from datetime import timedelta

import pytest
from django.db import connection

from tests.delivery import books
from tests.delivery.books import DAY, NOW
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.cut import cut, give_jobs
from upbeat.delivery.engine.queue import cancel
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.plan import plan_completion, plan_save
from upbeat.delivery.reconcile import IN_HAND, reconcile

pytestmark = pytest.mark.django_db(transaction=True)


def jobs() -> list[tuple[int, object]]:
    """The jobs that wait: the chunk's id and when."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, scheduled_at FROM procrastinate_jobs WHERE task_name = 'chunk' AND status = 'todo'"
        )
        return list(cursor.fetchall())


def waiting(campaign: Campaign, number: int, *, service: str = "spotify") -> None:
    """Many deliveries at once, for the cutting alone: of fans that need not exist one by one."""
    some = [books.fan(campaign, service) for _ in range(min(number, 3))]
    for pre_save in some:
        plan_save(pre_save, NOW)
    first = Delivery.objects.filter(campaign=campaign, service=service).first()
    assert first is not None and campaign.opens_at is not None
    targets = [books.target(campaign, f"filler {extra}") for extra in range(number - len(some))]
    Delivery.objects.bulk_create(
        Delivery(
            campaign=campaign,
            pre_save=first.pre_save,
            service=service,
            action="follow",
            target=one,
            due_at=campaign.opens_at,
            next_at=campaign.opens_at,
        )
        for one in targets
    )


def test_chunks_hold_five_hundred_and_leave_no_gap() -> None:
    campaign = books.campaign()
    waiting(campaign, 1203)
    assert cut(campaign, NOW) == 3
    chunks = list(Chunk.objects.order_by("lo"))
    sizes = [Delivery.objects.filter(id__gte=one.lo, id__lte=one.hi).count() for one in chunks]
    assert sizes == [500, 500, 203]
    assert [one.lo for one in chunks] == [1, chunks[0].hi + 1, chunks[1].hi + 1]
    assert {one.job_id for one in chunks} == {job for job, _ in jobs()}


def test_jobs_are_laid_out_for_the_instant() -> None:
    campaign = books.campaign()
    plan_save(books.fan(campaign), NOW)
    assert campaign.opens_at is not None
    cut(campaign, campaign.opens_at - timedelta(seconds=60))
    assert str(campaign.opens_at.date()) in str(jobs()[0][1])


def test_cutting_twice_adds_only_who_came_meanwhile() -> None:
    campaign = books.campaign()
    plan_save(books.fan(campaign), NOW)
    assert [cut(campaign, NOW), cut(campaign, NOW)] == [1, 0]
    plan_save(books.fan(campaign), NOW)
    assert cut(campaign, NOW) == 1
    assert Chunk.objects.count() == 2


def test_each_service_has_chunks_of_its_own() -> None:
    campaign = books.campaign()
    for service in ("spotify", "deezer"):
        plan_save(books.fan(campaign, service), NOW)
    cut(campaign, NOW)
    assert sorted(Chunk.objects.values_list("service", flat=True)) == ["deezer", "spotify"]


def test_a_campaign_whose_release_job_was_lost_is_cut_all_the_same() -> None:
    campaign = books.campaign(opens_at=NOW)
    plan_save(books.fan(campaign), NOW - DAY)
    assert reconcile(NOW) == 1
    assert reconcile(NOW) == 0


def test_nobody_is_cut_long_before_the_instant() -> None:
    plan_save(books.fan(books.campaign()), NOW)
    assert reconcile(NOW) == 0


def test_a_chunk_whose_job_was_lost_gets_another() -> None:
    campaign = books.campaign(opens_at=NOW)
    plan_save(books.fan(campaign), NOW - DAY)
    reconcile(NOW)
    lost = Chunk.objects.get().job_id
    assert lost is not None and cancel(lost)
    assert reconcile(NOW) == 1
    assert Chunk.objects.get().job_id != lost


def test_a_chunk_with_nothing_due_gets_no_job() -> None:
    campaign = books.campaign(opens_at=NOW)
    plan_save(books.fan(campaign), NOW - DAY)
    reconcile(NOW)
    cancel(Chunk.objects.get().job_id or 0)
    Delivery.objects.update(state=State.RETRYING, next_at=NOW + DAY)
    assert give_jobs(NOW, NOW) == 0
    assert give_jobs(NOW + DAY, NOW) == 1


def test_a_completion_left_undone_is_taken_up_after_a_while() -> None:
    pre_save = books.fan(books.campaign())
    books.choose(pre_save, books.target(pre_save.campaign, "a"))
    plan_completion(pre_save, NOW)
    assert reconcile(NOW + timedelta(seconds=1)) == 0
    assert reconcile(NOW + IN_HAND) == 1


def test_a_hundred_thousand_rows_are_cut_in_a_moment() -> None:
    campaign = books.campaign()
    waiting(campaign, 3)
    template = Delivery.objects.first()
    assert template is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_delivery (campaign_id, pre_save_id, service, action, state, reason, note, due_at,"
            " next_at, attempts, failures, sample)"
            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
            " SELECT campaign_id, pre_save_id, service, 'f' || i, state, '', '', due_at, next_at, 0, 0, false"
            " FROM delivery_delivery, n WHERE delivery_delivery.id = %s",
            [template.pk],
        )
    began = time.perf_counter()
    assert cut(campaign, NOW) == 201
    assert time.perf_counter() - began < 6
