"""How many reminders may be asked for from one place: each makes us write to an address that somebody typed.

Counted in the process's cache, as wrong passwords are: gone after a restart, and nothing of it is written down.
"""

import hashlib

from django.core.cache import cache

SECONDS = 3600
MOST = 30
"""In an hour. Many phones may share one address, so not few."""


def may_ask(visitor: str) -> bool:
    """Whether another one may be; it is counted by asking this."""
    key = f"asked:{hashlib.sha256(visitor.encode()).hexdigest()}"
    if cache.add(key, 1, SECONDS):
        return True
    try:
        return int(cache.incr(key)) <= MOST
    except ValueError:  # it ran out at this moment
        return True
