"""Statements on one Django connection to SQLite: Python values in, rows as Procrastinate wants them out."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connections

Row = dict[str, Any]


class Rows:
    """Runs statements on the calling thread's own connection, so they join the transaction that is open there."""

    def __init__(self, using: str) -> None:
        self.using = using

    def __call__(self, statement: str, **arguments: Any) -> list[Row]:
        """Run `statement` with its `%(name)s` filled in. Returns its rows; none for one that answers nothing."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement, {name: _stored(value) for name, value in arguments.items()})
            names = [column[0] for column in cursor.description or ()]
            return [_read(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def time_text(moment: datetime) -> str:
    """`moment` (aware) as SQLite keeps it: in UTC, and as long as any other, so that texts compare like times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return json.dumps(value if isinstance(value, dict) else list(value))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


_READ: dict[str, Callable[[Any], Any]] = {
    "args": json.loads,
    "stats": json.loads,
    "scheduled_at": _time,
    "started_at": _time,
    "abort_requested": bool,
}


def _read(row: Row) -> Row:
    for name in _READ.keys() & row.keys():
        if row[name] is not None:
            row[name] = _READ[name](row[name])
    return row
