"""How long a grant lives, and whether a service's grants can be renewed here: by its word, and by what we have seen."""

from datetime import datetime, timedelta

from django.db.models import F

from upbeat.campaigns.models import Campaign
from upbeat.fans.models import Connection, SeenGrant
from upbeat.providers.base import Grant
from upbeat.providers.registry import capabilities

FAR = timedelta(days=7)
"""A release so far ahead is an ordinary one: a permission that does not live so long cannot wait for it."""


def has_brought_refresh(service: str) -> bool:
    """Whether this installation's latest grant of the service came with a refresh token. None seen yet: no."""
    return SeenGrant.objects.filter(service=service, renewable=True).exists()


def connects_late(service: str) -> bool:
    """Whether fans do better to give their permission after the release: it lives for hours, as far as we have seen."""
    can = capabilities(service)
    life = None if can.brings_refresh else can.unrenewed_life
    return life is not None and life < FAR and not has_brought_refresh(service)


def grant_life(service: str) -> timedelta | None:
    """How long a permission lives here: short where the service gives no refresh token, until one was seen."""
    can = capabilities(service)
    return can.unrenewed_life if connects_late(service) else can.grant_life


def note_grant(service: str, grant: Grant, now: datetime) -> None:
    """Remember whether the service has brought a refresh token, where that is not to be taken for granted.

    A row is written only when it is another answer than last time: pre-saves that come at once do not wait here. Then
    every page may stand on another rung.
    """
    renewable = grant.refresh is not None
    if capabilities(service).unrenewed_life is None:
        return
    if SeenGrant.objects.filter(service=service, renewable=renewable).exists():
        return
    SeenGrant.objects.update_or_create(service=service, defaults={"renewable": renewable, "seen_at": now})
    Campaign.objects.filter(state=Campaign.PUBLISHED).update(version=F("version") + 1)


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
