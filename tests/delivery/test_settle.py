"""Results are written once, by whoever holds the chunk, and tokens go when nothing is owed any more."""

from datetime import timedelta

import pytest
from django.db.models import F

from tests.delivery import books
from tests.delivery.books import DAY, NOW
from upbeat.core.delivery import State
from upbeat.core.outcome import Outcome, done, later, reconnect, refused
from upbeat.delivery.cut import cut
from upbeat.delivery.models import Attempt, Chunk, Delivery
from upbeat.delivery.plan import plan_completion, plan_save
from upbeat.delivery.settle import Fenced, Intent, Tried, commit, forget_the_rest
from upbeat.fans.models import Connection, PreSave

pytestmark = pytest.mark.django_db(transaction=True)


def chunk_of(pre_save: PreSave) -> Chunk:
    plan_save(pre_save, NOW)
    cut(pre_save.campaign, NOW)
    return Chunk.objects.get(pre_save=None)


def tried(row: Delivery, outcome: Outcome) -> Tried:
    return Tried(row, outcome, NOW, 12)


def settled(chunk: Chunk, *results: Tried) -> None:
    commit(chunk.pk, chunk.epoch, results, [])


def test_a_result_and_its_attempt_are_written_together() -> None:
    chunk = chunk_of(books.fan(books.campaign()))
    settled(chunk, tried(Delivery.objects.get(), done(200)))
    row, attempt = Delivery.objects.get(), Attempt.objects.get()
    assert (row.state, row.attempts, row.next_at, row.settled_at) == ("delivered", 1, None, NOW)
    assert (attempt.asked, attempt.verdict, attempt.status, attempt.milliseconds) == ("save", "done", 200, 12)


def test_an_old_epoch_changes_nothing() -> None:
    chunk = chunk_of(books.fan(books.campaign()))
    Chunk.objects.update(epoch=F("epoch") + 1)
    with pytest.raises(Fenced):
        settled(chunk, tried(Delivery.objects.get(), done()))
    assert Delivery.objects.get().state == State.WAITING
    assert not Attempt.objects.exists()


def test_a_chunk_that_is_gone_changes_nothing() -> None:
    chunk = chunk_of(books.fan(books.campaign()))
    Chunk.objects.all().delete()
    with pytest.raises(Fenced):
        settled(chunk, tried(Delivery.objects.get(), done()))


def test_what_was_withdrawn_meanwhile_stays_withdrawn() -> None:
    chunk = chunk_of(books.fan(books.campaign()))
    read = Delivery.objects.get()
    Delivery.objects.update(state=State.WITHDRAWN, next_at=None)
    settled(chunk, tried(read, later("network", "")))
    assert Delivery.objects.get().state == State.WITHDRAWN


def test_the_second_to_settle_the_same_try_changes_nothing() -> None:
    chunk = chunk_of(books.fan(books.campaign()))
    read = Delivery.objects.get()
    settled(chunk, tried(read, later("network", "")))
    settled(chunk, tried(read, refused("scope_missing", "")))
    assert Delivery.objects.get().state == State.RETRYING


def test_of_two_who_intend_the_same_one_wins() -> None:
    chunk = chunk_of(books.fan(books.campaign()))
    read = Delivery.objects.get()
    assert commit(chunk.pk, 0, [], [Intent(read, NOW)]) == {read.pk}
    assert commit(chunk.pk, 0, [], [Intent(read, NOW)]) == set()


@pytest.mark.parametrize(
    "outcome", [done(), refused("scope_missing", ""), reconnect("")], ids=lambda one: one.reason
)
def test_tokens_are_forgotten_when_everything_has_ended(outcome: Outcome) -> None:
    chunk = chunk_of(books.fan(books.campaign()))
    settled(chunk, tried(Delivery.objects.get(), outcome))
    connection = Connection.objects.get()
    assert (bytes(connection.sealed_access), bytes(connection.sealed_refresh)) == (b"", b"")


def test_tokens_stay_while_anything_is_owed() -> None:
    pre_save = books.fan(books.campaign())
    books.choose(pre_save, playlist="New")
    plan_completion(pre_save, NOW)
    chunk = chunk_of(pre_save)
    settled(chunk, tried(Delivery.objects.get(action="save"), done()))
    assert bytes(Connection.objects.get().sealed_refresh)
    settled(chunk, tried(Delivery.objects.get(action="playlist"), done()))
    assert not bytes(Connection.objects.get().sealed_refresh)


def test_tokens_stay_for_another_campaign() -> None:
    first = books.campaign()
    pre_save = books.fan(first)
    plan_save(books.wish(books.campaign(team=first.team), pre_save.connection), NOW)
    chunk = chunk_of(pre_save)
    settled(chunk, tried(Delivery.objects.get(campaign=first), done()))
    assert bytes(Connection.objects.get().sealed_refresh)


def test_tokens_stay_an_hour_for_a_fan_who_is_still_choosing() -> None:
    chunk = chunk_of(books.fan(books.campaign(), now=NOW - timedelta(minutes=5)))
    PreSave.objects.update(completed_at=None)
    settled(chunk, tried(Delivery.objects.get(), done()))
    assert bytes(Connection.objects.get().sealed_refresh)
    assert forget_the_rest(NOW + timedelta(minutes=54)) == 0
    assert forget_the_rest(NOW + timedelta(minutes=55)) == 1


def test_a_permission_for_a_release_to_come_is_not_forgotten() -> None:
    plan_save(books.fan(books.campaign()), NOW)
    assert forget_the_rest(NOW + DAY) == 0
