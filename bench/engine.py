"""How much the queue costs on SQLite, against a bare loop of committed inserts into the same kind of file.

    .venv/bin/python bench/engine.py

The peer is what SQLite can do on this disk: `sqlite3`, WAL, synchronous FULL, one row and one commit at a time.
"""

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS, ONE_BY_ONE, AT_ONCE, JOBS, CHUNK = 3, 2000, 10_000, 1000, 500


def bare_inserts(folder: Path) -> float:
    """Rows/s of the peer."""
    with sqlite3.connect(folder / "bare.sqlite3", isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS job (id integer PRIMARY KEY, task text, args text)")

        def insert() -> None:
            for number in range(ONE_BY_ONE):
                connection.execute(
                    "INSERT INTO job (task, args) VALUES ('chunk', ?)", [f'{{"chunk": {number}}}']
                )

        return ONE_BY_ONE / seconds(insert)


def deferred_one_by_one() -> float:
    """Jobs/s, each in a transaction of its own."""

    def defer() -> None:
        for number in range(ONE_BY_ONE):
            queue.defer_in_transaction("nothing", chunk=number)

    return ONE_BY_ONE / seconds(defer)


def deferred_at_once() -> float:
    """Jobs/s in one transaction, as a release is cut."""
    chunks = [{"chunk": number} for number in range(AT_ONCE)]
    return AT_ONCE / seconds(lambda: queue.defer_many_in_transaction("nothing", chunks))


def worked_off() -> float:
    """Jobs/s of one worker on jobs that do nothing: fetch, start, finish."""
    queue.defer_many_in_transaction("nothing", [{"chunk": number} for number in range(JOBS)])

    async def work() -> None:
        async with get_app().open_async():
            await get_app().run_worker_async(concurrency=4, wait=False, install_signal_handlers=False)

    return JOBS / seconds(lambda: asyncio.run(work()))


def forget_jobs() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")


def seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def main(folder: Path) -> None:
    @get_app().task(name="nothing")
    async def chunk(chunk: int) -> None:
        """Nothing: what is measured is the queue around it."""

    figures: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for measure in (lambda: bare_inserts(folder), deferred_one_by_one, deferred_at_once, worked_off):
            figures.setdefault(measure.__name__, []).append(measure())
            forget_jobs()
    bare, single, many, worked = (sorted(values)[ROUNDS // 2] for values in figures.values())
    print(f"bare sqlite3, one insert and commit at a time {bare:10,.0f} /s   (medians of {ROUNDS})")
    print(
        f"jobs deferred, one transaction each           {single:10,.0f} /s   {single / bare:6.2f} of the bare loop"
    )
    print(f"jobs deferred, {AT_ONCE:,} in one transaction      {many:10,.0f} /s   {many / bare:6.2f}")
    print(f"chunk jobs that do nothing, one worker        {worked:10,.0f} /s   {worked / bare:6.2f}")
    print(f"  = room for {worked * CHUNK:,.0f} deliveries/s in chunks of {CHUNK}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="upbeat-bench-") as temporary:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "upbeat.settings",
            "UPBEAT_DATA_DIR": temporary,
            "UPBEAT_DATABASE_URL": f"sqlite://{temporary}/engine.sqlite3",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from upbeat.delivery.engine import queue
        from upbeat.delivery.engine.app import get_app
        from upbeat.delivery.engine.sqlite_schema import TABLES

        call_command("migrate", verbosity=0, skip_checks=True)
        main(Path(temporary))
