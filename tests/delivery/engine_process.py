"""A worker in a process of its own, for tests that kill it: `python -m tests.delivery.engine_process MODE NOTES`.

MODE is `worker` (one of many) or `embedded` (alone on UPBEAT_DATA_DIR). Each job appends lines to the file NOTES:
`began JOB PID`, and `ended JOB PID` if it lives to see that.
"""

import asyncio
import os
import sys
from contextlib import nullcontext
from pathlib import Path

import django
from django.conf import settings
from procrastinate import JobContext

LEASE_SECONDS = (0.3, 1.5, 0.3)
REFUSED = 3


def main(mode: str, notes: Path) -> int:
    from upbeat.delivery.engine.lock import AlreadyRunning, alone_on

    embedded = mode == "embedded"
    try:
        with alone_on(settings.DATA_DIR) if embedded else nullcontext():
            asyncio.run(work(notes, embedded=embedded))
    except AlreadyRunning as problem:
        print(problem, flush=True)
        return REFUSED
    return 0


async def work(notes: Path, *, embedded: bool) -> None:
    from upbeat.delivery.engine.app import get_app
    from upbeat.delivery.engine.sweep import Lease
    from upbeat.delivery.engine.worker import run_worker

    app = get_app()

    def note(word: str, context: JobContext) -> None:
        with notes.open("a", encoding="ascii") as file:
            file.write(f"{word} {context.job.id} {os.getpid()}\n")

    @app.task(name="probe", pass_context=True)
    async def probe(context: JobContext, seconds: int) -> None:
        note("began", context)
        await asyncio.sleep(seconds)
        note("ended", context)

    print("ready", flush=True)
    lease = Lease(*LEASE_SECONDS)
    await run_worker(app, stop=asyncio.Event(), embedded=embedded, lease=lease)


if __name__ == "__main__":
    django.setup()
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
