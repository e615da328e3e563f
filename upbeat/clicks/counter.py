"""Counting without waiting: what happens is added in memory and written in bulk, as hourly sums.

A stop that is asked for (SIGTERM, Ctrl-C) loses nothing; `kill -9` loses at most what came since the last `flush`,
which the web process calls twice a second.
"""

from collections import Counter
from datetime import UTC, datetime
from threading import Lock

from django.db import DatabaseError, connection, transaction

Key = tuple[int, int, str, str, bool]
"""Campaign, hour since the epoch, what, subject, crawler."""

_lock = Lock()
_waiting: Counter[Key] = Counter()

_UPSERT = """
    INSERT INTO clicks_hourlycount (campaign_id, hour, what, subject, crawler, count)
    SELECT %s, %s, %s, %s, %s, %s WHERE EXISTS (SELECT 1 FROM campaigns_campaign WHERE id = %s)
    ON CONFLICT (campaign_id, hour, what, subject, crawler)
    DO UPDATE SET count = clicks_hourlycount.count + excluded.count
"""
"""Adds instead of reading and writing back, so several processes may count at once. Skips a deleted campaign."""


def count(campaign_id: int, what: str, subject: str = "", *, crawler: bool, now: datetime) -> None:
    """Count one `what` (`HourlyCount.VIEW` …) of a campaign. From any thread; touches no database."""
    key = (campaign_id, int(now.timestamp() // 3600), what, subject, crawler)
    with _lock:
        _waiting[key] += 1


def flush() -> int:
    """Write what has been counted. Returns how many it was. Raises `DatabaseError`, and then nothing is lost."""
    global _waiting
    with _lock:
        taken, _waiting = _waiting, Counter()
    if not taken:
        return 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(_UPSERT, [_row(key, times) for key, times in taken.items()])
    except DatabaseError:
        with _lock:
            _waiting.update(taken)
        raise
    return taken.total()


def _row(key: Key, times: int) -> tuple[int | str | bool | datetime, ...]:
    campaign_id, hour, what, subject, crawler = key
    return (campaign_id, datetime.fromtimestamp(hour * 3600, UTC), what, subject, crawler, times, campaign_id)
