"""Nights of any size: fans, permissions, pre-saves and deliveries, written set by set (500,000 fans in seconds).

book(campaign, [Lot("spotify", State.DELIVERED, 300_000), Lot("deezer", State.NEEDS_FAN, 12, "grant_dead")], now)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.models import Delivery
from upbeat.fans.models import Connection, Fan, PreSave


@dataclass(frozen=True)
class Lot:
    """So many fans of one service whose saves stand there. `beside`: actions each of them asked for as well."""

    service: str
    state: State
    number: int
    reason: str = ""
    beside: tuple[str, ...] = ()
    zone: str = "Europe/Berlin"
    due_at: datetime | None = None
    """When they are served; empty: at the campaign's instant."""
    settled_at: datetime | None = None
    """When those that have ended did; empty: now."""


@transaction.atomic
def book(campaign: Campaign, lots: Sequence[Lot], now: datetime) -> None:
    """Write all lots. Nobody has a token."""
    for lot in lots:
        if lot.number:
            _book(campaign, lot, now)
    if connection.vendor == "postgresql":
        for model in (Fan, Connection, PreSave, Delivery):
            _follow_up(model)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _book(campaign: Campaign, lot: Lot, now: datetime) -> None:
    fan, grant, wish = (_last(model) for model in (Fan, Connection, PreSave))
    ids = {"fan": f"{fan} + n", "connection": f"{grant} + n", "pre_save": f"{wish} + n"}
    _insert(Fan, lot.number, {"id": ids["fan"], "code": f"'F-' || ({fan} + n)"},
            team=campaign.team, created_at=now)  # fmt: skip
    _insert(Connection, lot.number,
            {"id": ids["connection"], "fan": ids["fan"], "account_id": f"'account-' || ({grant} + n)"},
            team=campaign.team, service=lot.service, granted_at=now)  # fmt: skip
    own = {name: sql for name, sql in ids.items() if name != "pre_save"}
    _insert(PreSave, lot.number, own | {"id": ids["pre_save"], "receipt": f"'receipt-' || ({wish} + n)"},
            campaign=campaign, service=lot.service, zone=lot.zone, created_at=now, completed_at=now)  # fmt: skip
    due_at = lot.due_at or campaign.opens_at or now
    stands = {
        "state": lot.state.value,
        "reason": lot.reason,
        "due_at": due_at,
        "next_at": max(due_at, now) if lot.state.is_open else None,
        "settled_at": None if lot.state.is_open else lot.settled_at or now,
        "attempts": int(lot.state not in (State.WAITING, State.QUEUED)),
    }
    for action in ("save", *lot.beside):
        made = {"id": f"{_last(Delivery)} + n", "pre_save": ids["pre_save"]}
        _insert(Delivery, lot.number, made, campaign=campaign, service=lot.service, action=action, **stands)


def _last(model: type[models.Model]) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0


def _insert(model: type[models.Model], number: int, computed: dict[str, str], **same: Any) -> None:
    """One statement: `computed` fields by an expression over n = 1…number, the others the same in every row."""
    columns, expressions, values = [], [], []
    for field in model._meta.concrete_fields:
        columns.append(connection.ops.quote_name(field.column))
        if field.name in computed:
            expressions.append(computed[field.name])
            continue
        value = same.get(field.name, field.get_default())
        expressions.append("%s")
        values.append(
            field.get_db_prep_save(value.pk if isinstance(value, models.Model) else value, connection)
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
            f"SELECT {', '.join(expressions)} FROM numbers",
            [number, *values],
        )


def _follow_up(model: type[models.Model]) -> None:
    """PostgreSQL: the next id comes after the ones written here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, _last(model)]
        )
