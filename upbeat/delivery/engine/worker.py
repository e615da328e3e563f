"""The worker: Procrastinate's own, with our heartbeat and our sweep, and a life that ends only when it is told to."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from procrastinate import App

from upbeat.delivery.engine.sweep import LEASE, Lease, Sweep, adopt

logger = logging.getLogger(__name__)

GRACE_SECONDS = 2.0
"""How long running jobs may take to end by themselves once the worker is told to stop; then they are cancelled. Not
long: a chunk is safe to cancel, and a machine that is hard at work needs the rest of its ten seconds to settle it."""
_PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Loop:
    """Runs the jobs of some queues (none named: all), `concurrency` at a time: what hangs there holds up no other."""

    queues: tuple[str, ...] = ()
    concurrency: int = 4

    @property
    def name(self) -> str:
        return ",".join(self.queues)


async def run_worker(
    app: App,
    *,
    stop: asyncio.Event,
    loops: Sequence[Loop] = (Loop(),),
    embedded: bool = False,
    lease: Lease = LEASE,
) -> None:
    """Run jobs in these loops until `stop` is set; then let the running ones end, and return.

    `embedded`: this process is alone on its data (it holds `lock.alone_on`), so at the start it adopts every job that
    a dead predecessor left running. A loop that breaks off (database away, disk full) begins again after a second.
    """
    async with app.open_async():
        if embedded:
            await adopt(app)
        sweep = Sweep(app, lease)
        sweeping = asyncio.create_task(sweep.forever())
        try:
            await asyncio.gather(*(_keep_working(app, loop, sweep, lease, stop) for loop in loops))
        finally:
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)


async def _keep_working(app: App, loop: Loop, sweep: Sweep, lease: Lease, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await _work(app, loop, sweep, lease, stop)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _PAUSE_SECONDS)


async def _work(app: App, loop: Loop, sweep: Sweep, lease: Lease, stop: asyncio.Event) -> None:
    """One life of Procrastinate's worker. Cancelling it is its own way to be asked for an orderly end."""
    working = asyncio.create_task(
        app.run_worker_async(
            queues=list(loop.queues) or None,  # type: ignore[arg-type]
            name=loop.name,
            concurrency=loop.concurrency,
            install_signal_handlers=False,
            shutdown_graceful_timeout=GRACE_SECONDS,
            update_heartbeat_interval=lease.heartbeat,
            stalled_worker_timeout=lease.stalled,
            delete_jobs="never",
            worker_middleware=[sweep.note],
        )
    )
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, stopped], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (working, stopped):
            task.cancel()
        ended, _ = await asyncio.gather(working, stopped, return_exceptions=True)
    if not stop.is_set():
        logger.error("The worker broke off and begins again: %r", ended, exc_info=_trace(ended))


def _trace(ended: BaseException | None) -> BaseException | None:
    return ended if isinstance(ended, Exception) else None
