"""Access tokens that were renewed a moment ago: the fan's next delivery needs no second renewal, and no row a write.

For minutes only, and only so many: a permission is to be forgotten soon after its deliveries.
"""

import time
from collections import OrderedDict
from datetime import datetime
from typing import NamedTuple

from upbeat.fans.models import Connection
from upbeat.fans.tokens import EARLY
from upbeat.providers.base import Grant, Token

MOST = 2_000
SECONDS = 300.0


class _Kept(NamedTuple):
    version: int
    token: Token
    expires_at: datetime | None
    forget_at: float


class Memory:
    """By connection, the oldest first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    def keep(self, connection: Connection, grant: Grant, now: datetime) -> None:
        expires_at = None if grant.expires_in is None else now + grant.expires_in - EARLY
        self._kept.pop(connection.pk, None)
        self._kept[connection.pk] = _Kept(
            connection.token_version, grant.access, expires_at, time.monotonic() + SECONDS
        )
        while len(self._kept) > MOST or next(iter(self._kept.values())).forget_at <= time.monotonic():
            self._kept.popitem(last=False)

    def find(self, connection: Connection, now: datetime) -> Token | None:
        """The token, if it is still that of the connection as it was read."""
        kept = self._kept.get(connection.pk)
        if kept is None or kept.version != connection.token_version or not connection.sealed_refresh:
            return None
        if kept.forget_at <= time.monotonic() or (kept.expires_at is not None and kept.expires_at <= now):
            return None
        return kept.token
