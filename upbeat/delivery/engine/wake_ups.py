"""What LISTEN and NOTIFY do on PostgreSQL, inside one process: a worker hears of a new job the moment it is there.

Other processes learn of it by polling.
"""

import asyncio
import json
import threading
from collections.abc import Iterable
from contextlib import suppress

from procrastinate.connector import Notify
from procrastinate.jobs import Notification
from procrastinate.manager import get_channel_for_queues

_ANY_QUEUE = next(iter(get_channel_for_queues()))


class WakeUps:
    """Announcements from any thread to listeners on any event loop of this process."""

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()
        self._changing = threading.Lock()

    async def listen(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Call `on_notification` for each announcement on `channels`, until cancelled."""
        listener = _Listener(frozenset(channels))
        with self._changing:
            self._listeners.add(listener)
        try:
            while True:
                channel, payload = await listener.heard.get()
                await on_notification(channel=channel, payload=payload)
        finally:
            with self._changing:
                self._listeners.discard(listener)

    def announce(self, queue: str, notification: Notification) -> None:
        """Tell all who listen to this queue or to every queue. Never fails: who has gone hears nothing."""
        channels = {_ANY_QUEUE, *get_channel_for_queues([queue])}
        with self._changing:
            for listener in self._listeners:
                for channel in channels & listener.channels:
                    listener.tell(channel, json.dumps(notification))


class _Listener:
    def __init__(self, channels: frozenset[str]) -> None:
        self.channels = channels
        self.heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    def tell(self, channel: str, payload: str) -> None:
        with suppress(RuntimeError):  # its loop has ended
            self._loop.call_soon_threadsafe(self.heard.put_nowait, (channel, payload))
