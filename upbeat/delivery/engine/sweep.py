"""Jobs whose worker is gone, or has let go of them, are put back into the queue.

Procrastinate notices dead workers but leaves it to us to do something about it.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from procrastinate import App, JobContext
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker

logger = logging.getLogger(__name__)

KEEP_HOURS = 7 * 24
_CLEAN_SECONDS = 3600.0


@dataclass(frozen=True)
class Lease:
    """How long a worker may be silent before its jobs are given to others, in seconds.

    It shows that it lives each `heartbeat`, is taken for dead after `stalled`, and looks for others' each `sweep`.
    20 s, one round and the fetch are less than the 25 s within which another has taken over; with a round of 5 s they
    were 25.04 s.
    """

    heartbeat: float = 5.0
    stalled: float = 20.0
    sweep: float = 2.5


LEASE = Lease()


_DOING = "SELECT id, worker_id FROM procrastinate_jobs WHERE status = 'doing'"
# Both say whose job it must still be: another worker's sweep may have been quicker, and the job be running again.
_PUT_BACK = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, scheduled_at = NULL
 WHERE id = %(job)s AND status = 'doing' AND NOT abort_requested AND COALESCE(worker_id, 0) = %(worker)s RETURNING id
"""
_GIVE_UP = """
UPDATE procrastinate_jobs SET status = 'failed'
 WHERE id = %(job)s AND status = 'doing' AND abort_requested AND COALESCE(worker_id, 0) = %(worker)s RETURNING id
"""


async def adopt(app: App) -> int:
    """Put back every job that is marked as running, and forget all workers. Returns how many jobs.

    Only for a process that is alone on its data: then whoever was running them is dead.
    """
    adopted = [held for held in await _doing(app) if await put_back(app, *held)]
    await app.job_manager.prune_stalled_workers(0)
    return len(adopted)


async def _doing(app: App) -> list[tuple[int, int]]:
    """The jobs that are marked as running, each with its worker (0: none)."""
    rows = await app.connector.execute_query_all_async(_DOING)
    return [(row["id"], row["worker_id"] or 0) for row in rows]


async def put_back(app: App, job_id: int, worker_id: int) -> bool:
    """Let a job run again, at once, unless its abortion was asked for. False if it is no longer that worker's."""
    held: dict[str, Any] = {"job": job_id, "worker": worker_id}
    if await app.connector.execute_query_all_async(_PUT_BACK, **held):
        logger.warning("Job %s of a worker that is gone runs again.", job_id)
        return True
    await app.connector.execute_query_all_async(_GIVE_UP, **held)
    return False


class Sweep:
    """One process's rounds, each `lease.sweep`: what dead workers left behind, and what it lost hold of itself.

    The second is a job that is marked as ours while nothing here runs it: its end could not be written down (database
    away, disk full), or the answer to our fetch was lost. Its worker is alive, so no one else would ever take it.
    """

    def __init__(self, app: App, lease: Lease) -> None:
        self._app = app
        self._lease = lease
        self._running: set[int] = set()
        self._workers: dict[str, int] = {}
        self._loose: set[tuple[int, int]] = set()

    async def note(self, call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
        """A worker middleware: know what runs here."""
        job_id = context.job.id or 0
        if worker.worker_id is not None:
            self._workers[worker.worker_name or ""] = worker.worker_id
        self._running.add(job_id)
        try:
            return await call_next()
        finally:
            self._running.discard(job_id)

    async def forever(self) -> None:
        """Go round until cancelled, the first time at once. A round that fails is logged; the next one tries again."""
        loop, held_up = asyncio.get_running_loop(), False
        cleaned = loop.time()
        while True:
            # Where this process itself was held up its own heartbeat is old, and it would judge itself dead.
            if not held_up:
                try:
                    await self.once()
                    if loop.time() - cleaned > _CLEAN_SECONDS:
                        cleaned = loop.time()
                        await self._clean()
                except Exception:
                    logger.exception(
                        "A sweep of the queue failed; the next one is in %s seconds.", self._lease.sweep
                    )
            asleep = loop.time()
            await asyncio.sleep(self._lease.sweep)
            held_up = loop.time() - asleep > 2 * self._lease.sweep

    async def once(self) -> None:
        """One round."""
        for job in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._lease.stalled):
            await put_back(self._app, job.id or 0, job.worker_id or 0)
        await self._put_back_loose()

    async def _put_back_loose(self) -> None:
        """Twice seen is loose: between a job's last line and its row's last word there is a moment."""
        ours = set(self._workers.values())
        loose = {held for held in await _doing(self._app) if held[1] in ours and held[0] not in self._running}
        for held in loose & self._loose:
            await put_back(self._app, *held)
        self._loose = loose

    async def _clean(self) -> None:
        """Forget jobs that ended well, or were called off, a week ago. Failed ones stay to be looked at."""
        await self._app.job_manager.delete_old_jobs(KEEP_HOURS, include_cancelled=True, include_aborted=True)
