"""Which workers live, and whether jobs wait for one: as the queue's own tables have it."""

import time
from datetime import datetime

from django.conf import settings
from django.db import connection

from upbeat.delivery import channels
from upbeat.delivery.engine.queue import DEFAULT
from upbeat.delivery.engine.sqlite_rows import time_text
from upbeat.delivery.engine.sweep import LEASE
from upbeat.delivery.speaker import names

_LIVING = {
    "sqlite": "SELECT COUNT(*) FROM procrastinate_workers WHERE last_heartbeat BETWEEN %s AND %s",
    "postgresql": """
        SELECT COUNT(*) FROM procrastinate_workers WHERE last_heartbeat > NOW() - make_interval(secs => %s)
    """,
}
_LATE = (
    "SELECT COUNT(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = %s AND scheduled_at <= %s"
)


def living_workers() -> int:
    """How many worker processes have shown lately that they live. Each does so once for each of its loops."""
    now = time.monotonic()  # in which heartbeats are counted on SQLite
    given = [now - LEASE.stalled, now] if settings.EMBEDDED else [LEASE.stalled]
    with connection.cursor() as cursor:
        cursor.execute(_LIVING[connection.vendor], given)
        beating = int(cursor.fetchone()[0])
    return -(-beating // (len(names()) + len(channels.usable()) + 1))


def late_jobs(before: datetime) -> int:
    """How many jobs, those that wait for a streaming service aside, should have begun before then."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE, [DEFAULT, time_text(before) if settings.EMBEDDED else before])
        return int(cursor.fetchone()[0])
