"""`POST /push/send/<subscription>`: a message comes in (RFC 8030). Errors look like those of Mozilla's push service."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Any

from upbeat_sandbox.call import Refusal, Reply, as_json
from upbeat_sandbox.ids import hex_id
from upbeat_sandbox.push.encryption import Unreadable, decrypt
from upbeat_sandbox.push.store import ACTIVE, GONE, Message, Push, Subscription
from upbeat_sandbox.push.vapid import Untrusted, check

LARGEST = 4096
LONGEST_TTL = 60 * 24 * 3600
URGENCIES = ("very-low", "low", "normal", "high")
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


def refuse(status: int, errno: int, message: str, headers: dict[str, str] | None = None) -> Refusal:
    body = {"code": status, "errno": errno, "error": HTTPStatus(status).phrase, "message": message}
    return Refusal(as_json(body, status, headers))


def send(
    push: Push, key: str, headers: dict[str, str], body: bytes, *, origin: str, now: datetime
) -> tuple[Message, Reply]:
    """Take a message for a subscription. Raises `Refusal` with the push service's answer."""
    subscription = _subscription(push, key)
    claims = _sender(subscription, headers.get("authorization", ""), origin, now)
    ttl = _ttl(headers.get("ttl"))
    topic, urgency = headers.get("topic", ""), headers.get("urgency", "normal")
    if "topic" in headers and not _TOPIC.fullmatch(topic):
        raise refuse(400, 113, "Topic has at most 32 signs of base64url")
    if urgency not in URGENCIES:
        raise refuse(400, 114, f"Urgency is one of {', '.join(URGENCIES)}")
    _check_body(headers, body)
    number = hex_id("message", key, len(push.messages))
    message = Message(number, key, now, ttl, urgency, topic, len(body), claims)
    _read(message, subscription, body)
    push.take(message, now)
    return message, Reply(201, b"", None, {"Location": f"{origin}/push/m/{number}", "TTL": str(ttl)})


def _subscription(push: Push, key: str) -> Subscription:
    found = push.subscriptions.get(key)
    if found is not None and found.state == GONE:
        raise refuse(410, 106, "This subscription has ended")
    if found is None or found.state != ACTIVE:
        raise refuse(404, 102, "There is no such subscription")
    return found


def _sender(subscription: Subscription, authorization: str, origin: str, now: datetime) -> dict[str, Any]:
    try:
        key, claims = check(authorization, origin, now)
    except Untrusted as problem:
        raise refuse(401, 109, str(problem), {"WWW-Authenticate": "vapid"}) from None
    if key != subscription.server_key:
        raise refuse(403, 109, "The subscription was made for another application server key")
    return claims


def _ttl(value: str | None) -> int:
    if value is None:
        raise refuse(400, 111, "TTL is missing")
    if not value.isascii() or not value.isdigit():
        raise refuse(400, 112, "TTL is a number of seconds, zero or more")
    return min(int(value[:12]), LONGEST_TTL)


def _check_body(headers: dict[str, str], body: bytes) -> None:
    if len(body) > LARGEST:
        raise refuse(413, 104, f"A message has at most {LARGEST} bytes, this one {len(body)}")
    if body and headers.get("content-encoding", "").lower() != "aes128gcm":
        raise refuse(400, 110, "Content-Encoding is aes128gcm (RFC 8291)")


def _read(message: Message, subscription: Subscription, body: bytes) -> None:
    """What the browser makes of it. The push service cannot know: it takes what nobody can read all the same."""
    try:
        message.text = decrypt(body, subscription.private, subscription.auth).decode() if body else ""
    except (Unreadable, UnicodeDecodeError) as problem:
        message.problem = str(problem) or "it is no text"
