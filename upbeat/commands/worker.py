"""`upbeat worker`: deliveries without the pages, on as many machines as it takes. PostgreSQL only."""

import argparse
import asyncio
import os
import signal
import sys
import threading

MOST_SECONDS_TO_STOP = 9.5


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("worker", help="deliver, beside `upbeat run` on PostgreSQL")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import django

    django.setup()
    from upbeat.commands.starting.refusal import CannotStart

    try:
        _get_ready()
    except CannotStart as problem:
        print(f"upbeat worker: {problem}", file=sys.stderr)
        return 2
    import uvloop

    uvloop.run(_deliver())
    return 0


def _get_ready() -> None:
    """Raise `CannotStart` where a worker has no business, or not yet."""
    from django.conf import settings

    from upbeat.commands.starting.database import wait_for_database, wait_for_pages
    from upbeat.commands.starting.keys import check_keys_of_worker
    from upbeat.commands.starting.refusal import CannotStart
    from upbeat.commands.starting.settings import check_settings

    if settings.EMBEDDED:
        raise CannotStart(
            "On SQLite the worker lives inside `upbeat run`, and there can be no second one. "
            "To deliver from several machines move to PostgreSQL: `upbeat migrate --to postgresql://…`."
        )
    wait_for_database()
    check_settings()
    wait_for_pages()
    check_keys_of_worker()


async def _deliver() -> None:
    """Until Ctrl-C or SIGTERM: then running chunks settle what has come back, and others take over the rest."""
    from upbeat.delivery import worker
    from upbeat.delivery.speaker import names

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _end, stop)
    print(
        f"Upbeat delivers from here to {' and '.join(names()) or 'no service yet'}  (Ctrl-C stops it)",
        flush=True,
    )
    await worker.run(stop)


def _end(stop: asyncio.Event) -> None:
    """What hangs for longer than we promised is cut off: its jobs go to others once this worker is silent."""
    if not stop.is_set():
        watchdog = threading.Timer(MOST_SECONDS_TO_STOP, os._exit, (1,))
        watchdog.daemon = True
        watchdog.start()
    stop.set()
