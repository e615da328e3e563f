"""Fans by the hundred thousand for the benches: written in slices, sealed one by one, with ids known beforehand."""

from datetime import timedelta
from typing import Any

from night import book

_AT_ONCE = 5_000


def big_book(fans: int, *, slug: str) -> Any:
    """`night.book`, of any size: its campaign, with so many fans in all."""
    campaign = book(min(fans, 1_000), slug=slug)
    for first in range(1_000, fans, _AT_ONCE):
        _add(campaign, slug, range(first, min(first + _AT_ONCE, fans)))
    return campaign


def _add(campaign: Any, slug: str, numbers: range) -> None:
    from django.db import connection, transaction

    from upbeat.delivery.models import Delivery
    from upbeat.fans.models import Connection, Fan, PreSave
    from upbeat.fans.sealing import seal

    long_ago, team, scopes = campaign.opens_at - timedelta(days=20), campaign.team, ["user-library-modify"]
    begin = 10_000_000 + numbers[0]  # far from the ids that were given out
    ids = [begin + place for place in range(len(numbers))]
    with transaction.atomic(), connection.constraint_checks_disabled():
        Fan.objects.bulk_create(
            Fan(id=pk, team=team, code=f"{slug[:3]}{pk}", created_at=long_ago) for pk in ids
        )
        Connection.objects.bulk_create(
            Connection(
                id=pk, fan_id=pk, team=team, service="spotify", account_id=f"{slug} {pk}", scopes=scopes,
                granted_at=long_ago, access_expires_at=long_ago, token_version=1,
                sealed_access=seal("old", context=f"connection {pk} access"),
                sealed_refresh=seal(f"refresh {pk}", context=f"connection {pk} refresh"),
            )
            for pk in ids
        )  # fmt: skip
        PreSave.objects.bulk_create(
            PreSave(
                id=pk, campaign=campaign, fan_id=pk, connection_id=pk, service="spotify", zone="Europe/Berlin",
                receipt=f"{slug} {pk}", created_at=long_ago, completed_at=long_ago,
            )
            for pk in ids
        )  # fmt: skip
        Delivery.objects.bulk_create(
            Delivery(
                campaign=campaign, pre_save_id=pk, service="spotify", action="save",
                due_at=campaign.opens_at, next_at=campaign.opens_at,
            )
            for pk in ids
        )  # fmt: skip
