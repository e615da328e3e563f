"""The tokens of a connection: kept by compare-and-swap, read, and forgotten."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from upbeat.fans.models import Connection
from upbeat.fans.sealing import SealError, open_seal, seal
from upbeat.providers.base import Grant, Token

EARLY = timedelta(seconds=60)
"""An access token counts as run out this long before it is: a call takes time."""
CLAIM = timedelta(seconds=40)
"""How long one renewal may take: twice as long as we wait for an answer. (One further ahead is of another clock.)"""


def access_token(connection: Connection, now: datetime) -> Token | None:
    """The access token, or None where there is none or it has run out (then renew with `refresh_token`)."""
    expires = connection.access_expires_at
    if not connection.sealed_access or (expires is not None and expires - EARLY <= now):
        return None
    return Token(open_seal(connection.sealed_access, context=_context(connection.pk, "access")))


def refresh_token(connection: Connection) -> Token | None:
    if not connection.sealed_refresh:
        return None
    return Token(open_seal(connection.sealed_refresh, context=_context(connection.pk, "refresh")))


def opens(connection: Connection) -> bool:
    """Whether what is sealed in this connection opens with our keys."""
    try:
        for sealed, what in ((connection.sealed_access, "access"), (connection.sealed_refresh, "refresh")):
            if sealed:
                open_seal(sealed, context=_context(connection.pk, what))
    except SealError:
        return False
    return True


def keep_tokens(connection_id: int, version: int, grant: Grant, now: datetime) -> bool:
    """Write the tokens of a grant, if nobody has written since `version` was read. False: somebody was first.

    A grant of the token endpoint's renewal has no scopes of its own where the service repeats none: these stay.
    """
    changes: dict[str, Any] = {
        "sealed_access": seal(grant.access.reveal(), context=_context(connection_id, "access")),
        "access_expires_at": now + grant.expires_in if grant.expires_in is not None else None,
        "token_version": version + 1,
        "dead_at": None,
        "doubted_at": None,
        "renewing_until": None,
    }
    if grant.refresh is not None:
        changes["sealed_refresh"] = seal(grant.refresh.reveal(), context=_context(connection_id, "refresh"))
    if grant.scopes:
        changes["scopes"] = sorted(grant.scopes)
    rows = Connection.objects.filter(pk=connection_id, token_version=version)
    return rows.update(**changes) == 1


def forget(connections: QuerySet[Connection]) -> int:
    """Delete the tokens of these: the permission has done what it was given for. Returns how many there were."""
    return _empty(connections)


def bury(connection_id: int, version: int, now: datetime) -> bool:
    """The token endpoint itself has said that the grant of `version` is dead: delete its tokens and say so.

    True: it is dead, whether it was buried here or, a moment before, by somebody else who was told the same.
    False: the fan has given a new one meanwhile.
    """
    as_read = Connection.objects.filter(pk=connection_id, token_version=version)
    if _empty(as_read, dead_at=now):
        return True
    return Connection.objects.filter(pk=connection_id, dead_at__isnull=False).exists()


def doubt(connection_id: int, version: int, now: datetime) -> bool:
    """The token endpoint has said for the first time that the grant of `version` is dead. False: it is another now."""
    return Connection.objects.filter(pk=connection_id, token_version=version).update(doubted_at=now) == 1


def clear_doubt(connection_id: int, version: int) -> bool:
    """The token endpoint has renewed the grant after all."""
    return Connection.objects.filter(pk=connection_id, token_version=version).update(doubted_at=None) == 1


def claim_renewal(connection_id: int, now: datetime) -> Connection | None:
    """The connection as it is, to be renewed by the caller alone; None while somebody else renews it.

    `keep_tokens` ends the claim, `release_renewal` does it where nothing came; else it ends by itself.
    """
    free = Q(renewing_until=None) | Q(renewing_until__lte=now) | Q(renewing_until__gt=now + 2 * CLAIM)
    if not Connection.objects.filter(free, pk=connection_id).update(renewing_until=now + CLAIM):
        return None
    return Connection.objects.get(pk=connection_id)


def release_renewal(claimed: Connection) -> None:
    """End a claim, if it is still the one that was made."""
    as_claimed = Connection.objects.filter(pk=claimed.pk, renewing_until=claimed.renewing_until)
    as_claimed.update(renewing_until=None)


def _empty(connections: QuerySet[Connection], **changes: datetime) -> int:
    return connections.update(
        sealed_access=b"",
        sealed_refresh=b"",
        access_expires_at=None,
        scopes=[],
        doubted_at=None,
        token_version=F("token_version") + 1,
        **changes,
    )


def _context(connection_id: int, what: str) -> str:
    return f"connection {connection_id} {what}"
