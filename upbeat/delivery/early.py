"""Grants are renewed ahead of the instant, while nobody waits: few at a time, slowly, and never counted as a failure.

For a service whose renewals make the old token worthless this is how the night gets its tokens: two at a time are what
a `kill -9` can lose. The others it spares a call for each fan on the night.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Value

from upbeat.core.outcome import Outcome
from upbeat.delivery.models import Delivery
from upbeat.delivery.speaker import Paused, Speaker, names, speaker
from upbeat.delivery.threads import beside
from upbeat.delivery.tokens import FEW
from upbeat.fans.models import Connection

AHEAD = timedelta(minutes=45)
"""An access token lives an hour: one that is renewed now still lives a quarter of an hour after the instant."""
_LIVES_ON = timedelta(minutes=10)
_MOST = 200
_TURN_SECONDS = 3.0
_SHARE = 0.25
"""The part of the pace that this may take: others are due now."""

Now = Callable[[], datetime]


class Early:
    """Rounds through those whose instant is near, by service. Each goes on where the last one ended."""

    def __init__(self) -> None:
        self._after: dict[str, int] = {}

    async def turn(self, now: Now) -> int:
        """One round of a few seconds. Returns how many were renewed."""
        return sum(await asyncio.gather(*(self._service(name, now) for name in names())))

    async def _service(self, name: str, now: Now) -> int:
        found = await beside(soon, name, self._after.get(name, 0), now())
        self._after[name] = 0
        left = self._taken(name, found)
        renewed = await asyncio.gather(*(_renew(speaker(name), left, now) for _ in range(FEW)))
        return sum(renewed)

    def _taken(self, name: str, found: list[Connection]) -> Iterator[Connection]:
        end = time.monotonic() + _TURN_SECONDS
        for connection in found:
            if time.monotonic() > end:
                return
            self._after[name] = connection.pk
            yield connection


async def _renew(voice: Speaker, left: Iterator[Connection], now: Now) -> int:
    """What does not work is tried again at the instant: nothing is concluded from it but the endpoint's word."""
    renewed = 0
    for connection in left:
        try:
            renewed += not isinstance(await voice.tokens.renew_early(connection, now), Outcome)
        except Paused:
            break
        await asyncio.sleep(FEW / (_SHARE * voice.pace.rate))
    return renewed


def soon(service: str, after: int, now: datetime) -> list[Connection]:
    """The next connections, by id, that are due within 45 minutes and whose access token does not live long enough."""
    lives_until = ExpressionWrapper(OuterRef("access_expires_at") - Value(_LIVES_ON), DateTimeField())
    due = Delivery.objects.filter(
        pre_save__connection=OuterRef("pk"),
        next_at__isnull=False,
        due_at__gt=now,
        due_at__lte=now + AHEAD,
        due_at__gte=lives_until,
    )
    waiting = Connection.objects.filter(
        Exists(due),
        service=service,
        pk__gt=after,
        dead_at=None,
        doubted_at=None,
        access_expires_at__lt=now + 2 * AHEAD,
    )
    return list(waiting.exclude(sealed_refresh=b"").order_by("pk")[:_MOST])
