"""A service that costs next to nothing: it renews tokens, takes saves and shows them, after a wait, within a limit.

    python bench/stub.py --port 9000 --delay 0.001 [--calls 300 --window 30]

Every call counts against the limit, renewals included. `GET /figures` says what came; `POST /reset` forgets it.
"""

import argparse
import asyncio
import json
import time
from collections import deque
from typing import cast

import uvloop

GRACE_SECONDS = 0.02
"""A call that arrives so soon after the answer that asked to wait was under way already."""
TOKEN = b'{"access_token":"living","token_type":"Bearer","expires_in":3600,"scope":""}'
TOO_MANY = b'{"error":{"status":429,"message":"Too many requests"}}'


class Service:
    """What it has seen, and the rolling window."""

    def __init__(self, calls: int, window: float, delay: float) -> None:
        self.calls, self.window, self.delay = calls, window, delay
        self.reset()

    def reset(self) -> None:
        self.served: deque[float] = deque()
        self.figures = {"saves": 0, "renewals": 0, "reads": 0, "refused": 0, "begun_inside": 0}
        self.first = self.last = 0.0
        self.told_at = self.told_until = 0.0

    def answer(self, method: bytes, path: bytes) -> tuple[bytes, bytes]:
        """The head and the body."""
        now = time.monotonic()
        self.figures["begun_inside"] += self.told_at + GRACE_SECONDS < now < self.told_until
        wait = self._wait(now)
        if wait:
            self.figures["refused"] += 1
            self.told_at, self.told_until = now + self.delay, now + self.delay + wait
            return b"429 Too Many Requests\r\nRetry-After: %d" % wait, TOO_MANY
        self.first, self.last = self.first or now, now
        if method == b"POST":
            self.figures["renewals"] += 1
            return b"200 OK", TOKEN
        if method == b"PUT":
            self.figures["saves"] += 1
            return b"200 OK", b""
        self.figures["reads"] += 1
        return b"200 OK", b"[true]"

    def _wait(self, now: float) -> int:
        if not self.calls:
            return 0
        while self.served and self.served[0] <= now - self.window:
            self.served.popleft()
        if len(self.served) >= self.calls:
            return int(self.served[0] + self.window - now) + 1
        self.served.append(now)
        return 0

    def said(self) -> bytes:
        return json.dumps(self.figures | {"seconds": self.last - self.first}).encode()


class Connection(asyncio.Protocol):
    """HTTP/1.1, kept alive, one call at a time: as much of it as our clients speak."""

    def __init__(self, service: Service) -> None:
        self._service, self._seen = service, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, found, body = self._seen.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._seen = body[_length(head) :]
        method, path, _ = head.split(b" ", 2)
        if path == b"/figures":
            self._say(b"200 OK", self._service.said())
        elif path == b"/reset":
            self._service.reset()
            self._say(b"200 OK", b"{}")
        else:
            said = self._service.answer(method, path)
            asyncio.get_running_loop().call_later(self._service.delay, self._say, *said)

    def _say(self, head: bytes, body: bytes) -> None:
        kind = b"Content-Type: application/json\r\n" if body else b""
        self._transport.write(
            b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (head, kind, len(body), body)
        )


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


async def main(arguments: argparse.Namespace) -> None:
    service = Service(arguments.calls, arguments.window, arguments.delay)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(service), "127.0.0.1", arguments.port, backlog=512)
    print("up", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay", type=float, default=0.001)
    parser.add_argument("--calls", type=int, default=0)
    parser.add_argument("--window", type=float, default=30.0)
    uvloop.run(main(parser.parse_args()))
