"""One worker through a large night: what it holds in memory at each tenth, and how fast the last tenth is.

    .venv/bin/python bench/memory.py [--store sqlite|postgresql] [--fans 100000]

The worker is a process of its own, against a stub that answers after 1 ms, its limiter's row lifted. Each fan is a
renewal, a save and a share of the reading back. Limits: 150 MB at every tenth, and the last tenth at 0.9 of the rate of
the first.
The first begins when a twentieth has been served, so that starting up and the canary are not in it.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from crowd import big_book
from night import ROOT, Stub, lift_the_limit, stage, stub

MOST_MEGABYTES, LEAST_RATE = 150, 0.9
_WORKER = """
import asyncio, signal, django, uvloop
django.setup()
from upbeat.delivery import worker

async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await worker.run(stop)

uvloop.run(main())
"""


def megabytes(process: "subprocess.Popen[bytes]") -> float:
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def watch(service: Stub, process: "subprocess.Popen[bytes]", fans: int) -> tuple[list[float], list[float]]:
    """When each twentieth had been served, and the memory then."""
    moments, memory, last = list[float](), list[float](), 0
    heard_of = time.monotonic()
    while len(moments) < 20:
        time.sleep(0.02)
        served = int(service.figures()["saves"])
        if served != last:
            last, heard_of = served, time.monotonic()
        assert process.poll() is None, "the worker has ended"
        assert time.monotonic() - heard_of < 120, f"nothing moves at {served:,} of {fans:,}"
        while len(moments) < 20 and served >= fans * (len(moments) + 1) // 20:
            moments.append(time.monotonic())
            memory.append(megabytes(process))
    return moments, memory


def measure(store: str, fans: int) -> bool:
    with stub(delay=0.001) as service, stage(store, service):
        began = time.monotonic()
        big_book(fans, slug="memory")
        lift_the_limit(1_000_000.0)
        print(f"{store}: {fans:,} fans written in {time.monotonic() - began:.0f} s", flush=True)
        process = subprocess.Popen([sys.executable, "-c", _WORKER], cwd=ROOT, env=os.environ)
        try:
            moments, memory = watch(service, process, fans)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)
    first, last = moments[2] - moments[0], moments[19] - moments[17]
    rate, most = first / last, max(memory)
    print(f"{store}: RSS at each tenth " + " ".join(f"{one:.0f}" for one in memory[1::2]) + " MB")
    print(
        f"{store}: at most {most:.0f} MB (limit {MOST_MEGABYTES}); {fans / 10 / first:,.0f} fans/s in the first tenth, "
        f"{fans / 10 / last:,.0f} in the last: {rate:.2f} of it (goal {LEAST_RATE})",
        flush=True,
    )
    return most <= MOST_MEGABYTES and rate >= LEAST_RATE


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=["sqlite", "postgresql"])
    parser.add_argument("--fans", type=int, default=100_000)
    asked = parser.parse_args()
    if asked.store:
        return 0 if measure(asked.store, asked.fans) else 1
    command = [sys.executable, __file__, "--fans", str(asked.fans), "--store"]
    return max(
        subprocess.run([*command, store], check=False).returncode for store in ("sqlite", "postgresql")
    )


if __name__ == "__main__":
    sys.exit(main())
