"""The delivery worker as a process of its own, to be killed. Ends by itself never, by SIGTERM in order."""

import asyncio
import os
import signal
from contextlib import nullcontext

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upbeat.settings")
django.setup()

from django.conf import settings  # noqa: E402

from upbeat.delivery import lease, worker  # noqa: E402
from upbeat.delivery.engine.lock import alone_on  # noqa: E402
from upbeat.delivery.engine.sweep import Lease  # noqa: E402

QUICK = Lease(heartbeat=0.5, stalled=2.0, sweep=0.5)
"""So that a test need not wait long for a dead worker to be noticed where there is nobody to adopt its jobs."""


async def main() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print("delivering", flush=True)
    lease.LEASE_SECONDS = QUICK.stalled * 0.75
    await worker.run(stop, lease=QUICK)


with alone_on(settings.DATA_DIR) if settings.EMBEDDED else nullcontext():
    asyncio.run(main())
