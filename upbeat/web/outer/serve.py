"""The server in this process, and the delivery worker beside it on a thread and an event loop of its own.

Why granian runs embedded: docs/decisions/0002-web-process.md.
"""

import asyncio
import logging
import os
import signal
import threading

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from upbeat.asgi import application
from upbeat.delivery import worker

_log = logging.getLogger(__name__)

MOST_SECONDS_TO_STOP = 9.5


class Deliveries:
    """The delivery worker on its own thread: pages and deliveries share the process and nothing else."""

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end and wait until it has."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(MOST_SECONDS_TO_STOP)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(worker.run(self._stop))
        except Exception:
            _log.exception("The delivery worker has ended")
        finally:
            self._loop.close()


def serve(host: str, port: int, url: str, *, deliver: bool) -> None:
    """Serve until Ctrl-C or SIGTERM. Returns when the counts are written and running deliveries have ended."""
    uvloop.run(_serve(host, port, url, Deliveries() if deliver else None))


async def _serve(host: str, port: int, url: str, deliveries: Deliveries | None) -> None:
    server = Server(
        application,
        host,
        port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=2048,
        log_enabled=False,  # an access log would hold the codes of callbacks
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, server)
    announcing = asyncio.create_task(_announce(host, port, url))
    if deliveries:
        deliveries.start()
    await server.serve()
    announcing.cancel()
    if deliveries:
        await asyncio.to_thread(deliveries.stop)


def _stop(server: Server) -> None:
    """End in order; what hangs for longer than we promised is cut off."""
    watchdog = threading.Timer(MOST_SECONDS_TO_STOP, os._exit, (1,))
    watchdog.daemon = True
    watchdog.start()
    server.stop()  # type: ignore[no-untyped-call]


async def _announce(host: str, port: int, url: str) -> None:
    """Say where Upbeat is, once somebody can knock."""
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        print(f"Upbeat is at {url}  (Ctrl-C stops it)", flush=True)
        return
