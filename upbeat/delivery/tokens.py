"""A living access token for a connection: unsealed, or renewed once however many ask for it at the same time."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from weakref import WeakValueDictionary

from django.db import DatabaseError

from upbeat.core.outcome import Outcome, Verdict, later, reconnect
from upbeat.delivery.threads import beside
from upbeat.fans.models import Connection
from upbeat.fans.tokens import access_token, bury, keep_tokens, refresh_token
from upbeat.providers.base import Grant, Provider, Token

logger = logging.getLogger(__name__)

GONE = "We no longer have a permission for this account."
_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)


class Tokens:
    """The tokens of one service's connections, as one event loop uses them.

    Within a process one renewal per connection is under way; between processes the second to write finds the first
    one's tokens and uses them. A renewal that has been sent is finished and kept, whatever happens to who asked.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._renewals: set[asyncio.Task[Token | Outcome]] = set()

    async def access(
        self, connection: Connection, now: Callable[[], datetime], *, refused: Token | None = None
    ) -> Token | Outcome:
        """The access token of a connection as it was read, or why there is none.

        `refused`: a token that the service has just not accepted, which is renewed even if it should still live.
        """
        token = access_token(connection, now())
        if token is not None and not _same(token, refused):
            return token
        lock = self._locks.setdefault(connection.pk, asyncio.Lock())
        async with lock:
            renewal = asyncio.create_task(self._renew(connection.pk, now, refused))
            self._renewals.add(renewal)
            renewal.add_done_callback(self._renewals.discard)
            return await asyncio.shield(renewal)

    async def close(self) -> None:
        """Let the renewals that are under way end."""
        await asyncio.gather(*self._renewals, return_exceptions=True)

    async def _renew(
        self, connection_id: int, now: Callable[[], datetime], refused: Token | None
    ) -> Token | Outcome:
        connection = await beside(Connection.objects.get, pk=connection_id)
        token, refresh = access_token(connection, now()), refresh_token(connection)
        if token is not None and not _same(token, refused):
            return token
        if refresh is None:
            return self._none_left(connection, refused)
        answer = await self._provider.renew(refresh)
        if isinstance(answer, Grant):
            return await self._keep(connection, answer, now)
        if answer.verdict is Verdict.RECONNECT and not await beside(
            bury, connection.pk, connection.token_version, now()
        ):
            return later("grant_changed", "The fan gave a new permission at this moment.")
        return answer

    @staticmethod
    def _none_left(connection: Connection, refused: Token | None) -> Outcome:
        if refused is not None:
            return later("token_refused", "The service did not accept the permission.", status=401)
        return reconnect(GONE)

    async def _keep(
        self, connection: Connection, grant: Grant, now: Callable[[], datetime]
    ) -> Token | Outcome:
        """Write a grant down until it is written: with a service that rotates, it is the only one there is."""
        for pause in (*_PAUSES, None):
            try:
                kept = await beside(keep_tokens, connection.pk, connection.token_version, grant, now())
            except DatabaseError:
                if pause is None:
                    logger.exception(
                        "The renewed permission of connection %s could not be kept.", connection.pk
                    )
                    return later("not_kept", "Our own database did not answer.")
                await asyncio.sleep(pause)
            else:
                return grant.access if kept else await self._theirs(connection.pk, now)
        raise AssertionError("unreachable")

    async def _theirs(self, connection_id: int, now: Callable[[], datetime]) -> Token | Outcome:
        """Another process was first: its tokens are as good."""
        token = access_token(await beside(Connection.objects.get, pk=connection_id), now())
        return token or later("grant_changed", "The permission was changed at this moment.")


def _same(token: Token, refused: Token | None) -> bool:
    return refused is not None and token.reveal() == refused.reveal()
