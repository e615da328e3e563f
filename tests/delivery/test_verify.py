"""A sample of what was delivered is read back from the service, and what that showed is kept."""

import re
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.delivery import books
from tests.delivery.books import NOW
from tests.delivery.night import Night
from tests.delivery.test_crash import wait_until, worker
from tests.sandbox_process import Sandbox
from tests.web.night_books import Lot, book
from upbeat import clock
from upbeat.core import sample
from upbeat.core.delivery import State
from upbeat.delivery.cut import cut
from upbeat.delivery.models import Attempt, Batch, Chunk, Delivery
from upbeat.delivery.sample import choose
from upbeat.delivery.settle import forget_the_rest
from upbeat.delivery.taking import open_rows
from upbeat.delivery.verify import read_some
from upbeat.fans.models import Connection

pytestmark = pytest.mark.django_db(transaction=True)
LIBRARY = {"service": "spotify", "method": "PUT", "path": "/me/library"}


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Night:
    return Night(sandbox)


def read(night: Night, service: str = "spotify") -> object:
    """One turn of the reading."""
    return night.run(lambda: read_some(night.campaign.pk, service, now=night.now))


def kept() -> int:
    return Connection.objects.exclude(sealed_access=b"", sealed_refresh=b"").count()


@pytest.mark.parametrize("service", ["spotify", "deezer"])
def test_a_sample_is_read_back_half_a_minute_later_and_then_forgotten(night: Night, service: str) -> None:
    night.crowd(service, 40, reads=True)
    night.release()
    night.deliver()
    chosen = Delivery.objects.filter(sample=True, state="delivered").count()
    assert chosen > 0 and kept() == chosen, "who is to be read back, and nobody else, keeps a permission"
    assert read(night, service) is not None
    assert Batch.objects.get().sample_read == 25, "too early for more than the canary"
    night.move(seconds=31)
    while read(night, service) is not None:
        pass
    batch = Batch.objects.get()
    assert batch.sample_read == batch.sample_good == 25 + chosen >= sample.size(40)
    assert batch.sampled_at is not None
    assert Delivery.objects.filter(state="verified").count() == batch.sample_good
    assert kept() == 0


def test_what_is_not_there_again_stays_delivered_and_says_so(night: Night) -> None:
    night.crowd("spotify", 40, reads=True)
    night.release()
    night.sandbox.fault("forgetful", match=LIBRARY, after=25)
    night.deliver()
    night.move(seconds=31)
    read(night)
    missing = Delivery.objects.filter(reason="not_found_again")
    batch = Batch.objects.get()
    assert {row.state for row in missing} == {"delivered"} and missing.count() > 0
    assert batch.sample_read - batch.sample_good == missing.count()
    assert batch.held_at is None
    (last,) = Attempt.objects.filter(delivery=missing[0], asked="read back")
    assert (last.reason, bool(last.note), last.status) == ("not_found_again", True, None)


def test_a_worker_reads_back_by_itself(night: Night) -> None:
    night.crowd("spotify", 40, reads=True)
    assert night.campaign.opens_at is not None
    night.release()
    clock.move(night.campaign.opens_at + timedelta(seconds=1) - clock.now())
    with worker(night.sandbox) as process:
        wait_until(lambda: not Delivery.objects.filter(next_at__isnull=False).exists(), process)
        chosen = Delivery.objects.filter(sample=True, state="delivered").count()
        clock.move(timedelta(seconds=60))
        wait_until(lambda: not Delivery.objects.filter(sample=True).exists(), process)
    assert Batch.objects.get().sample_good == 25 + chosen
    assert kept() == 0


def test_a_playlist_is_read_back_with_the_save(night: Night) -> None:
    night.fan("Ada", "deezer", playlist="Friday", reads=True)
    night.release()
    night.deliver()
    night.move(seconds=31)
    read(night, "deezer")
    rows = Delivery.objects.exclude(action="follow").values_list("action", "state")
    assert sorted(rows) == [("playlist", "verified"), ("save", "verified")]


def test_nobody_is_read_back_who_has_not_allowed_it(night: Night) -> None:
    night.crowd("spotify", 10)
    night.release()
    night.deliver()
    assert not Delivery.objects.filter(sample=True).exists() and kept() == 0
    assert night.sandbox.calls(path="contains") == []


def test_reading_waits_until_everybody_has_been_served(night: Night) -> None:
    night.crowd("spotify", 40, reads=True)
    night.release()
    night.deliver()
    waits = Delivery.objects.filter(sample=False, state="delivered").first()
    waits = waits or Delivery.objects.filter(state="verified").first()
    assert waits is not None
    Delivery.objects.filter(pk=waits.pk).update(state=State.QUEUED, next_at=night.now(), settled_at=None)
    night.move(minutes=5)
    before = Batch.objects.get().sample_read
    read(night)
    assert Batch.objects.get().sample_read == before
    night.move(hours=1)
    read(night)
    assert Batch.objects.get().sample_read > before, "but not longer than an hour"


def test_a_permission_is_kept_for_reading_for_a_day_at_the_most(night: Night) -> None:
    night.crowd("spotify", 40, reads=True)
    night.release()
    night.deliver()
    assert kept() > 0
    night.move(hours=23)
    forget_the_rest(night.now())
    assert kept() > 0
    night.move(hours=2)
    forget_the_rest(night.now())
    assert kept() == 0
    assert read(night) is None


def test_a_sample_of_many_is_chosen_from_all_of_them_in_a_moment() -> None:
    campaign = books.campaign()
    book(campaign, [Lot("spotify", State.WAITING, 20_000), Lot("deezer", State.WAITING, 500)], NOW)
    Connection.objects.update(scopes=["user-library-modify", "user-library-read"])
    cut(campaign, NOW)
    chunks = list(Chunk.objects.filter(service="spotify"))
    Delivery.objects.update(sample=False)
    began = time.perf_counter()
    chosen = choose(campaign.pk, "spotify", chunks, 0, NOW)
    assert time.perf_counter() - began < 1
    assert chosen in (98, 99) and sample.size(20_000) == 98
    ids = list(Delivery.objects.filter(sample=True, service="spotify").values_list("id", flat=True))
    assert len({one.pk for one in chunks for pk in ids if one.lo <= pk <= one.hi}) > 25, "from all of them"


def test_who_comes_later_is_sampled_in_the_same_part() -> None:
    campaign = books.campaign()
    book(campaign, [Lot("spotify", State.WAITING, 5_000)], NOW)
    Connection.objects.update(scopes=["user-library-modify", "user-library-read"])
    cut(campaign, NOW)
    before = Delivery.objects.filter(sample=True).count()
    book(campaign, [Lot("spotify", State.WAITING, 30)], NOW)
    Connection.objects.update(scopes=["user-library-modify", "user-library-read"])
    cut(campaign, NOW)
    assert Delivery.objects.filter(sample=True).count() - before <= 10


@pytest.mark.only_on("sqlite")
def test_a_chunk_is_read_by_its_range_and_nothing_else() -> None:
    campaign = books.campaign()
    book(campaign, [Lot("spotify", State.WAITING, 2_000)], NOW)
    cut(campaign, NOW)
    due = open_rows(Chunk.objects.earliest("lo")).filter(next_at__lte=NOW)
    by_range = re.compile(r"PRIMARY KEY \(rowid>\? AND rowid<\?\)|delivery_open \(.* AND id>\? AND id<\?\)")
    assert by_range.search(due.order_by("id").explain())
    with CaptureQueriesContext(connection) as asked:
        due.update(state=State.IN_PROGRESS)
    (update,) = [one["sql"] for one in asked if one["sql"].startswith("UPDATE")]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {update}")
        assert by_range.search(" ".join(str(row[-1]) for row in cursor.fetchall()))
    read = Delivery.objects.filter(campaign=campaign, service="spotify", sample=True)
    assert "INDEX delivery_to_read_back (campaign_id=? AND service=?)" in read.explain()
