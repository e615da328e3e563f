"""The edge's clock. Everything below gets `now` as an argument.

Web and workers go by one clock, the database's: on PostgreSQL each process measures how far that is from the machine's
monotonic clock, every five seconds, and counts on by the latter. So machines that disagree, or one whose clock is set
anew, serve a release at the same instant. On SQLite, where all is one machine, it is the machine's clock.

In sandbox mode, and only there, an installation's clock can be moved (`upbeat clock`), so that a release weeks away
can be watched today. The offset is a row, so every process follows within half a second.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection

from upbeat.artists.models import Installation

_FRESH_SECONDS = 0.5
_MEASURED_SECONDS = 5.0
_offset = timedelta()
_read_at = float("-inf")
_began: float | None = None
"""The database's time when the monotonic clock stood at 0; None: not measured, the machine's clock must do."""
_measured_at = float("-inf")


def now() -> datetime:
    """The moment it is for this installation, in UTC. May ask the database, so not from an event loop."""
    refresh()
    return cached_now()


def cached_now() -> datetime:
    """The same from what was last read: for the event loop, where `refresh` runs beside in a thread."""
    if _began is None:
        return datetime.now(UTC) + _offset
    return datetime.fromtimestamp(_began + time.monotonic(), UTC) + _offset


def refresh(*, force: bool = False) -> None:
    """Read again what is stale: the offset after half a second (sandbox mode only), the database's clock after five.

    A database that does not answer is no reason not to know the time: what was measured last still holds.
    """
    with suppress(DatabaseError):
        if not settings.EMBEDDED and time.monotonic() - _measured_at >= _MEASURED_SECONDS:
            _measure()
        if settings.SANDBOX and (force or time.monotonic() - _read_at >= _FRESH_SECONDS):
            _read_offset()


def move(by: timedelta) -> datetime:
    """Move the installation's clock. Returns the new now. Refused outside sandbox mode."""
    if not settings.SANDBOX:
        raise PermissionError("The clock can only be moved in sandbox mode (UPBEAT_SANDBOX=1).")
    one = Installation.the_one()
    one.clock_offset += by
    one.save()
    refresh(force=True)
    return cached_now()


def _measure() -> None:
    """The database answered somewhere between asking and hearing: the middle is wrong by half of that at the most."""
    global _began, _measured_at
    with connection.cursor() as cursor:
        asked = time.monotonic()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        said = cursor.fetchone()[0]
        heard = time.monotonic()
    _began, _measured_at = said - (asked + heard) / 2, heard


def _read_offset() -> None:
    global _offset, _read_at
    _offset = Installation.the_one().clock_offset
    _read_at = time.monotonic()
