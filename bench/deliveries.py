"""Deliveries per second of one worker with everything on, against a bare aiohttp loop on the same stub at 1 ms.

    .venv/bin/python bench/deliveries.py [--store sqlite|postgresql] [--fans 20000] [--profile]

Both make the same two calls for each fan, a renewal and a save, as many at a time, on one uvloop of one process. The
worker also cuts, reads and unseals, keeps the pace, logs the attempts, settles behind its fence and reads the canary
back; its settings are the default ones, only the limiter's row is lifted. The rates are from the first call to the last
as the stub saw them.
"""

import argparse
import asyncio
import base64
import cProfile
import pstats
import subprocess
import sys
import time

from night import Stub, book, deliver, lift_the_limit, stage, stub

CHUNKS = 4
"""What a worker works through at a time for one service."""


async def bare(service: Stub, fans: int, at_once: int) -> None:
    """The peer: nothing but the calls."""
    import aiohttp
    from yarl import URL

    token_url, save_url = f"{service.url}/api/token", f"{service.url}/v1/me/library"
    basic = {
        "Authorization": f"Basic {base64.b64encode(b'the-client:the-secret').decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    left = iter(range(fans))
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def work() -> None:
            for fan in left:
                form = f"grant_type=refresh_token&refresh_token=refresh+{fan}".encode()
                async with session.post(token_url, data=form, headers=basic) as answer:
                    token = (await answer.json())["access_token"]
                where = URL(save_url).update_query(uris="spotify:album:4aawyAB9vmqN3uQ7FjRGTy")
                async with session.put(where, headers={"Authorization": f"Bearer {token}"}) as answer:
                    await answer.read()

        await asyncio.gather(*(work() for _ in range(at_once)))


def measure(store: str, fans: int, *, profile: bool) -> None:
    import uvloop

    with stub(delay=0.001) as service, stage(store, service):
        from upbeat.delivery.perform import AT_ONCE

        at_once = CHUNKS * AT_ONCE
        before, peer_cpu = _bare_rate(service, fans, at_once)
        service.reset()
        campaign = book(fans, slug="deliveries")
        lift_the_limit(1_000_000.0)
        profiler = cProfile.Profile()
        if profile:
            profiler.enable()
        cpu = time.process_time()
        uvloop.run(deliver(campaign, most_seconds=300))
        cpu = time.process_time() - cpu
        profiler.disable()
        said = service.figures()
        service.reset()
        after, _ = _bare_rate(service, fans, at_once)
    our_cpu = cpu / fans * 1e6
    ours, peer = said["saves"] / said["seconds"], (before + after) / 2
    print(f"{store}: {fans:,} fans, a renewal and a save each, {at_once} at a time, 1 ms a call")
    print(
        f"  bare aiohttp loop  {peer:7,.0f} fans/s   ({before:,.0f}, then {after:,.0f}; {peer_cpu:.0f} µs of CPU)"
    )
    print(
        f"  one worker         {ours:7,.0f} fans/s   {ours / peer:.2f} of it (goal 0.8; {our_cpu:.0f} µs of CPU)"
    )
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)


def _bare_rate(service: Stub, fans: int, at_once: int) -> tuple[float, float]:
    """Fans a second, and µs of CPU for each."""
    import uvloop

    service.reset()
    cpu = time.process_time()
    uvloop.run(bare(service, fans, at_once))
    cpu = time.process_time() - cpu
    said = service.figures()
    return said["saves"] / said["seconds"], cpu / fans * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgresql"))
    parser.add_argument("--fans", type=int, default=20_000)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    if chosen.store:
        measure(chosen.store, chosen.fans, profile=chosen.profile)
        return
    for store in ("sqlite", "postgresql"):
        command = [sys.executable, __file__, "--store", store, "--fans", str(chosen.fans)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
