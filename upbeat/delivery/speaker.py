"""A provider as the deliveries use it: in turn, with a living token, and only while the chunk is ours."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings

from upbeat.core.outcome import DAY_SPENT, Outcome, Verdict, later
from upbeat.delivery.budget import budget_of
from upbeat.delivery.circuit import Breaker
from upbeat.delivery.lease import Lease
from upbeat.delivery.threads import beside
from upbeat.delivery.tokens import Tokens
from upbeat.delivery.turns import Pace, Paused
from upbeat.fans.models import Connection
from upbeat.providers.base import Action, Catalogue, Provider, Token
from upbeat.providers.registry import build, can_read, reader

__all__ = ["Call", "Paused", "Speaker", "catalogue", "close_speakers", "names", "readable", "speaker"]
T = TypeVar("T")


class Speaker:
    """One service on one event loop: its provider, its pace, its tokens."""

    def __init__(self, provider: Provider, client_id: str) -> None:
        can, key = provider.capabilities, f"{provider.name}/{client_id}"[:80]
        self.provider = provider
        self.pace = Pace(key, can.rate, can.max_rate)
        self.breaker = Breaker(key)
        self.tokens = Tokens(provider, self.pace, self.breaker)

    async def close(self) -> None:
        await self.tokens.close()
        await self.provider.close()


_catalogues: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Catalogue]] = WeakKeyDictionary()
"""Those that answer without a credential, where there is none."""
_speakers: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Speaker]] = WeakKeyDictionary()


def names() -> list[str]:
    """The services this installation has a credential for."""
    return [name for name, has in settings.SERVICES.items() if has.client_id]


def readable() -> list[str]:
    """The services whose catalogue this installation may ask, with a credential or without."""
    return [name for name, has in settings.SERVICES.items() if can_read(name, has)]


def speaker(name: str) -> Speaker:
    """The service's speaker on the running event loop. KeyError for an unknown name."""
    mine = _speakers.setdefault(asyncio.get_running_loop(), {})
    if name not in mine:
        mine[name] = Speaker(build(name, settings.SERVICES[name]), settings.SERVICES[name].client_id)
    return mine[name]


def catalogue(name: str) -> Catalogue:
    """The service's catalogue on the running event loop. One we may not ask says so when it is asked."""
    if name in names() or name not in readable():
        return speaker(name).provider
    mine = _catalogues.setdefault(asyncio.get_running_loop(), {})
    if name not in mine:
        mine[name] = reader(name, settings.SERVICES[name]) or speaker(name).provider
    return mine[name]


async def close_speakers() -> None:
    """Close those of the running event loop."""
    for asked in _catalogues.pop(asyncio.get_running_loop(), {}).values():
        await asked.close()
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
        self.errand = ""
        """What the token is carried for (`providers.base.Token`)."""

    async def __call__(self, ask: Callable[[Token], Awaitable[T]], pays: Action | None = None) -> T | Outcome:
        """The answer to `ask`. A token the service does not accept is renewed once: one 401 proves nothing.

        `pays`: what it does, where it changes something and the service has a day's budget. Raises `Paused` when the
        service may not be called for long, `LeaseOver` when the chunk may not be ours.
        """
        tokens, check = self._speaker.tokens, self._lease.check
        token = await tokens.access(self._connection, self.now, check=check)
        if isinstance(token, Outcome):
            return token
        answer = await self._say(ask, token, pays)
        if not isinstance(answer, Outcome):
            return answer
        if answer.verdict is Verdict.RECONNECT:
            return await self._confirm(answer, token)
        if answer.status != 401 or answer.verdict is not Verdict.LATER:
            return answer
        fresh = await tokens.access(self._connection, self.now, refused=token, check=check)
        return fresh if isinstance(fresh, Outcome) else await self._say(ask, fresh, pays)

    async def _confirm(self, answer: Outcome, token: Token) -> Outcome:
        """A service without a token endpoint to ask says that the grant is dead: asked twice, that is one word."""
        again = await self._say(self.provider.who, token)
        if not isinstance(again, Outcome) or again.verdict is not Verdict.RECONNECT:
            return later(
                "unauthorized", "The service did not accept the permission just now.", status=answer.status
            )
        return await self._speaker.breaker.called_dead(self._connection, answer, self.now())

    async def _say(
        self, ask: Callable[[Token], Awaitable[T]], token: Token, pays: Action | None = None
    ) -> T | Outcome:
        """One call. Where there is no token endpoint, each call is also the service's word on the grant."""
        speaker, is_word = self._speaker, not self._connection.sealed_refresh
        if is_word and (refusal := await speaker.breaker.refusal(self.now())) is not None:
            return refusal
        await speaker.pace.turn()
        self._lease.check()
        unpaid = await self._pay(pays)
        if unpaid is not None:
            return unpaid
        began, began_at = time.perf_counter(), self.now()
        answer = await ask(token.on(self.errand))
        self.spent += time.perf_counter() - began
        if isinstance(answer, Outcome) and answer.reason == DAY_SPENT:
            await self._close_day()
        await speaker.pace.heard(answer)
        if is_word and (not isinstance(answer, Outcome) or answer.good):
            await speaker.breaker.renewed(began_at, self.now())
        return answer

    async def _pay(self, pays: Action | None) -> Outcome | None:
        """Pay for a call that is about to be made. Where the whole service has to wait, that ends the chunk's work."""
        budget = budget_of(self.provider.name, self.now())
        refusal = None if budget is None else await beside(budget.pay, pays)
        if refusal is None:
            return None
        after = refusal.until - self.now()
        if refusal.everybody:
            raise Paused(after.total_seconds())
        return Outcome(Verdict.LATER, DAY_SPENT, refusal.note, after, asked_to_wait=True)

    async def _close_day(self) -> None:
        """The service says that the day is over, whatever we had counted."""
        budget = budget_of(self.provider.name, self.now())
        if budget is not None:
            refusal = await beside(budget.close)
            raise Paused((refusal.until - self.now()).total_seconds())
