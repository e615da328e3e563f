"""A handful goes first and is read back: only what really arrives lets everybody else go."""

import asyncio
from datetime import timedelta

import pytest
from django.db.models import F

from tests.delivery.night import TITLE, Night, states
from tests.sandbox_process import Sandbox
from upbeat.delivery import guard, verify
from upbeat.delivery.models import Alarm, Attempt, Batch, Chunk, Delivery, Tally
from upbeat.delivery.reconcile import reconcile
from upbeat.delivery.taking import begin, leave
from upbeat.fans.models import Connection
from upbeat.fans.tokens import keep_tokens

pytestmark = pytest.mark.django_db(transaction=True)
LIBRARY = {"service": "spotify", "method": "PUT", "path": "/me/library"}


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Night:
    monkeypatch.setattr(Chunk, "MOST", 50)
    monkeypatch.setattr(verify, "PAUSES", (0.0, 0.2, 0.4))
    return Night(sandbox)


def in_state(state: str) -> int:
    return Delivery.objects.filter(state=state).count()


def saved(night: Night, service: str = "spotify") -> int:
    return sum(
        [album["name"] for album in fan["albums"]] == [TITLE] for fan in night.sandbox.fans(service).values()
    )


def batch() -> Batch:
    return Batch.objects.get()


@pytest.mark.parametrize("service", ["spotify", "deezer"])
def test_a_handful_goes_first_and_everybody_after_it(night: Night, service: str) -> None:
    night.crowd(service, 70, reads=True)
    night.release()
    night.deliver()
    assert saved(night, service) <= 50, "the other chunks went away"
    assert batch().canary_passed_at is not None
    assert (batch().canary_read, batch().canary_good, batch().sample_good) == (25, 25, 25)
    night.deliver()
    assert saved(night, service) == 70
    assert Delivery.objects.filter(action="save", state="verified").count() == 25
    assert {state for _, state, _ in states()} == {"delivered", "verified"}
    assert Attempt.objects.filter(asked="read back", verdict="done").count() == 25


def test_who_waits_for_the_canary_gets_a_job_the_moment_it_has_passed(night: Night) -> None:
    night.crowd("spotify", 60, reads=True)
    night.release()
    night.deliver()
    assert all(one.job_id is not None for one in Chunk.objects.all())


def test_a_service_that_forgets_is_stopped_at_the_canary_and_the_team_told(night: Night) -> None:
    night.crowd("spotify", 60, reads=True)
    night.release()
    night.sandbox.fault("forgetful", match=LIBRARY)
    for _ in range(3):
        night.deliver()
    assert len(night.sandbox.calls(service="spotify", method="PUT", path="/me/library")) == 25
    assert batch().held_at is not None and batch().canary_passed_at is None
    assert (batch().canary_read, batch().canary_good) == (25, 0)
    assert Delivery.objects.filter(state="delivered", reason="not_found_again").count() == 25
    assert {(row[1], row[2]) for row in states(next_at__isnull=False)} == {("queued", "held")}
    (alarm,) = Alarm.objects.all()
    assert (alarm.kind, alarm.service) == ("held", "spotify") and "25 of the first 25" in alarm.sentence


def test_the_team_can_let_a_stopped_batch_go_on(night: Night) -> None:
    night.crowd("spotify", 60, reads=True)
    night.release()
    night.sandbox.fault("forgetful", match=LIBRARY)
    night.deliver()
    night.sandbox.no_faults()
    assert guard.release_batch(batch(), None, night.now())
    night.deliver()
    assert saved(night) == 35
    assert Alarm.objects.get().ended_at is not None
    assert not guard.release_batch(batch(), None, night.now())


def test_what_a_service_shows_a_moment_late_is_no_reason_to_stop(night: Night) -> None:
    night.crowd("spotify", 30, reads=True)
    night.release()
    night.sandbox.fault("forgetful", seconds=0.3, match=LIBRARY, times=25)
    night.deliver()
    assert batch().canary_passed_at is not None and batch().held_at is None
    assert saved(night) == 30


def test_single_fans_who_took_it_out_again_are_no_reason_to_stop(night: Night) -> None:
    night.crowd("spotify", 30, reads=True)
    night.release()
    night.sandbox.fault("forgetful", match=LIBRARY, times=3)
    night.deliver()
    assert (batch().canary_read, batch().canary_good) == (25, 22)
    assert in_state("verified") == 22 and in_state("delivered") == 8
    again = Delivery.objects.filter(sample=True, tries__asked="read back")
    assert not again.exists() and Delivery.objects.filter(sample=True).count() >= 3, (
        "they are looked at again"
    )


def test_where_nobody_may_be_read_back_the_services_word_is_enough(night: Night) -> None:
    night.crowd("spotify", 60)
    night.release()
    night.deliver()
    night.deliver()
    assert (batch().canary_read, batch().canary_passed_at is not None) == (0, True)
    assert saved(night) == 60
    assert night.sandbox.calls(path="contains") == []


def test_dead_grants_neither_pass_nor_fail_it(night: Night) -> None:
    night.crowd("spotify", 60, reads=True)
    Connection.objects.update(sealed_access=b"", sealed_refresh=b"")
    alive = Connection.objects.order_by("-id")[:12]
    given = night.grant("Ada", reads=True)
    for one in alive:
        keep_tokens(one.pk, one.token_version, given, night.now())
    night.release()
    for _ in range(3):
        night.deliver()
    assert batch().canary_passed_at is not None
    assert 0 < batch().canary_read <= 12
    assert in_state("delivered") + in_state("verified") == 12


def test_it_is_not_the_first_fan_of_a_service_that_is_down(night: Night) -> None:
    night.crowd("spotify", 60, reads=True)
    night.release()
    night.sandbox.fault("error", status=503, match=LIBRARY)
    night.deliver()
    assert batch().canary_passed_at is None and batch().held_at is None
    assert len(night.sandbox.calls(service="spotify", method="PUT", path="/me/library")) == 25
    night.sandbox.no_faults()
    night.deliver()
    assert batch().canary_passed_at is not None
    night.move(minutes=5)
    night.deliver()
    assert saved(night) == 60


def test_a_canary_whose_process_died_is_read_back_by_the_next(night: Night) -> None:
    night.crowd("spotify", 30, reads=True)
    night.release()
    night.sandbox.fault("delay", seconds=30, match={"path": "contains"})

    async def cut_short() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(night.turn(), 1)

    night.run(cut_short)
    night.sandbox.no_faults()
    assert in_state("delivered") == 25 and batch().canary_passed_at is None
    night.deliver()
    assert (batch().canary_read, saved(night)) == (25, 30)
    writes = night.sandbox.calls(service="spotify", method="PUT", path="/me/library")
    assert len(writes) == 30, "nobody twice"


def test_it_costs_the_others_less_than_a_second(night: Night) -> None:
    night.crowd("spotify", 60, reads=True)
    night.sandbox.fault("delay", seconds=0.15, match={"service": "spotify"})
    night.release()
    night.deliver()
    began, passed = batch().canary_began_at, batch().canary_passed_at
    assert began is not None and passed is not None
    assert passed - began < timedelta(seconds=1), "three calls of 150 ms one after the other, and little more"


def test_a_late_fan_waits_for_nobody_and_is_canary_where_there_was_none(night: Night) -> None:
    night.release()
    night.fan("Ada", reads=True)
    night.deliver()
    assert states() == [("save", "verified", "done")]
    night.fan("Ben")
    night.deliver()
    assert [row[1] for row in states()] == ["verified", "delivered"]


def test_taken_rows_are_in_progress_and_go_back_to_the_queue(night: Night) -> None:
    night.fan("Ada")
    night.release()
    night.deliver()
    night.fan("Ben")
    night.fan("Cleo")
    reconcile(night.now())
    chunk = Chunk.objects.filter(pre_save=None).latest("id")
    work = begin(chunk.pk, night.now())
    assert work is not None and in_state("in_progress") == len(work.rows) > 0
    Chunk.objects.filter(pk=chunk.pk).update(epoch=F("epoch") + 1)
    leave(work, 0, night.now())
    assert in_state("in_progress") == len(work.rows), "not ours any more"
    work = begin(chunk.pk, night.now())
    assert work is not None
    leave(work, 0, night.now())
    assert in_state("in_progress") == 0 and in_state("queued") == len(work.rows)


def test_a_batch_says_when_nobody_was_left(night: Night) -> None:
    night.fan("Ada")
    night.fan("Ben")
    night.release()
    night.sandbox.fault("error", status=500, times=1, match=LIBRARY)
    night.deliver()
    assert batch().done_at is None
    night.move(minutes=2)
    night.deliver()
    done = batch().done_at
    assert done is not None
    night.fan("Cleo")  # in a chunk of her own and in that of the late ones: both may try
    night.sandbox.fault("error", status=500, times=2, match=LIBRARY)
    night.deliver()
    assert batch().done_at is None


def test_five_seconds_are_counted_as_they_were(night: Night) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        night.fan(name, playlist="Friday" if name == "Ada" else "")
    night.release()
    night.sandbox.fault("error", status=500, times=1, match=LIBRARY)
    night.deliver()
    assert sum(Tally.objects.values_list("tried", flat=True)) == Attempt.objects.count() == 4
    assert sum(Tally.objects.values_list("delivered", flat=True)) == 2
    assert all(one.at.timestamp() % Tally.SECONDS == 0 for one in Tally.objects.all())
