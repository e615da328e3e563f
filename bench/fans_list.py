"""The fans, one fan's story, the report and the exports of a campaign with 500,000 fans, on both stores.

    .venv/bin/python bench/fans_list.py [--store sqlite|postgresql] [--fans 500000]

`first` is the first look, when nothing is kept yet; a page that is open afterwards meets figures that were counted a
moment ago (`web.dashboard.recent`). Each figure is the median beside its limit, and how much of it this process was at
work: the rest it waited for the machine or for PostgreSQL.
"""

import argparse
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from night import ROOT, Stub, stage

PAGE_MS, REPORT_MS, EXPORT_MB = 100.0, 2_000.0, 16.0
ROUNDS = 9
_CODES = """
UPDATE fans_fan SET code = 'F-' || substr('{signs}', CAST((id * 48271 % 729000000) / 24300000 AS INTEGER) + 1, 1)
  || substr('{signs}', CAST((id * 48271 % 24300000) / 810000 AS INTEGER) + 1, 1)
  || substr('{signs}', CAST((id * 48271 % 810000) / 27000 AS INTEGER) + 1, 1)
  || substr('{signs}', CAST((id * 48271 % 27000) / 900 AS INTEGER) + 1, 1) || '-'
  || substr('{signs}', CAST((id * 48271 % 900) / 30 AS INTEGER) + 1, 1)
  || substr('{signs}', CAST(id * 48271 % 30 AS INTEGER) + 1, 1)
"""


def seed(fans: int) -> Any:
    """The middle of the night: the oldest are served, the newest wait, so that both ends of each list are far off."""
    from django.db import connection

    from tests.web.desk import person, ready
    from tests.web.night_books import Lot, book
    from upbeat import clock
    from upbeat.campaigns.models import Campaign
    from upbeat.core.delivery import State
    from upbeat.fans.codes import _SIGNS

    now = clock.now()
    campaign = ready(person("Ada"))
    out = {"state": Campaign.PUBLISHED, "slug": "night", "opens_at": now - timedelta(minutes=10)}
    Campaign.objects.filter(pk=campaign.pk).update(**out)
    campaign.refresh_from_db()
    beside = ("playlist", "follow")
    lots = [
        Lot("spotify", State.DELIVERED, int(fans * 0.4), "done", beside),
        Lot("deezer", State.DELIVERED, int(fans * 0.1), "done", ("follow",)),
        Lot("spotify", State.REFUSED, 91, "library_full", beside),
        Lot("spotify", State.NEEDS_FAN, int(fans * 0.02), "grant_dead"),
        Lot("deezer", State.PENDING_SOURCE, int(fans * 0.1), "not_found_yet", ("follow",)),
        Lot("deezer", State.WITHDRAWN, 212),
        Lot("spotify", State.QUEUED, int(fans * 0.38), "", beside),
    ]
    book(campaign, lots, now)
    with connection.cursor() as cursor:
        cursor.execute(_CODES.format(signs=_SIGNS))
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return campaign


def told(what: str, figure: float, limit: float, unit: str = "ms", more: str = "") -> bool:
    print(
        f"{what:44}{figure:9,.1f} {unit:3} limit {limit:8,.1f}  {'ok' if figure <= limit else 'MISSED':6}{more}"
    )
    return figure <= limit


def measured(what: str, run: Callable[[], object], limit: float, before: Callable[[], object] = int) -> bool:
    took, worked = [], []
    for _ in range(ROUNDS):
        before()
        began, at_work = time.perf_counter(), time.process_time()
        run()
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - at_work))
    return told(what, statistics.median(took), limit, more=f"   at work {statistics.median(worked):,.0f} ms")


def pages(client: Any, campaign: Any) -> bool:
    """Every way to look at the list, and one fan."""
    from upbeat.fans.models import Fan
    from upbeat.web.dashboard import recent

    fans = f"/dashboard/releases/{campaign.pk}/fans"
    first, code = Fan.objects.order_by("id").first(), Fan.objects.order_by("id")[1000].code
    assert first

    def ask(address: str, **headers: str) -> Callable[[], None]:
        def run() -> None:
            assert client.get(address, headers=headers).status_code == 200, address

        return run

    part = {"HX-Request": "true"}
    fine = [
        measured("list, first", ask(fans), 10 * PAGE_MS, recent._kept.clear),
        measured("list", ask(fans), PAGE_MS),
        measured("list, delivered (all far down)", ask(f"{fans}?state=delivered", **part), PAGE_MS),
        measured("list, 91 refused", ask(f"{fans}?reason=library_full", **part), PAGE_MS),
        measured("list, deep page", ask(f"{fans}?after=100000", **part), PAGE_MS),
        measured("search, whole code", ask(f"{fans}?q={code}", **part), PAGE_MS),
        measured("search, one sign", ask(f"{fans}?q={code[2]}", **part), PAGE_MS),
        measured(
            "search, one sign among 91 refused",
            ask(f"{fans}?q={code[2]}&reason=library_full", **part),
            10 * PAGE_MS,
        ),
        measured("one fan's story", ask(f"{fans}/{code}"), PAGE_MS),
        measured("all fans of the team", ask("/dashboard/fans"), PAGE_MS),
        measured("top bar, four signs", ask(f"/dashboard/fans?q={code[2:6]}"), PAGE_MS),
    ]
    report = f"/dashboard/releases/{campaign.pk}/report"
    fine.append(measured("report, first", ask(report), REPORT_MS, recent._kept.clear))
    fine.append(measured("report", ask(report), PAGE_MS))
    return all(fine)


def exported(client: Any, campaign: Any, kind: str, fans: int) -> bool:
    """All lines once for the time, some of them again for the memory: measuring it slows Python down."""
    address = f"/dashboard/releases/{campaign.pk}/fans.{kind}"
    began = time.perf_counter()
    size = sum(len(part) for part in client.get(address).streaming_content)
    took = time.perf_counter() - began
    print(f"export, {kind}: {size / 1e6:,.0f} MB in {took:,.1f} s, {fans / took:,.0f} fans/s")
    parts = iter(client.get(address).streaming_content)
    for _ in range(100):
        next(parts)
    tracemalloc.start()
    for _ in range(500):
        next(parts, None)
    most = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return told(f"export, {kind}, memory", most, EXPORT_MB, "MB")


def main(store: str, fans: int) -> bool:
    with stage(store, Stub("http://127.0.0.1:9")):
        from tests.web.desk import desk

        began = time.perf_counter()
        campaign = seed(fans)
        took, rows = time.perf_counter() - began, campaign.deliveries.count()
        print(f"{store}: {fans:,} fans, {rows:,} deliveries, written in {took:,.0f} s")
        client = desk(campaign.team.members.get().person)
        client.defaults["HTTP_HOST"] = "127.0.0.1"
        client.get("/dashboard")
        fine = pages(client, campaign)
        light = [exported(client, campaign, kind, fans) for kind in ("csv", "json")]
        return fine and all(light)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql"))
    parser.add_argument("--fans", type=int, default=500_000)
    chosen = parser.parse_args()
    if chosen.store:
        sys.exit(0 if main(chosen.store, chosen.fans) else 1)
    command = [sys.executable, str(ROOT / "bench/fans_list.py"), "--fans", str(chosen.fans), "--store"]
    ended = [subprocess.run([*command, store], check=False).returncode for store in ("sqlite", "postgresql")]
    sys.exit(max(ended))
