"""kill -9 of real workers: nothing that was running stays lost."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.delivery.engine_process import LEASE_SECONDS, REFUSED
from tests.delivery.engine_stores import BOTH, Store, maker, one_store, own_cluster  # noqa: F401 - fixtures

on_both_stores = pytest.mark.parametrize("store", BOTH, indirect=True)
on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
START_SECONDS = 15.0


class Notes:
    """What the workers of a test wrote down: who began and ended which job."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def of(self, word: str) -> list[tuple[int, int]]:
        lines = self.path.read_text("ascii").splitlines() if self.path.exists() else []
        return [(int(job), int(pid)) for said, job, pid in map(str.split, lines) if said == word]

    def wait(self, so: Callable[[], bool], seconds: float) -> float:
        began = time.monotonic()
        while not so():
            assert time.monotonic() - began < seconds, (
                self.path.read_text("ascii") if self.path.exists() else "nothing"
            )
            time.sleep(0.01)
        return time.monotonic() - began


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes")


@contextmanager
def process(mode: str, store: Store, notes: Notes) -> Iterator[subprocess.Popen[str]]:
    """A worker of its own that is up and working; killed at the end if it still lives."""
    command = [sys.executable, "-m", "tests.delivery.engine_process", mode, str(notes.path)]
    environment = store.environment(notes.path.parent / "data")
    worker = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
        yield worker
    finally:
        worker.kill()
        worker.wait()


@on_both_stores
def test_a_job_whose_worker_was_killed_runs_again_in_another(store: Store, notes: Notes) -> None:
    job_id = store.app().configure_task("probe").defer(seconds=60)
    with process("worker", store, notes) as first:
        notes.wait(lambda: bool(notes.of("began")), START_SECONDS)
        with process("worker", store, notes) as second:
            first.kill()
            notes.wait(
                lambda: notes.of("began") == [(job_id, first.pid), (job_id, second.pid)],
                START_SECONDS,
            )


@on_both_stores
def test_a_worker_that_was_frozen_does_not_take_itself_for_dead(store: Store, notes: Notes) -> None:
    job_id = store.app().configure_task("probe").defer(seconds=4)
    with process("worker", store, notes) as worker:
        notes.wait(lambda: bool(notes.of("began")), START_SECONDS)
        worker.send_signal(signal.SIGSTOP)
        time.sleep(sum(LEASE_SECONDS) + 0.5)
        worker.send_signal(signal.SIGCONT)
        notes.wait(lambda: bool(notes.of("ended")), START_SECONDS)
        time.sleep(2 * sum(LEASE_SECONDS))
        assert notes.of("began") == notes.of("ended") == [(job_id, worker.pid)]


@on_both_stores
def test_two_workers_share_the_jobs_and_run_each_once(store: Store, notes: Notes) -> None:
    with process("worker", store, notes) as first, process("worker", store, notes) as second:
        notes.wait(lambda: store.rows("SELECT count(*) FROM procrastinate_workers") == [(2,)], START_SECONDS)
        ids = store.app().configure_task("probe").batch_defer(*({"seconds": 1} for _ in range(16)))
        notes.wait(lambda: len(notes.of("ended")) >= len(ids), 20)
        time.sleep(0.5)
        assert sorted(job for job, _ in notes.of("began")) == ids
        assert {pid for _, pid in notes.of("began")} == {first.pid, second.pid}


@on_sqlite
def test_an_embedded_worker_adopts_what_a_killed_one_left(store: Store, notes: Notes) -> None:
    ids = store.app().configure_task("probe").batch_defer({"seconds": 2}, {"seconds": 2})
    with process("embedded", store, notes) as first:
        notes.wait(lambda: len(notes.of("began")) == 2, START_SECONDS)
        first.kill()
        first.wait()
    with process("embedded", store, notes) as second:
        began = time.monotonic()
        again = [(job_id, second.pid) for job_id in ids]
        notes.wait(lambda: sorted(notes.of("began")[2:]) == again, 10)
        assert time.monotonic() - began < 3
        notes.wait(lambda: sorted(notes.of("ended")) == again, 5)


@on_sqlite
def test_a_second_process_on_the_same_data_is_refused_in_plain_words(store: Store, notes: Notes) -> None:
    with process("embedded", store, notes) as first:
        time.sleep(0.3)
        command = [sys.executable, "-m", "tests.delivery.engine_process", "embedded", str(notes.path)]
        data = notes.path.parent / "data"
        second = subprocess.run(
            command, env=store.environment(data), capture_output=True, text=True, check=False
        )
        assert second.returncode == REFUSED
        assert second.stdout == (
            f"Another Upbeat is already running on this data: {data} (process {first.pid}). "
            "Stop it first, or give this one a folder of its own with UPBEAT_DATA_DIR.\n"
        )
    with process("embedded", store, notes) as third:
        assert third.poll() is None
