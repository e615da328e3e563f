"""A living access token for a connection: unsealed, or renewed once however many ask for it at the same time."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from itertools import chain, repeat

from django.db import DatabaseError

from upbeat.core.outcome import Outcome, Verdict, later, reconnect
from upbeat.delivery.circuit import Breaker
from upbeat.delivery.memory import Memory
from upbeat.delivery.threads import beside
from upbeat.delivery.turns import Pace
from upbeat.fans.models import Connection
from upbeat.fans.tokens import (
    CLAIM,
    access_token,
    claim_renewal,
    clear_doubt,
    keep_tokens,
    refresh_token,
    release_renewal,
)
from upbeat.providers.base import Grant, Provider, Token

logger = logging.getLogger(__name__)

GONE = "We no longer have a permission for this account."
FEW = 2
"""Renewals under way at a time where each makes the old token worthless: those are what a `kill -9` loses."""
_PAUSES = (0.1, 0.5, 1.0, 2.0)
_LONG_PAUSE = 5.0
_CLOSING_SECONDS = 3.0
_CLAIM_TRIES, _CLAIM_PAUSE = 8, 0.25

Now = Callable[[], datetime]
Check = Callable[[], None]


class Tokens:
    """The tokens of one service's connections, as one event loop uses them.

    Within a process one renewal per connection is under way. A renewal that has been sent is finished and kept,
    whatever happens to who asked. What can be had again is kept in memory for a moment; what cannot, because the
    service gives a new refresh token for the old one, is written down before it is used, and such renewals are few at
    a time and claimed, so that no other process makes one.
    """

    def __init__(self, provider: Provider, pace: Pace, breaker: Breaker) -> None:
        self._provider, self._pace, self._breaker = provider, pace, breaker
        self._rotates = provider.capabilities.rotates
        self._few = asyncio.Semaphore(FEW)
        self._memory = Memory()
        self._flights: dict[int, asyncio.Task[Token | Outcome]] = {}

    async def access(
        self, connection: Connection, now: Now, *, refused: Token | None = None, check: Check | None = None
    ) -> Token | Outcome:
        """The access token of a connection as it was read, or why there is none.

        `refused`: a token that the service has just not accepted, which is renewed even if it should still live.
        `check` is called right before the token endpoint is, and stops it by raising. Raises `Paused`.
        """
        token = self._memory.find(connection, now()) or access_token(connection, now())
        if token is not None and not _same(token, refused):
            return token
        return await self._single_flight(connection, now, refused, check, durable=False)

    async def renew_early(self, connection: Connection, now: Now) -> Token | Outcome:
        """Renew a grant that will be needed soon, and write the tokens down. Raises `Paused`."""
        return await self._single_flight(connection, now, None, None, durable=True)

    async def close(self) -> None:
        """Let the renewals that are under way end."""
        if self._flights:
            await asyncio.wait(self._flights.values(), timeout=_CLOSING_SECONDS)

    async def _single_flight(
        self, connection: Connection, now: Now, refused: Token | None, check: Check | None, *, durable: bool
    ) -> Token | Outcome:
        flight = self._flights.get(connection.pk)
        if flight is None:
            flight = asyncio.create_task(self._renew(connection, now, refused, check, durable=durable))
            self._flights[connection.pk] = flight
            flight.add_done_callback(lambda done: self._landed(connection.pk, done))
        return await asyncio.shield(flight)

    def _landed(self, connection_id: int, flight: asyncio.Task[Token | Outcome]) -> None:
        del self._flights[connection_id]
        if not flight.cancelled():
            flight.exception()  # whoever asked has seen it, or is gone

    async def _renew(
        self, connection: Connection, now: Now, refused: Token | None, check: Check | None, *, durable: bool
    ) -> Token | Outcome:
        if not connection.sealed_refresh:
            return self._none_left(refused)
        refusal = await self._breaker.refusal(now())
        if refusal is not None:
            return refusal
        if not (self._rotates or durable):
            return await self._ask(connection, now, check, durable=False)
        async with self._few:
            return await self._renew_alone(connection, now, check)

    async def _renew_alone(self, connection: Connection, now: Now, check: Check | None) -> Token | Outcome:
        """Renew while no other process does. One that was faster has brought a token that is as good."""
        claimed = await self._claim(connection.pk, now)
        if claimed is None:
            return later("renewing", "The permission is being renewed at this moment.", after=CLAIM)
        try:
            token = access_token(claimed, now())
            if token is not None and claimed.token_version != connection.token_version:
                return token
            return await self._ask(claimed, now, check, durable=True)
        finally:
            await beside(release_renewal, claimed)

    async def _claim(self, connection_id: int, now: Now) -> Connection | None:
        for _ in range(_CLAIM_TRIES):
            claimed = await beside(claim_renewal, connection_id, now())
            if claimed is not None:
                return claimed
            await asyncio.sleep(_CLAIM_PAUSE)
        return None

    async def _ask(
        self, connection: Connection, now: Now, check: Check | None, *, durable: bool
    ) -> Token | Outcome:
        """Ask the token endpoint, in turn: whether the service counts it as a call we cannot know, so we count it."""
        refresh = refresh_token(connection)
        if refresh is None:
            return reconnect(GONE)
        await self._pace.turn()
        if check is not None:
            check()
        began = now()
        answer = await self._provider.renew(refresh)
        await self._pace.heard(answer)
        if isinstance(answer, Outcome):
            if answer.verdict is Verdict.RECONNECT:
                return await self._breaker.called_dead(connection, answer, now())
            return answer
        if answer.refresh is not None and not _same(answer.refresh, refresh):
            self._rotates = True
            durable = True
        token = (
            await self._keep(connection, answer, now) if durable else self._remember(connection, answer, now)
        )
        await self._breaker.renewed(began, now())
        if connection.doubted_at is not None and not durable:
            await beside(clear_doubt, connection.pk, connection.token_version)
        return token

    def _remember(self, connection: Connection, grant: Grant, now: Now) -> Token:
        self._memory.keep(connection, grant, now())
        return grant.access

    async def _keep(self, connection: Connection, grant: Grant, now: Now) -> Token | Outcome:
        """Write a grant down until it is written: with a service that rotates, it is the only one there is."""
        for pause in chain(_PAUSES, repeat(_LONG_PAUSE)):
            try:
                kept = await beside(keep_tokens, connection.pk, connection.token_version, grant, now())
            except DatabaseError:
                logger.exception("A renewed permission could not be kept; it is tried again.")
                await asyncio.sleep(pause)
            else:
                return grant.access if kept else await self._theirs(connection.pk, now)
        raise AssertionError("unreachable")

    async def _theirs(self, connection_id: int, now: Now) -> Token | Outcome:
        """Another process was first: its tokens are as good."""
        token = access_token(await beside(Connection.objects.get, pk=connection_id), now())
        return token or later("grant_changed", "The permission was changed at this moment.")

    @staticmethod
    def _none_left(refused: Token | None) -> Outcome:
        if refused is not None:
            return later("token_refused", "The service did not accept the permission.", status=401)
        return reconnect(GONE)


def _same(token: Token, other: Token | None) -> bool:
    return other is not None and token.reveal() == other.reveal()
