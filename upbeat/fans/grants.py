"""How long a grant lives, and whether a service's grants can be renewed here: by its word, and by what we have seen."""

from datetime import datetime, timedelta

from upbeat.fans.models import Connection, SeenGrant
from upbeat.providers.base import Grant
from upbeat.providers.registry import capabilities


def has_brought_refresh(service: str) -> bool:
    """Whether this installation's latest grant of the service came with a refresh token. None seen yet: no."""
    return SeenGrant.objects.filter(service=service, renewable=True).exists()


def note_grant(service: str, grant: Grant, now: datetime) -> None:
    """Remember whether the service has brought a refresh token, where that is not to be taken for granted.

    A row is written only when it is another answer than last time: pre-saves that come at once do not wait here.
    """
    renewable = grant.refresh is not None
    if capabilities(service).unrenewed_life is None:
        return
    if SeenGrant.objects.filter(service=service, renewable=renewable).exists():
        return
    SeenGrant.objects.update_or_create(service=service, defaults={"renewable": renewable, "seen_at": now})


def dies_at(connection: Connection, grant: Grant, now: datetime) -> datetime | None:
    """When a grant that was given now will be dead for good; None: never, as far as the service says.

    Where the token is the account, agreeing again has brought the same one, and it lives no longer for that.
    One without a refresh token dies with its access token, unless an earlier refresh token is still kept.
    """
    if connection.dies_at is not None and not capabilities(connection.service).knows_accounts:
        return connection.dies_at
    lives: list[timedelta | None] = [capabilities(connection.service).grant_life, grant.life]
    if grant.refresh is None and not connection.sealed_refresh:
        lives.append(grant.expires_in)
    ends = [life for life in lives if life is not None]
    return now + min(ends) if ends else None
