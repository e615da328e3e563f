"""The subscriptions, and the messages that lie with the push service or have reached a browser."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from upbeat_sandbox.clock import iso
from upbeat_sandbox.push.encryption import encoded, point

ACTIVE, GONE, UNKNOWN = "active", "gone", "unknown"
"""What the push service says of a subscription: it takes messages, 410, or 404."""


@dataclass(eq=False, slots=True)
class Subscription:
    """One browser's. The sandbox holds both halves: the push service's, and the keys that only the browser has."""

    id: str
    server_key: str
    """The application server key it was made for: nobody else may send to it."""
    made_at: datetime
    state: str = ACTIVE
    online: bool = True
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def as_dict(self, origin: str) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` gives it, and how it stands."""
        return {
            "id": self.id,
            "endpoint": f"{origin}/push/send/{self.id}",
            "expirationTime": None,
            "keys": {"p256dh": encoded(point(self.private.public_key())), "auth": encoded(self.auth)},
            "server_key": self.server_key,
            "state": self.state,
            "online": self.online,
            "made_at": iso(self.made_at),
        }


@dataclass(eq=False, slots=True)
class Message:
    """One accepted message, and what became of it."""

    id: str
    subscription: str
    at: datetime
    ttl: int
    urgency: str
    topic: str
    size: int
    claims: dict[str, Any]
    text: str | None = None
    """What the browser read, or None where it could not: `problem` says why."""
    problem: str = ""
    state: str = "held"
    """held, shown, replaced (another one of its topic came before the browser was there), or expired."""

    def as_dict(self) -> dict[str, Any]:
        names = (
            "id", "subscription", "ttl", "urgency", "topic", "size", "claims", "text", "problem", "state",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names} | {"at": iso(self.at)}


class Push:
    """Everything the push service knows."""

    def __init__(self) -> None:
        self.subscriptions: dict[str, Subscription] = {}
        self.messages: list[Message] = []

    def subscribe(self, server_key: str, now: datetime) -> Subscription:
        made = Subscription(secrets.token_urlsafe(24), server_key, now)
        self.subscriptions[made.id] = made
        return made

    def take(self, message: Message, now: datetime) -> None:
        """Take a message: a browser that is there gets it at once, for any other it is kept. One that is still kept
        gives way to a newer one of its topic."""
        held = [
            one for one in self.messages if one.subscription == message.subscription and one.state == "held"
        ]
        for one in held:
            if message.topic and one.topic == message.topic:
                one.state = "replaced"
        self.messages.append(message)
        self.hand_over(message.subscription, now)

    def hand_over(self, subscription: str, now: datetime) -> None:
        """What is kept for a browser that is there: shown, or expired by now."""
        online = self.subscriptions[subscription].online
        for one in self.messages:
            if one.subscription != subscription or one.state != "held":
                continue
            if online and now - one.at <= timedelta(seconds=one.ttl):
                one.state = "shown"
            elif online or now - one.at > timedelta(seconds=one.ttl):
                one.state = "expired"
