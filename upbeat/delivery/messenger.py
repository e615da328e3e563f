"""A channel as the deliveries use it: in turn, only while the chunk is ours, and what was begun is finished."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

from upbeat.core.channels import is_channel
from upbeat.core.outcome import Outcome, later, refused
from upbeat.delivery import channels
from upbeat.delivery.channels import UNCONFIRMED, Channel, Message
from upbeat.delivery.lease import Lease
from upbeat.delivery.speaker import speaker
from upbeat.delivery.turns import Pace
from upbeat.providers.base import Token

logger = logging.getLogger(__name__)

PATIENT_SECONDS = 90.0
"""A turn may be waited for so long: an operator's mail may go at a message a minute, and the wait costs nobody else
a turn. What is slower comes back later."""
UNKNOWN = "It was being handed over when the connection ended. It may have arrived, so it is not sent a second time."

ENDING_SECONDS = 4.0
"""How long what is under way may take when the process ends. What takes longer ends as unconfirmed."""

Intend = Callable[[], Awaitable[bool]]
"""Writes the intent durably; False: somebody else is about to do this."""
Told = Callable[[Outcome, float], None]
"""Takes what came of a message, and the seconds the other side took."""


class Messenger:
    """One channel on one event loop: the channel and its pace."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.pace = Pace(channel.key[:80], channel.rate, channel.max_rate, patience=PATIENT_SECONDS)
        self._hands = asyncio.Semaphore(channel.at_once)

    async def hand_over(
        self, address: Token, message: Message, lease: Lease, intend: Intend, told: Told
    ) -> None:
        """Hand one message over when it is its turn, unless that is somebody else's to do.

        Once its turn has come it is not cut off: an intent must not stand there for a message that never left. What
        came of it is `told`, also while the process ends. Raises `Paused`, `LeaseOver`, `Fenced`.
        """
        await self.pace.turn()
        async with self._hands:
            lease.check()
            giving = asyncio.create_task(self._give(address, message, intend, told))
            try:
                await asyncio.shield(giving)
            except asyncio.CancelledError:
                await asyncio.wait([giving], timeout=ENDING_SECONDS)
                raise

    async def _give(self, address: Token, message: Message, intend: Intend, told: Told) -> None:
        if not self.channel.repeats_safely and not await intend():
            return
        began = time.perf_counter()
        try:
            answer = await self.channel.remind(address, message)
        except Exception:
            logger.exception("Message %s broke off.", message.id)
            answer = self._broken()
        told(answer, time.perf_counter() - began)
        await self.pace.heard(answer)

    def _broken(self) -> Outcome:
        if self.channel.repeats_safely:
            return later("error", "Something on our side went wrong.")
        return refused(UNCONFIRMED, UNKNOWN)

    async def close(self) -> None:
        await self.channel.close()


_messengers: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Messenger]] = WeakKeyDictionary()


def messenger(name: str) -> Messenger:
    """The channel's messenger on the running event loop. KeyError for an unknown name."""
    mine = _messengers.setdefault(asyncio.get_running_loop(), {})
    if name not in mine:
        mine[name] = Messenger(channels.build(name))
    return mine[name]


def pace_of(service: str) -> Pace:
    """The pace of a streaming service or of a channel, on the running event loop."""
    return messenger(service).pace if is_channel(service) else speaker(service).pace


async def close_messengers() -> None:
    """Close those of the running event loop."""
    for one in _messengers.pop(asyncio.get_running_loop(), {}).values():
        await one.close()
