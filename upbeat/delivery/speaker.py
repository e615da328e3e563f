"""A provider as the deliveries use it: in turn, with a living token, and only while the chunk is ours."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings

from upbeat.core.outcome import Outcome, Reach, Verdict, later
from upbeat.delivery.lease import Lease
from upbeat.delivery.limiter import Pace
from upbeat.delivery.threads import beside
from upbeat.delivery.tokens import Tokens
from upbeat.fans.models import Connection
from upbeat.fans.tokens import bury
from upbeat.providers.base import Provider, Token
from upbeat.providers.registry import build

T = TypeVar("T")

PAUSE = timedelta(seconds=30)
"""How long the application waits when the service asked it to and did not say how long."""


class Paused(Exception):  # noqa: N818 - it is no error
    """The service is not to be called for so many seconds: come back later."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not for {seconds:.0f} s")
        self.seconds = seconds


class Speaker:
    """One service on one event loop: its provider, its pace, its tokens."""

    def __init__(self, provider: Provider, client_id: str) -> None:
        can = provider.capabilities
        self.provider = provider
        self.tokens = Tokens(provider)
        self.pace = Pace(f"{provider.name}/{client_id}"[:80], can.rate, can.max_rate)

    async def close(self) -> None:
        await self.tokens.close()
        await self.provider.close()


_speakers: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Speaker]] = WeakKeyDictionary()


def names() -> list[str]:
    """The services this installation has a credential for."""
    return [name for name, has in settings.SERVICES.items() if has.client_id]


def speaker(name: str) -> Speaker:
    """The service's speaker on the running event loop. KeyError for an unknown name."""
    mine = _speakers.setdefault(asyncio.get_running_loop(), {})
    if name not in mine:
        mine[name] = Speaker(build(name, settings.SERVICES[name]), settings.SERVICES[name].client_id)
    return mine[name]


async def close_speakers() -> None:
    """Close those of the running event loop."""
    for one in _speakers.pop(asyncio.get_running_loop(), {}).values():
        await one.close()


class Call:
    """The calls of one delivery: each waits its turn, looks at the lease and carries the fan's token."""

    def __init__(
        self, speaker: Speaker, connection: Connection, lease: Lease, now: Callable[[], datetime]
    ) -> None:
        self._speaker, self._connection, self._lease, self.now = speaker, connection, lease, now
        self.provider = speaker.provider
        self.spent = 0.0
        """Seconds the service took to answer, in all."""

    async def __call__(self, ask: Callable[[Token], Awaitable[T]]) -> T | Outcome:
        """The answer to `ask`. A token the service does not accept is renewed once: one 401 proves nothing.

        Raises `Paused` when the service may not be called for long, `LeaseOver` when the chunk may not be ours.
        """
        tokens = self._speaker.tokens
        token = await tokens.access(self._connection, self.now)
        if isinstance(token, Outcome):
            return token
        answer = await self._say(ask, token)
        if not isinstance(answer, Outcome):
            return answer
        if answer.verdict is Verdict.RECONNECT:
            return await self._confirm(answer, token)
        if answer.status != 401 or answer.verdict is not Verdict.LATER:
            return answer
        fresh = await tokens.access(self._connection, self.now, refused=token)
        return fresh if isinstance(fresh, Outcome) else await self._say(ask, fresh)

    async def _confirm(self, answer: Outcome, token: Token) -> Outcome:
        """A service without a token endpoint to ask says that the grant is dead: believed when it says so twice."""
        again = await self._say(self.provider.who, token)
        if not isinstance(again, Outcome) or again.verdict is not Verdict.RECONNECT:
            return later(
                "unauthorized", "The service did not accept the permission just now.", status=answer.status
            )
        connection = self._connection
        if await beside(bury, connection.pk, connection.token_version, self.now()):
            return answer
        return later("grant_changed", "The fan gave a new permission at this moment.")

    async def _say(self, ask: Callable[[Token], Awaitable[T]], token: Token) -> T:
        wait = await self._speaker.pace.turn()
        if wait:
            raise Paused(wait)
        self._lease.check()
        began = time.perf_counter()
        answer = await ask(token)
        self.spent += time.perf_counter() - began
        if isinstance(answer, Outcome) and answer.asked_to_wait and answer.reach is Reach.APP:
            await self._speaker.pace.pause((answer.after or PAUSE).total_seconds())
        return answer
