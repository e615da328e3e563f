"""Runs the application under uvicorn, with the one thing ASGI does not offer: cutting a connection."""

import contextlib
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT = "upbeat_sandbox.transport"


class CuttableProtocol(HttpToolsProtocol):
    """Shows each request its transport, so that a fault can abort the connection under it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope[TRANSPORT] = self.transport


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address; port 0 takes a free one. OSError if the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound


def serve(app: Any, bound: socket.socket, ready: str, beside: Callable[[], Awaitable[None]]) -> None:
    """Serves until SIGTERM or Ctrl-C, then ends at once; prints `ready` when calls are answered.

    `beside` starts what else is served on the same event loop.
    """

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            await beside()
            print(ready, flush=True)

    config = uvicorn.Config(
        app,
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,  # the services have clocks of their own
        timeout_graceful_shutdown=0,
        timeout_keep_alive=75,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        Announcing(config).run([bound])
