"""The edge's clock. Everything below gets `now` as an argument.

In sandbox mode, and only there, an installation's clock can be moved (`upbeat clock`), so that a release weeks away
can be watched today. The offset is a row, so every process follows within half a second.
"""

import time
from datetime import UTC, datetime, timedelta

from django.conf import settings

from upbeat.artists.models import Installation

_FRESH_SECONDS = 0.5
_offset = timedelta()
_read_at = float("-inf")


def now() -> datetime:
    """The moment it is for this installation, in UTC. May ask the database, so not from an event loop."""
    if settings.SANDBOX:
        refresh()
    return cached_now()


def cached_now() -> datetime:
    """The same from the offset last read: for the event loop, where `refresh` runs beside in a thread."""
    return datetime.now(UTC) + _offset


def refresh(*, force: bool = False) -> None:
    """Read the offset again if it is older than half a second. Outside sandbox mode there is none."""
    global _offset, _read_at
    if not settings.SANDBOX or (not force and time.monotonic() - _read_at < _FRESH_SECONDS):
        return
    _offset = Installation.the_one().clock_offset
    _read_at = time.monotonic()


def move(by: timedelta) -> datetime:
    """Move the installation's clock. Returns the new now. Refused outside sandbox mode."""
    if not settings.SANDBOX:
        raise PermissionError("The clock can only be moved in sandbox mode (UPBEAT_SANDBOX=1).")
    one = Installation.the_one()
    one.clock_offset += by
    one.save()
    refresh(force=True)
    return cached_now()
