"""The delivery page of a campaign with 500,000 fans (1.5 million rows), at rest and while fans are served.

    .venv/bin/python bench/delivery_page.py [--postgresql] [--fans 500000]

Each figure stands beside its limit. A page that is open asks each two seconds; here ten are open at once.
"""

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

PAGE_MS, COUNT_MS, SHARE = 100.0, 1000.0, 0.06
ROUNDS, SERVED_SECONDS, OPEN_PAGES, EVERY_SECONDS = 9, 20.0, 10, 2.0
BATCH, BATCH_SECONDS = 50, 0.2


def measured(what: str, run: Callable[[], object], limit: float, rounds: int = ROUNDS) -> None:
    """The median of some runs, and how much of it this process was at work (the rest it waited for the machine)."""
    took, worked = [], []
    for _ in range(rounds):
        began, at_work = time.perf_counter(), time.process_time()
        run()
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - at_work))
    told(what, statistics.median(took), limit, f"   at work {statistics.median(worked):,.0f} ms")


def told(what: str, figure: float, limit: float, more: str = "", unit: str = "ms") -> None:
    verdict = "ok" if figure <= limit else "MISSED"
    print(f"{what:52}{figure:9,.1f} {unit:3} limit {limit:7,.1f}  {verdict:6}{more}")


def seed(fans: int, now: datetime) -> Any:
    """Two services in the middle of the night: a good half is served."""
    campaign = ready(person("Ada"), day="2027-03-26")
    campaign.opens_at, campaign.state, campaign.slug = (
        now - timedelta(minutes=10),
        Campaign.PUBLISHED,
        "night",
    )
    campaign.save()
    beside = ("playlist", "follow")
    shares = {
        (State.DELIVERED, ""): 0.55, (State.QUEUED, ""): 0.38, (State.RETRYING, "rate_limited"): 0.03,
        (State.NEEDS_FAN, "grant_dead"): 0.02, (State.REFUSED, "library_full"): 0.01,
        (State.WITHDRAWN, ""): 0.01,
    }  # fmt: skip
    for service, part in (("spotify", 0.8), ("deezer", 0.2)):
        lots = [
            Lot(service, state, int(fans * part * share), reason, beside)
            for (state, reason), share in shares.items()
        ]
        book(campaign, lots, now)
    return campaign


def plan(campaign: Any) -> str:
    """How the store counts."""
    by_state = campaign.deliveries.order_by().values_list("service", "action", "state", "reason")
    return by_state.annotate(number=Count("*")).explain()


def served(campaign: Any, stop: threading.Event) -> None:
    """Settle fans in batches, as the engine does, until told to stop."""
    rows = campaign.deliveries.filter(action="save", state=State.QUEUED).order_by("id")
    try:
        while not stop.wait(BATCH_SECONDS):
            few = list(rows.values_list("id", flat=True)[:BATCH])
            campaign.deliveries.filter(pk__in=few).update(state=State.DELIVERED, next_at=None)
    finally:
        connection.close()


def watched(client: Any, address: str, campaign: Any) -> tuple[list[float], float]:
    """Ask as ten open pages do while fans are served: how long each answer took, and the share spent on counting."""
    took: list[float] = []
    counting = 0.0
    plain = delivery_counts.counts

    def timed(of: Any) -> Any:
        nonlocal counting
        began = time.perf_counter()
        found = plain(of)
        counting += time.perf_counter() - began
        return found

    stop = threading.Event()
    writer = threading.Thread(target=served, args=(campaign, stop))
    delivery_counts.counts = timed
    began = time.perf_counter()
    writer.start()
    while time.perf_counter() - began < SERVED_SECONDS:
        at = time.perf_counter()
        client.get(address)
        took.append(1000 * (time.perf_counter() - at))
        time.sleep(max(EVERY_SECONDS / OPEN_PAGES - (time.perf_counter() - at), 0))
    stop.set()
    writer.join()
    delivery_counts.counts = plain
    return took, counting / SERVED_SECONDS


def main(fans: int) -> None:
    campaign = seed(fans, clock.now())
    rows = campaign.deliveries.count()
    print(f"{connection.vendor}: {fans:,} fans, {rows:,} deliveries")
    print(plan(campaign))
    client = desk(campaign.team.members.get().person)
    page, figures = (f"/dashboard/releases/{campaign.pk}/delivery{part}" for part in ("", "/figures"))
    measured("counting all, one grouped query", lambda: delivery_counts.counts(campaign), COUNT_MS, 5)
    client.get(page)
    measured("the page, warm", lambda: client.get(page), PAGE_MS)
    same = {"If-None-Match": client.get(figures).headers["ETag"]}
    measured("what moves, nothing new (304)", lambda: client.get(figures, headers=same), PAGE_MS)
    measured("the list of releases, warm", lambda: client.get("/dashboard"), PAGE_MS)
    took, share = watched(client, figures, campaign)
    told(f"{len(took)} answers while fans are served, the median", statistics.median(took), PAGE_MS)
    told("  the slowest in a hundred", statistics.quantiles(took, n=100)[98], COUNT_MS)
    told("  of the time spent on counting", 100 * share, 100 * SHARE, unit="%")


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--fans", type=int, default=500_000)
    chosen = asked.parse_args()
    with ExitStack() as borrowed:
        folder = borrowed.enter_context(tempfile.TemporaryDirectory(prefix="upbeat-bench-"))
        url = f"sqlite://{folder}/page.sqlite3"
        if chosen.postgresql:
            from tests.postgres import cluster

            url = borrowed.enter_context(cluster())
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "upbeat.settings",
            "UPBEAT_DATA_DIR": folder,
            "UPBEAT_DATABASE_URL": url,
        }
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection
        from django.db.models import Count

        from tests.web.desk import desk, person, ready
        from tests.web.night_books import Lot, book
        from upbeat import clock
        from upbeat.campaigns.models import Campaign
        from upbeat.core.delivery import State
        from upbeat.delivery import counts as delivery_counts

        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("migrate", verbosity=0, skip_checks=True)
        main(chosen.fans)
