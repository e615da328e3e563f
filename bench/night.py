"""A release night for the benches: a throw-away store, a stub for Spotify, so many fans, and the worker as it is.

Import `upbeat` only inside `stage`: it sets the settings.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
_ALBUM = "4aawyAB9vmqN3uQ7FjRGTy"


@dataclass
class Stub:
    """The running service."""

    url: str

    def figures(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/figures", timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def reset(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/reset", b"{}"), timeout=20).close()


@contextmanager
def stub(*, delay: float, calls: int = 0, window: float = 30.0) -> Iterator[Stub]:
    """The service as a process of its own."""
    from tests.postgres import _free_port

    port = _free_port()
    options = {"port": port, "delay": delay, "calls": calls, "window": window}
    command = [sys.executable, str(ROOT / "bench/stub.py")]
    command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        process.stdout.readline()
        yield Stub(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def stage(store: str, service: Stub) -> Iterator[None]:
    """Settings and an empty database of their own, on "sqlite" or "postgresql"."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="upbeat-bench-")))
        if store == "postgresql":
            from tests.postgres import cluster

            url = stack.enter_context(cluster())
        else:
            url = f"sqlite://{folder / 'upbeat.sqlite3'}"
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "upbeat.settings",
            "UPBEAT_DATA_DIR": str(folder),
            "UPBEAT_DATABASE_URL": url,
            "UPBEAT_SANDBOX": "1",
            "UPBEAT_SPOTIFY_CLIENT_ID": "the-client",
            "UPBEAT_SPOTIFY_CLIENT_SECRET": "the-secret",
            "UPBEAT_SPOTIFY_API_URL": service.url,
            "UPBEAT_SPOTIFY_TOKEN_URL": f"{service.url}/api/token",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0, skip_checks=True)
        try:
            yield
        finally:
            connections.close_all()


def book(fans: int, *, slug: str) -> Any:
    """A campaign that came out this moment, found on Spotify, with so many fans whose access tokens have run out."""
    from django.db import transaction

    from upbeat.delivery.models import Delivery
    from upbeat.fans.models import Fan, PreSave

    with transaction.atomic():
        campaign = just_out(slug)
        team, since, due = campaign.team, campaign.created_at, campaign.opens_at
        people = [Fan(team=team, code=f"{slug[:4]}{n:07d}", created_at=since) for n in range(fans)]
        grants = _grants(Fan.objects.bulk_create(people), slug, since)
        same = {"campaign": campaign, "service": "spotify"}
        seen = {"created_at": since, "completed_at": since, "zone": "Europe/Berlin"}
        wishes = PreSave.objects.bulk_create(
            PreSave(fan=one.fan, connection=one, receipt=f"{slug} {one.pk}", **same, **seen) for one in grants
        )
        Delivery.objects.bulk_create(
            Delivery(pre_save=wish, action="save", due_at=due, next_at=due, **same) for wish in wishes
        )
    return campaign


def just_out(slug: str) -> Any:
    from upbeat import clock
    from upbeat.artists.models import Artist, Team
    from upbeat.campaigns.models import Campaign, Release, ServiceLink

    now = clock.now()
    opens_at = now - timedelta(seconds=1)
    artist = Artist.objects.create(team=Team.objects.create(name=slug), name="A")
    release = Release.objects.create(artist=artist, title="T", upc="859713000100")
    ServiceLink.objects.create(
        release=release, service="spotify", kind="album", service_id=_ALBUM, url="https://example.com/a",
        artist_id="artist", track_ids=["one", "two"], found_at=now,
    )  # fmt: skip
    return Campaign.objects.create(
        release=release, state=Campaign.PUBLISHED, slug=slug, day=opens_at.date(), time=opens_at.time(),
        opens_at=opens_at, created_at=now - timedelta(days=20),
    )  # fmt: skip


def _grants(people: list[Any], slug: str, since: datetime) -> list[Any]:
    from upbeat.fans.models import Connection
    from upbeat.fans.sealing import seal

    scopes = ["user-library-modify", "user-library-read"]
    times = {"granted_at": since, "access_expires_at": since}
    grants = Connection.objects.bulk_create(
        Connection(
            fan=fan, team=fan.team, service="spotify", account_id=f"{slug} {fan.pk}", scopes=scopes, **times
        )
        for fan in people
    )
    for one in grants:
        one.sealed_access = seal("old", context=f"connection {one.pk} access")
        one.sealed_refresh = seal(f"refresh {one.pk}", context=f"connection {one.pk} refresh")
    Connection.objects.bulk_update(grants, ["sealed_access", "sealed_refresh"], batch_size=200)
    return grants


def lift_the_limit(rate: float) -> None:
    from upbeat.delivery.models import Limiter

    Limiter.objects.update_or_create(
        key="spotify/the-client", defaults={"rate": rate, "max_rate": rate, "tat": 0}
    )


async def deliver(campaign: Any, *, most_seconds: float) -> float:
    """Run the worker until nobody waits. Returns the seconds from its start."""
    from asgiref.sync import sync_to_async

    from upbeat.delivery import worker

    stop, began = asyncio.Event(), time.monotonic()
    waiting = sync_to_async(campaign.deliveries.filter(next_at__isnull=False).exists)
    running = asyncio.create_task(worker.run(stop))
    while await waiting():
        if time.monotonic() - began > most_seconds or running.done():
            break
        await asyncio.sleep(0.25)
    seconds = time.monotonic() - began
    stop.set()
    await running
    return seconds
