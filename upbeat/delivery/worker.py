"""The delivery worker: the queue, and beside it what must happen even if every job were lost."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from upbeat import clock
from upbeat.core.channels import CHANNELS
from upbeat.delivery import channels
from upbeat.delivery.early import Early
from upbeat.delivery.engine.app import get_app
from upbeat.delivery.engine.queue import DEFAULT, hasten
from upbeat.delivery.engine.sweep import LEASE, Lease
from upbeat.delivery.engine.worker import Loop, run_worker
from upbeat.delivery.messenger import close_messengers
from upbeat.delivery.preflight.rounds import make_due
from upbeat.delivery.reconcile import reconcile
from upbeat.delivery.reconnect_mail import ReconnectMail
from upbeat.delivery.settle import forget_the_rest
from upbeat.delivery.source import look_around
from upbeat.delivery.speaker import close_speakers, names, readable
from upbeat.delivery.threads import beside
from upbeat.delivery.waiting import stay_due
from upbeat.delivery.watch import watch_sources
from upbeat.fans.models import Connection
from upbeat.fans.reminders import forget_unanswered

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
RECONCILE_SECONDS = 30.0
RECONCILE_SECONDS_IN_SANDBOX = 1.0
"""Where the clock can be jumped there is more to find."""
FORGET_SECONDS = 300.0
FORGET_AT_ONCE = 10_000
EARLY_SECONDS = 5.0
WATCH_SECONDS, WATCH_SECONDS_IN_SANDBOX = 30.0, 2.0
RECONNECT_SECONDS, RECONNECT_SECONDS_IN_SANDBOX = 60.0, 2.0
CLOCK_SECONDS = 0.5
STEP_SECONDS = 2.0


async def run(stop: asyncio.Event, *, lease: Lease = LEASE) -> None:
    """Deliver until `stop` is set, then end in order.

    On SQLite this process must be alone on its data (`engine.lock.alone_on`): it adopts what a dead one left behind.
    """
    await beside(clock.now)
    rounds = [
        *(_every(LOOK_SECONDS, partial(_look, name), stop) for name in readable()),
        _every(RECONCILE_SECONDS_IN_SANDBOX if settings.SANDBOX else RECONCILE_SECONDS, _reconcile, stop),
        _every(STEP_SECONDS, Steps().turn, stop),
        _every(FORGET_SECONDS, _forget, stop),
        _every(EARLY_SECONDS, partial(Early().turn, clock.cached_now), stop),
        _every(WATCH_SECONDS_IN_SANDBOX if settings.SANDBOX else WATCH_SECONDS, _watch, stop),
        _every(
            RECONNECT_SECONDS_IN_SANDBOX if settings.SANDBOX else RECONNECT_SECONDS,
            partial(ReconnectMail().turn, clock.cached_now, stop),
            stop,
        ),
    ]
    if settings.SANDBOX or not settings.EMBEDDED:
        rounds.append(_every(CLOCK_SECONDS, _read_clock, stop))
    try:
        await asyncio.gather(
            run_worker(get_app(), stop=stop, loops=loops(), embedded=settings.EMBEDDED, lease=lease),
            *rounds,
        )
    finally:
        await close_speakers()
        await close_messengers()


def loops() -> list[Loop]:
    """One for each service and channel that we can use, so that one which is slow, paused or silent takes nobody
    else's turn.

    The last takes everything else, and what is left of those that we cannot use (any more).
    """
    spoken = [*names(), *channels.usable()]
    others = tuple(name for name in (*settings.SERVICES, *CHANNELS) if name not in spoken)
    return [*(Loop((name,)) for name in spoken), Loop((DEFAULT, *others), concurrency=8)]


async def _every(seconds: float, turn: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """A turn now and after each pause. One that fails is logged, the next is tried all the same."""
    while not stop.is_set():
        try:
            await turn()
        except Exception:
            logger.exception("A round of the delivery worker failed; the next one is in %s seconds.", seconds)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


async def _read_clock() -> None:
    await beside(clock.now)


async def _look(service: str) -> None:
    """Each service has a round of its own: one that does not answer keeps nobody waiting for another."""
    if await look_around(clock.cached_now, service):
        await _reconcile()


class Steps:
    """Notices that the clock was set back: what was due, or was to run in seconds, would now wait for all of it."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    async def turn(self) -> None:
        now, elapsed = await beside(clock.now), time.monotonic()
        last, self._last = self._last, (now, elapsed)
        if last is None:
            return
        stepped = (now - last[0]).total_seconds() - (elapsed - last[1])
        if stepped < -STEP_SECONDS:
            logger.warning("The clock was set back by %.0f s: what waits is looked at now.", -stepped)
            await beside(stay_due, now - timedelta(seconds=stepped), now)
            await beside(hasten, "chunk")


async def _reconcile() -> None:
    await beside(reconcile, await beside(clock.now))


async def _forget() -> None:
    """A few at a time: among millions of fans this takes long, and what has come back must not wait to be settled."""
    await beside(forget_unanswered, await beside(clock.now))
    last = await beside(Connection.objects.order_by("-id").values_list("id", flat=True).first) or 0
    for first in range(1, last + 1, FORGET_AT_ONCE):
        await beside(forget_the_rest, await beside(clock.now), range(first, first + FORGET_AT_ONCE))


async def _watch() -> None:
    """Checks before a release that are due, and releases that stay missing."""
    now = await beside(clock.now)
    await beside(make_due, now)
    await beside(watch_sources, now)
