"""The front door: health, files, fan pages from memory and what waits on a service; all else is Django's.

A plain ASGI callable. Django runs behind it as WSGI in eight threads (docs/decisions/0002-web-process.md).
"""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from upbeat import clock
from upbeat.clicks import counter
from upbeat.delivery.watch import WorkerWatch
from upbeat.web import security
from upbeat.web.connect import speakers
from upbeat.web.connect.callback import callback
from upbeat.web.connect.confirm import confirmed, may_confirm, may_refuse, refused
from upbeat.web.connect.musickit import brought
from upbeat.web.connect.notify import may_notify, notified
from upbeat.web.connect.pressed import pressed
from upbeat.web.connect.reconnect import reconnect
from upbeat.web.connect.remind import asked
from upbeat.web.connect.start import start
from upbeat.web.connect.yours import yours
from upbeat.web.directory import FRESH_SECONDS, Directory
from upbeat.web.fan.jump import jump
from upbeat.web.fan.plain import refusal, trouble
from upbeat.web.fan.public import render
from upbeat.web.fan.take_back import erased, led_elsewhere, may_erase, may_stop, stopped
from upbeat.web.fan.zone import correct
from upbeat.web.fastpath import FastPath
from upbeat.web.outer import files
from upbeat.web.outer.bodies import body_for_django
from upbeat.web.outer.http import Answer, BadRequestError, Message, Receive, Request, Scope, Send, send_answer
from upbeat.web.outer.threads import in_thread

_log = logging.getLogger(__name__)

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Handler = Callable[..., Awaitable[Answer | None]]
_SLUG, _SERVICE = r"/(?P<slug>[a-z0-9][a-z0-9-]*)", r"/(?P<service>[a-z_]+)"
_KEY = r"/(?P<key>[A-Za-z0-9_-]{43})"
_ROUTES: list[tuple[re.Pattern[str], dict[str, Handler]]] = [
    (re.compile(rf"/connect{_SERVICE}/callback"), {"GET": callback, "POST": brought}),
    (re.compile(rf"{_SLUG}{_SERVICE}/yours"), {"GET": yours, "POST": pressed}),
    (re.compile(rf"{_SLUG}/remind/confirm{_KEY}"), {"GET": may_confirm, "POST": confirmed}),
    (re.compile(rf"{_SLUG}/remind/push"), {"GET": may_notify, "POST": notified}),
    (re.compile(rf"{_SLUG}/remind/stop{_KEY}"), {"GET": may_refuse, "POST": refused}),
    (re.compile(rf"/r{_KEY}/zone"), {"POST": correct}),
    (re.compile(rf"/r{_KEY}/reconnect"), {"POST": reconnect}),
    (re.compile(rf"/r{_KEY}/stop"), {"GET": may_stop, "POST": stopped}),
    (re.compile(rf"/r{_KEY}/erase"), {"GET": may_erase, "POST": erased}),
    (re.compile(rf"/r{_KEY}/towards"), {"POST": led_elsewhere}),
    (re.compile(r"/_demo/jump"), {"POST": jump}),
]
_START = re.compile(rf"{_SLUG}{_SERVICE}")
_METHODS = ("GET", "HEAD", "POST")
FLUSH_SECONDS = 0.5
WATCH_SECONDS = 30.0


class Outer:
    """The ASGI application. One for each process."""

    def __init__(self) -> None:
        self.directory = Directory()
        self._fast = FastPath(self.directory, render)
        self._django = cast("Application", WSGIMiddleware(cast("Any", get_wsgi_application()), workers=8))
        self._workers = WorkerWatch()
        self._chores: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, body = Request(scope, receive), b""
        try:
            answer = await self._answer(request)
            if answer is None:
                body = await body_for_django(request)
        except BadRequestError as problem:
            answer = refusal(str(problem), problem.status)
        except Exception:
            answer = _failed()
        if answer is None:
            answer = await self._ask_django(scope, body, send)
        if answer is not None:
            if not answer.guarded:
                answer.headers = security.protected(answer.headers)
            await send_answer(answer, send, head=scope["method"] == "HEAD")

    async def _ask_django(self, scope: Scope, body: bytes, send: Send) -> Answer | None:
        """Let Django answer. Returns an answer only where it broke before its first word."""
        started = False

        async def protected(message: Message) -> None:
            nonlocal started
            started = True
            await send(_with_headers(message))

        async def received() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            await self._django(scope, received, protected)
        except Exception:
            if started:
                raise
            return _failed()
        return None

    async def _answer(self, request: Request) -> Answer | None:
        """The outer app's own answer, or None: then it is Django's."""
        fast = await self._fast.answer(request.scope)
        if fast is not None:
            return fast
        path = request.path
        if path == "/health":
            return Answer(200, b"ok\n", [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")])
        if request.method not in _METHODS:
            return refusal("This address does not know that method.", 405).with_header(
                "allow", "GET, HEAD, POST"
            )
        if path.startswith(("/static/", "/media/")) or path in files.AT_ROOT:
            return await _file(request)
        return await _routed(request)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start and stop with the server."""
        await receive()
        await in_thread(self.directory.read)
        self._chores = [
            asyncio.create_task(_every(FRESH_SECONDS, self._read_again)),
            asyncio.create_task(_every(FLUSH_SECONDS, _flush)),
            asyncio.create_task(_every(WATCH_SECONDS, self._watch_workers)),
        ]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        await _flush()
        await speakers.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch_workers(self) -> None:
        """Deliveries may have no process at all: then somebody else must notice."""
        await self._workers.look(clock.cached_now, time.monotonic())

    async def _read_again(self) -> None:
        await in_thread(self.directory.read)
        await self._fast.make_ahead()


async def _routed(request: Request) -> Answer | None:
    for pattern, handlers in _ROUTES:
        found = pattern.fullmatch(request.path)
        if found:
            handler = handlers.get(request.method)
            if handler is None:
                allowed = ", ".join(handlers)
                return refusal("This address does not know that method.", 405).with_header("allow", allowed)
            return await handler(request, **found.groupdict())
    found = _START.fullmatch(request.path)
    if found and request.method == "POST":
        if found["service"] == "remind":
            return await asked(request, found["slug"])
        return await start(request, **found.groupdict())
    return None


async def _file(request: Request) -> Answer:
    if request.method not in ("GET", "HEAD"):
        return refusal("A file can only be read.", 405).with_header("allow", "GET, HEAD")
    query = request.scope["query_string"]
    found = await in_thread(files.answer, request.path, query, request.headers)
    return found or refusal("There is no such file.", 404)


async def _flush() -> None:
    await in_thread(counter.flush)


async def _every(seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again. A turn that fails is logged, and the next one is tried all the same."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await chore()
        except Exception:
            _log.exception("A chore of the web process failed")


def _with_headers(message: Message) -> Message:
    """Put our security headers into what Django answers."""
    if message["type"] != "http.response.start":
        return message
    kinds = [value for name, value in message["headers"] if name == b"content-type"]
    page = any(kind.startswith(b"text/html") for kind in kinds)
    csp = security.DESK_CSP if page else security.NOTHING_CSP
    return {**message, "headers": security.protected(message["headers"], csp=csp)}


def _failed() -> Answer:
    """Something of ours broke: the fan gets a page with an id, the log gets the rest under the same id."""
    number = secrets.token_hex(4)
    _log.exception("Error %s", number)
    return trouble(number)
