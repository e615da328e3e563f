"""How often somebody may guess: wrong tries to sign in, counted by account and by address.

Counts live in the process's cache: they are gone after a restart and kept per process, which still leaves a guesser
some hundred tries a day. The right password is refused too while a limit holds, so guessing on tells nothing.
"""

import hashlib

from django.core.cache import cache

SECONDS = 15 * 60
MOST_FOR_ACCOUNT = 10
MOST_FOR_ADDRESS = 30


def may_try(email: str, address: str) -> bool:
    """Whether another try may be made now."""
    return _count("account", email) < MOST_FOR_ACCOUNT and _count("address", address) < MOST_FOR_ADDRESS


def wrong(email: str, address: str) -> None:
    """Note a wrong try."""
    for key in (_key("account", email), _key("address", address)):
        if not cache.add(key, 1, SECONDS):
            cache.incr(key)


def right(email: str) -> None:
    """Forget the account's wrong tries."""
    cache.delete(_key("account", email))


def _count(kind: str, of: str) -> int:
    return int(cache.get(_key(kind, of), 0))


def _key(kind: str, of: str) -> str:
    return f"tries:{kind}:{hashlib.sha256(of.strip().lower().encode()).hexdigest()}"
