"""What an ordered fault does to a call: before the service acts, after it, or to the answer on its way back."""

import asyncio
import json
from typing import Any

from upbeat_sandbox.call import Call, Refusal, Reply
from upbeat_sandbox.faults import Rule
from upbeat_sandbox.ids import fan_key


class Dropped(Exception):  # noqa: N818  (ordered, no error)
    """The connection is to be cut instead of answered."""


def facts(call: Call) -> dict[str, set[str]]:
    """What a fault rule can match on."""
    fan = call.about()
    return {
        "service": {call.service.name},
        # "api" is every service's API, whatever its host is called.
        "host": {call.host} | ({"api"} if call.host == call.service.facts.hosts[0] else set()),
        "path": {call.path},
        "method": {call.method.casefold()},
        "user": {fan_key(fan.name), fan.id.casefold()} if fan else set(),
        "client_id": {call.client_id},
    }


def answered(speaker: Any, call: Call) -> Reply:
    try:
        reply: Reply = speaker.answer(call)
    except Refusal as refusal:
        reply = refusal.reply
    if not call.error:
        call.error = complaint(reply)
    return reply


def complaint(reply: Reply) -> str:
    """What the reply complains about, in its own words; nothing if it does not. Deezer complains with status 200."""
    if reply.status < 400 and not reply.body.startswith(b'{"error"'):
        return ""
    text = reply.body[:300].decode("utf-8", "replace")
    try:
        data = json.loads(reply.body)
        error = data["error"]
    except (ValueError, TypeError, KeyError):
        return text
    if isinstance(error, dict):
        return str(error.get("message", text))
    return ": ".join(str(data[name]) for name in ("error", "error_description") if name in data)


async def faulty(speaker: Any, call: Call, rule: Rule) -> Reply:
    """The reply of a call that a fault has struck."""
    if rule.kind == "delay":
        await asyncio.sleep(rule.detail.get("seconds", 1))
        return answered(speaker, call)
    if rule.kind == "forgetful":
        return forgotten(speaker, call, rule.detail.get("seconds"))
    if rule.kind == "garble":
        return garbled(answered(speaker, call), rule.detail.get("body", "truncated"))
    if rule.detail.get("when") == "after":
        answered(speaker, call)
    if rule.kind == "drop":
        raise Dropped
    reply: Reply | None = speaker.fault_reply(call, rule)
    return dressed(reply, rule) if reply else answered(speaker, call)


def forgotten(speaker: Any, call: Call, seconds: float | None) -> Reply:
    """Answered as if it had been done: what was put on the fan's shelves is not there, or only after so long."""
    fan = call.about()
    shelves = [*fan.saved.values(), *fan.followed.values()] if fan else []
    before = [dict(shelf) for shelf in shelves]
    reply = answered(speaker, call)
    for shelf, had in zip(shelves, before, strict=True):
        new = {item: moment for item, moment in shelf.items() if item not in had}
        for item in new:
            del shelf[item]
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, shelf.update, new)
    return reply


def dressed(reply: Reply, rule: Rule) -> Reply:
    """An error in another body, where the rule says so: services in trouble do not always speak JSON."""
    kind = rule.detail.get("body") if rule.kind == "error" else None
    if kind == "html":
        return Reply(reply.status, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html")
    if kind == "text":
        return Reply(reply.status, b"upstream connect error or disconnect/reset before headers", "text/plain")
    return Reply(reply.status) if kind == "empty" else reply


def garbled(reply: Reply, kind: str) -> Reply:
    """The right status with a body that cannot be read."""
    if kind == "html":
        return Reply(reply.status, b"<!doctype html><title>Just a moment</title>", "text/html")
    body = b"" if kind == "empty" else reply.body[: max(1, len(reply.body) // 2)]
    return Reply(reply.status, body, reply.media_type)
