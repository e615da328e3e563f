"""What comes to the push service over HTTP, with the ordered faults around it and a line in the ledger."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

from upbeat_sandbox.call import Refusal, Reply, as_text
from upbeat_sandbox.clock import iso
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.ledger import Entry
from upbeat_sandbox.push.send import refuse, send
from upbeat_sandbox.troubles import Dropped, complaint, dressed, garbled
from upbeat_sandbox.world import World

NAME = "push"


@dataclass(slots=True)
class Knock:
    """One request to the push service. `path` is what comes after `/push`."""

    world: World
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    origin: str
    now: datetime

    @property
    def subscription(self) -> str:
        return self.path.removeprefix("/send/") if self.path.startswith("/send/") else ""


async def answer(knock: Knock) -> Reply:
    """The push service's answer; either way the ledger has it. Raises `Dropped`."""
    world = knock.world
    facts = {
        "service": {NAME},
        "host": {NAME},
        "path": {knock.path},
        "method": {knock.method.casefold()},
        "user": {knock.subscription.casefold()},
        "client_id": set[str](),
    }
    rule = world.faults.strike(facts) if world.faults.rules else None
    reply: Reply | None = None
    wrong: list[str] = []
    try:
        reply = await _faulty(knock, rule, wrong) if rule else _sent(knock, wrong)
        return reply
    finally:
        _record(knock, reply, rule, wrong)


def _sent(knock: Knock, wrong: list[str]) -> Reply:
    """As RFC 8030 has it. What is taken although no browser can read it is noted in `wrong`."""
    if not knock.subscription:
        return as_text("Not found", 404)
    if knock.method != "POST":
        return Reply(405, b"", None, {"Allow": "POST"})
    try:
        message, reply = send(
            knock.world.push,
            knock.subscription,
            knock.headers,
            knock.body,
            origin=knock.origin,
            now=knock.now,
        )
    except Refusal as refusal:
        return refusal.reply
    if message.problem:
        wrong.append(f"the browser cannot read it: {message.problem}")
    return reply


async def _faulty(knock: Knock, rule: Rule, wrong: list[str]) -> Reply:
    detail = rule.detail
    if rule.kind == "delay":
        await asyncio.sleep(detail.get("seconds", 1))
        return _sent(knock, wrong)
    if rule.kind == "garble":
        return garbled(_sent(knock, wrong), detail.get("body", "truncated"))
    if detail.get("when") == "after":
        _sent(knock, wrong)
    if rule.kind == "drop":
        raise Dropped
    ordered = _ordered(rule)
    return dressed(ordered, rule) if ordered else _sent(knock, wrong)


def _ordered(rule: Rule) -> Reply | None:
    """The answer that a fault orders; None where it does not concern a push service."""
    detail = rule.detail
    if rule.kind == "rate_limit":
        wait = detail.get("retry_after", 1)
        return refuse(429, 202, "Too many messages", {"Retry-After": str(int(wait))}).reply
    known = {"error": detail.get("status", 500), "unauthorized": 401, "forbidden": 403}
    status = known.get(rule.kind)
    return refuse(status, 999, detail.get("message") or "ordered").reply if status else None


def _record(knock: Knock, reply: Reply | None, rule: Rule | None, wrong: list[str]) -> None:
    """A key is a secret of the browser's: the ledger has what it can be told by."""
    ledger, told = knock.world.ledger, hashlib.sha256(knock.subscription.encode()).hexdigest()[:12]
    path = f"/send/{told}" if knock.subscription else knock.path
    where = (NAME, NAME, knock.method, path, "")
    fault = f"{rule.id} {rule.kind}" if rule else None
    error = complaint(reply) if reply else ""
    ledger.record(
        Entry(
            ledger.next_number(), iso(knock.now), *where, reply.status if reply else None,
            knock.subscription or None, None, fault, error, wrong,
        )
    )  # fmt: skip
