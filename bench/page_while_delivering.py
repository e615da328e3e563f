"""A fan page while deliveries run on the same two cores: how long fans wait for it.

    .venv/bin/python bench/page_while_delivering.py [--fans 30000] [--rate 0] [--seconds 12]

Three settings: `upbeat run` on SQLite (pages and deliveries in one process), and on PostgreSQL pages and deliveries as
two processes (`run --no-worker`, `worker`); each first with nothing to deliver. A client of its own asks for the page
200 times a second, at set moments, whether the last one has been answered or not: a wait is counted from the moment.
`--rate` caps the calls a second (0: as fast as it goes). Limit: p99 at most 50 ms.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from crowd import big_book
from night import ROOT, Stub, lift_the_limit, stage, stub

PER_SECOND, MOST_MS = 200, 50.0


async def ask(url: str, seconds: float) -> list[float]:
    """The waits in milliseconds, sorted."""
    import aiohttp

    waits: list[float] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session:

        async def one(moment: float) -> None:
            async with session.get(url) as answer:
                await answer.read()
                assert answer.status == 200
            waits.append((time.perf_counter() - moment) * 1000)

        began, asked = time.perf_counter() + 0.1, list[asyncio.Task[None]]()
        for number in range(int(seconds * PER_SECOND)):
            moment = began + number / PER_SECOND
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            asked.append(asyncio.create_task(one(moment)))
        await asyncio.gather(*asked)
    return sorted(waits)


@contextmanager
def product(*commands: tuple[str, ...]) -> Iterator[None]:
    """`upbeat` with these words, each a process."""
    with ExitStack() as ends:
        for words in commands:
            process = subprocess.Popen(
                [sys.executable, "-m", "upbeat", *words], cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL
            )
            ends.callback(process.wait)
            ends.callback(process.send_signal, signal.SIGTERM)
        yield


def wait_for(url: str) -> None:
    until, problem = time.monotonic() + 60, ""
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=20).close()
        except OSError as found:
            problem = str(found)
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} did not come up: {problem}")


def measured(url: str, seconds: float, service: Stub, name: str) -> float:
    """Print the line; returns the p99."""
    before, began = service.figures(), time.monotonic()
    waits = asyncio.run(ask(url, seconds))
    after, spent = service.figures(), time.monotonic() - began
    middle, high = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    calls = sum(after[what] - before[what] for what in ("saves", "renewals", "reads")) / spent
    fans = (after["saves"] - before["saves"]) / spent
    print(
        f"{name:44} page p50 {middle:6.1f} ms  p99 {high:6.1f} ms  worst {waits[-1]:6.0f} ms   "
        f"{fans:6,.0f} fans/s, {calls:6,.0f} calls/s",
        flush=True,
    )
    return high


def measure(store: str, fans: int, rate: float, seconds: float) -> bool:
    from tests.postgres import _free_port

    with stub(delay=0.001) as service, stage(store, service):
        port = _free_port()
        os.environ["UPBEAT_URL"] = f"http://127.0.0.1:{port}"
        campaign = big_book(fans, slug="page")
        lift_the_limit(rate or 1_000_000.0)
        page, run = f"http://127.0.0.1:{port}/{campaign.slug}", ("run", "--port", str(port))
        with product((*run, "--no-worker")):
            wait_for(page)
            measured(page, seconds / 2, service, f"{store}: nothing to deliver")
        together = store == "sqlite"
        with product(*([run] if together else [(*run, "--no-worker"), ("worker",)])):
            wait_for(page)
            while service.figures()["saves"] < 100:
                time.sleep(0.2)
            name = "one process" if together else "pages and worker apart"
            high = measured(page, seconds, service, f"{store}: delivering, {name}")
    return high <= MOST_MS


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=["sqlite", "postgresql"])
    parser.add_argument("--fans", type=int, default=30_000)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=12.0)
    asked = parser.parse_args()
    if asked.store:
        return 0 if measure(asked.store, asked.fans, asked.rate, asked.seconds) else 1
    command = [sys.executable, __file__, "--fans", str(asked.fans), "--rate", str(asked.rate)]
    command += ["--seconds", str(asked.seconds), "--store"]
    return max(
        subprocess.run([*command, store], check=False).returncode for store in ("sqlite", "postgresql")
    )


if __name__ == "__main__":
    sys.exit(main())
