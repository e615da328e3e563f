"""Five million due deliveries are cut into chunks, and looked over by the reconciler, on both stores.

    .venv/bin/python bench/cut.py [--store sqlite|postgresql] [--rows 5000000]

The rows are written set by set, of one pre-save and as many made-up targets: for the cutting it is one campaign on one
service. Limits: 5 s on PostgreSQL, 10 s on SQLite; `given` is one round of the reconciler while every chunk has a job,
`parked` one while nothing is due because the release is not there, `done` one when everybody has been served. Both come
right after one UPDATE of all rows, before PostgreSQL has analysed and vacuumed them: they are the worst there is.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from night import ROOT, Stub, stage

LIMITS = {"postgresql": 5.0, "sqlite": 10.0}
# Both stores know this form.
_MULTIPLY = """
INSERT INTO delivery_delivery (campaign_id, pre_save_id, service, action, state, reason, note, due_at, next_at,
                               attempts, failures, sample)
SELECT campaign_id, pre_save_id, service, 's' || (id + {add}), state, reason, note, due_at, next_at, 0, 0, {false}
  FROM delivery_delivery WHERE id <= {most}
"""


def fill(rows: int) -> Any:
    """A campaign that opens now, with so many deliveries."""
    from django.db import connection, transaction

    from tests.delivery import books
    from upbeat import clock
    from upbeat.delivery.models import Delivery

    now = clock.now()
    campaign = books.campaign(now)
    books.out(campaign)
    pre_save = books.fan(campaign)
    Delivery.objects.create(
        campaign=campaign, pre_save=pre_save, service="spotify", action="save", state="waiting",
        due_at=now, next_at=now,
    )  # fmt: skip
    false = "0" if connection.vendor == "sqlite" else "false"
    there = 1
    while there < rows:
        more = min(there, rows - there)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_MULTIPLY.format(add=there, most=more, false=false))
        there += more
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return campaign


def seconds(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def measure(store: str, rows: int) -> bool:
    with stage(store, Stub("http://127.0.0.1:9")):
        from upbeat import clock
        from upbeat.delivery.engine.app import get_app
        from upbeat.delivery.models import Delivery

        get_app()
        print(f"{store}: writing {rows:,} deliveries took {seconds(lambda: fill(rows)):.0f} s", flush=True)
        campaign, now = Delivery.objects.select_related("campaign").all()[0].campaign, clock.now()
        cutting = cut_all(store, campaign, now)
        look_over(store, now)
        Delivery.objects.update(state="waiting", next_at=now)
        move(store, campaign, now)
        return cutting <= LIMITS[store]


def cut_all(store: str, campaign: Any, now: datetime) -> float:
    """Print how long the cutting took; returns it."""
    from upbeat.delivery.cut import cut
    from upbeat.delivery.models import Chunk

    before, cpu = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    cutting = seconds(lambda: cut(campaign, now))
    cpu, more = time.process_time() - cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    verdict = "within" if cutting <= LIMITS[store] else "OVER"
    print(
        f"{store}: cut into {Chunk.objects.count():,} chunks with jobs in {cutting:.1f} s, {verdict} the limit of "
        f"{LIMITS[store]:.0f} s ({cpu:.1f} s of this process's CPU, {more / 1024:.0f} MB)",
        flush=True,
    )
    return cutting


def look_over(store: str, now: datetime) -> None:
    """Rounds of the reconciler, with everything as it may stand."""
    from upbeat.delivery.models import Chunk, Delivery
    from upbeat.delivery.reconcile import reconcile

    def two_rounds() -> str:
        return f"{seconds(lambda: reconcile(now)):.2f} s, the next {seconds(lambda: reconcile(now)):.2f} s"

    print(f"{store}: a round of the reconciler: given {two_rounds()}", end="", flush=True)
    parking = seconds(
        lambda: Delivery.objects.update(state="pending_source", next_at=now + timedelta(days=14))
    )
    Chunk.objects.update(job_id=None)
    print(f"; parked {two_rounds()}", end="", flush=True)
    Delivery.objects.update(state="delivered", next_at=None)
    print(f"; done {two_rounds()}  (one UPDATE of all rows takes {parking:.0f} s)", flush=True)


def move(store: str, campaign: Any, now: datetime) -> None:
    from upbeat.delivery.plan import replan

    campaign.opens_at = now + timedelta(days=1)
    campaign.save()
    print(
        f"{store}: moving the release with all its deliveries {seconds(lambda: replan(campaign, now)):.0f} s",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=list(LIMITS))
    parser.add_argument("--rows", type=int, default=5_000_000)
    asked = parser.parse_args()
    if asked.store:
        return 0 if measure(asked.store, asked.rows) else 1
    # Settings are read once in a process: one for each store.
    command = [sys.executable, __file__, "--rows", str(asked.rows), "--store"]
    return max(
        subprocess.run([*command, store], check=False, env=os.environ, cwd=ROOT).returncode
        for store in LIMITS
    )


if __name__ == "__main__":
    sys.exit(main())
