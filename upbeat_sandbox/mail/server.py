"""The mail server's end of SMTP (RFC 5321), with the ordered faults around it."""

import asyncio
import socket
from typing import TYPE_CHECKING, Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from upbeat_sandbox.clock import iso
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.ledger import Entry

if TYPE_CHECKING:
    from upbeat_sandbox.app import Sandbox

NAME = "mail"
_TAKEN = "250 2.0.0 Taken"
_REFUSALS = {
    "rate_limit": "450 4.7.1 Greylisted, come back later",
    "error": "451 4.3.0 Not just now",
    "forbidden": "550 5.1.1 No such mailbox",
}


class Counter:
    """Who stands behind the counter: what aiosmtpd asks for each letter."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._answer(server, "/rcpt", address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        to, raw = envelope.rcpt_tos[0], envelope.original_content or b""
        return await self._answer(server, "/data", to, raw)

    async def _answer(self, server: SMTP, step: str, to: str, raw: bytes = b"") -> str:
        """The server's word on a step; the ledger has it. `/data` takes the letter."""
        world = self._sandbox.world
        rule = world.faults.strike(_facts(step, to)) if world.faults.rules else None
        said = await self._faulty(server, step, rule, to, raw) if rule else self._take(step, to, raw)
        ledger, where = world.ledger, (NAME, "smtp", step[1:].upper(), step, "")
        ledger.record(
            Entry(
                ledger.next_number(), iso(world.clock.now()), *where, int(said[:3]) if said else None, to, None,
                f"{rule.id} {rule.kind}" if rule else None, "" if said.startswith("2") else said, [],
            )
        )  # fmt: skip
        return said or _TAKEN

    async def _faulty(self, server: SMTP, step: str, rule: Rule, to: str, raw: bytes) -> str:
        """Empty: the connection is cut, before the letter was taken or after."""
        if rule.kind == "delay":
            await asyncio.sleep(rule.detail.get("seconds", 1))
            return self._take(step, to, raw)
        if rule.kind == "drop":
            if rule.detail.get("when") == "after":
                self._take(step, to, raw)
            cast("asyncio.Transport", server.transport).abort()
            return ""
        return rule.detail.get("message") or _REFUSALS.get(rule.kind) or self._take(step, to, raw)

    def _take(self, step: str, to: str, raw: bytes) -> str:
        if step == "/data":
            self._sandbox.world.post_office.take(to, raw, self._sandbox.world.clock.now())
        return _TAKEN


def _facts(step: str, to: str) -> dict[str, set[str]]:
    """What a fault can be ordered by: the path is `/rcpt` or `/data`, the user an address."""
    return {
        "service": {NAME},
        "host": {"smtp"},
        "path": {step},
        "method": {step[1:]},
        "user": {to.casefold()},
        "client_id": set(),
    }


async def open_counter(sandbox: "Sandbox", bound: socket.socket) -> None:
    """Take letters on this socket from now on, on the running event loop."""

    def speaker() -> Any:
        return SMTP(Counter(sandbox), hostname="post.sandbox", enable_SMTPUTF8=True, ident="Sandbox")

    await asyncio.get_running_loop().create_server(speaker, sock=bound)
