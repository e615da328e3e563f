"""The channels a reminder goes by, and what the engine may ask of one.

A channel is to a reminder what a provider is to a save, and much less: there is no permission to renew, no release to
wait for, nothing to read back and so no canary. The address is all it needs.
"""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from upbeat.core.channels import CHANNELS, EMAIL, PUSH
from upbeat.core.outcome import Outcome
from upbeat.providers.base import Token

ADDRESS_DEAD = "address_dead"
"""The reason of a REFUSED answer that says: this address will never work again (no such mailbox, subscription gone).
The engine then forgets the address and notes when (`Connection.dead_at`)."""
UNCONFIRMED = "unconfirmed"
"""The reason of a REFUSED answer that says: it may have arrived and may not, and it is not sent twice."""

_PATHS = {EMAIL: "upbeat.delivery.channels.email.Email", PUSH: "upbeat.delivery.channels.push.Push"}


@dataclass(frozen=True, slots=True)
class Message:
    """What a reminder tells one fan. The channel puts it into words; no address is in it."""

    id: str
    """The same for every try at this reminder."""
    language: str
    title: str
    artist: str
    kind: str
    """album, ep or single."""
    opens_at: datetime
    zone: str
    """The fan's own time zone, or the campaign's where we do not know it."""
    url: str
    """Where its button leads: to the release on the fan's service, or to our page."""
    service: str
    """The service `url` is on, as people write it; empty: it is our page."""
    page: str
    """Our page of the release."""
    cover: str
    """URL of the cover, 480 pixels wide; empty: there is none."""
    receipt: str
    """The fan's receipt, where this can be looked up and taken back."""
    stop: str
    """Takes the reminder back at one POST, without a cookie (RFC 8058)."""


class Channel(Protocol):
    """One way to remind fans. Built once for each event loop; one object serves every fan at once."""

    name: str
    """Its key: the `service` of its pre-saves and deliveries, and the name of its queue."""
    key: str
    """Of its row in `Limiter`: who shares a pace has the same."""
    rate: float
    max_rate: float
    """Messages a second: to begin with, and at the most."""
    at_once: int
    """How many messages may be under way at the same time: so many are unconfirmed at a `kill -9`."""
    repeats_safely: bool
    """Whether a message that is sent twice is seen once. Where it is not, an intent is written before each (0010)."""

    @staticmethod
    def usable() -> bool:
        """Whether this installation can use it. Asks nobody: settings only."""
        ...

    async def remind(self, address: Token, message: Message) -> Outcome:
        """Hand the message over. `address` is what was sealed: an e-mail address, a push subscription as JSON.

        DONE: it is theirs now. LATER: it certainly is not, and may be tried again; a wait that concerns everybody has
        `asked_to_wait` and `Reach.APP`. REFUSED: never, with `ADDRESS_DEAD` where the address itself has ended, and
        `UNCONFIRMED` where nobody knows. Raises nothing for what the other side may answer; what is raised all the same
        counts as unconfirmed, or as LATER where the channel repeats safely.
        """
        ...

    async def close(self) -> None: ...


def usable() -> list[str]:
    """The channels this installation can use, in the order they are offered."""
    return [name for name in CHANNELS if name in _PATHS and _load(name).usable()]


def build(name: str) -> Channel:
    """The channel, ready to be used. `KeyError` for an unknown name."""
    channel: Channel = _load(name)()
    return channel


def _load(name: str) -> Any:
    module, _, channel = _PATHS[name].rpartition(".")
    return getattr(import_module(module), channel)
