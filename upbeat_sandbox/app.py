"""The ASGI application: from a request to the host it stands in for, with faults around and a line in the ledger."""

import logging
import time
from dataclasses import replace
from email.utils import formatdate
from importlib import import_module
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from upbeat_sandbox import front, images
from upbeat_sandbox.call import Call, Reply, as_text
from upbeat_sandbox.clock import iso
from upbeat_sandbox.control import desk
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.ledger import Entry, redacted
from upbeat_sandbox.played import SERVICES
from upbeat_sandbox.push import door
from upbeat_sandbox.seed import sown
from upbeat_sandbox.server import TRANSPORT
from upbeat_sandbox.troubles import Dropped, answered, facts, faulty

log = logging.getLogger("upbeat_sandbox")
SPEAKERS: dict[str, Any] = {name: import_module(f"upbeat_sandbox.{name}.hosts") for name in SERVICES}
REAL_HOSTS = tuple(host for one in SERVICES.values() for host in one.real_hosts)
LARGEST_BODY = 4_000_000


class Sandbox:
    """Holds the world and answers requests about it."""

    def __init__(self) -> None:
        self.world = sown()
        self.mail_url = ""
        """Where its mail server is, if there is one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            reply = await self.reply_to(request)
        except Dropped:
            await cut(scope, send)
            return
        except ClientDisconnect:
            return
        except Exception:
            log.exception("the sandbox itself failed on %s %s", request.method, request.url.path)
            reply = as_text("The sandbox itself failed; its own output says why.", 500)
        response = Response(reply.body, reply.status, reply.headers, reply.media_type)
        response.headers.setdefault("date", formatdate(usegmt=True))
        if request.method == "HEAD" or reply.status == 204:
            response.body = b""
        await response(scope, receive, send)

    async def reply_to(self, request: Request) -> Reply:
        """Finds who answers: a service's host, the pictures, the push service, the control desk or the front page."""
        service, host, path = split(
            request.url.path if not request.scope.get("raw_path") else raw_path(request)
        )
        body = await read_body(request)
        if body is None:
            return as_text("Too large", 413)
        if service == door.NAME:
            return await door.answer(self.knock(request, body))
        if service not in SERVICES:
            who_answers = desk.answer if service == "_control" else front.answer
            return who_answers(self, request, body, origin_of(request))
        call = self.call_from(request, service, host, path, body)
        if host == "images":
            return images.picture(call)
        if host not in SERVICES[service].hosts:
            return as_text("Not found", 404)
        return await self.play(call)

    def knock(self, request: Request, body: bytes) -> door.Knock:
        path, now = request.url.path.removeprefix(f"/{door.NAME}"), self.world.clock.now()
        return door.Knock(
            self.world, request.method, path, dict(request.headers), body, origin_of(request), now
        )

    def call_from(self, request: Request, service: str, host: str, path: str, body: bytes) -> Call:
        return Call(
            world=self.world,
            service=self.world.services[service],
            host=host,
            method="GET" if request.method == "HEAD" else request.method,
            path=path,
            query_string=request.scope["query_string"].decode("latin-1"),
            headers=dict(request.headers),
            body=body,
            origin=origin_of(request),
            now=self.world.clock.now(),
        )

    async def play(self, call: Call) -> Reply:
        """Answers as the service would, unless a fault is due; either way the ledger has it."""
        speaker = SPEAKERS[call.service.name]
        speaker.recognise(call)
        rule = self.world.faults.strike(facts(call)) if self.world.faults.rules else None
        status: int | None = None
        try:
            reply = await faulty(speaker, call, rule) if rule else answered(speaker, call)
            status = reply.status
            return dated(reply, call.service.switches["clock_seconds_ahead"])
        finally:
            self.record(call, status, rule)

    def record(self, call: Call, status: int | None, rule: Rule | None) -> None:
        ledger, fan = self.world.ledger, call.about()
        query, user = redacted(call.query_string), fan.name if fan else None
        where = (call.service.name, call.host, call.method, call.path, query)
        fault = f"{rule.id} {rule.kind}" if rule else None
        client = call.client_id or None
        ledger.record(
            Entry(
                ledger.next_number(),
                iso(call.now),
                *where,
                status,
                user,
                client,
                fault,
                call.error,
                call.wrong,
            )
        )


def dated(reply: Reply, seconds_ahead: float) -> Reply:
    """With the `Date` of a service whose clock is wrong; one that is right gets it later."""
    if not seconds_ahead:
        return reply
    date = formatdate(time.time() + seconds_ahead, usegmt=True)
    return replace(reply, headers={**reply.headers, "date": date})


def split(path: str) -> tuple[str, str, str]:
    """`/spotify/api/v1/me` -> ("spotify", "api", "/v1/me").

    A prefix given twice counts once: some clients put the path of a `next` link behind their base address.
    """
    parts = path.split("/", 3)
    service, host, rest = (*parts[1:], "", "", "")[:3]
    rest = rest.removeprefix(f"{service}/{host}/")
    return service, host, "/" + rest


def raw_path(request: Request) -> str:
    """The path as it was sent, percent signs and all: ids may contain encoded slashes."""
    return str(request.scope["raw_path"].partition(b"?")[0].decode("latin-1"))


async def read_body(request: Request) -> bytes | None:
    """The whole body; None if it is larger than any service would take."""
    if (
        request.method in ("GET", "HEAD")
        and "content-length" not in request.headers
        and "transfer-encoding" not in request.headers
    ):
        return b""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body


def origin_of(request: Request) -> str:
    """Where the sandbox is, as this caller knows it; not the real host a client may have in its Host header."""
    host = request.headers.get("host", "")
    if not host or host.split(":")[0].endswith(REAL_HOSTS):
        server = request.scope.get("server") or ("127.0.0.1", None)
        host = f"{server[0]}:{server[1]}"
    return f"{request.url.scheme}://{host}"


async def cut(scope: Scope, send: Send) -> None:
    """Aborts the connection; a server that does not show its transport at least never completes the answer."""
    transport = scope.get(TRANSPORT)
    if transport is not None:
        transport.abort()
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
