"""The move itself: copy, count, compare, in one transaction of the new place; the old one is only read."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import DatabaseError, connections, transaction

from upbeat.commands.moving.seals import Opened, open_seals
from upbeat.commands.moving.tables import Row, Table, all_tables
from upbeat.commands.moving.target import TARGET
from upbeat.commands.starting.refusal import CannotStart

SOURCE = "default"


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows, and the hash of all that is in them."""

    rows: int
    hash: str


@dataclass
class Moved:
    """What was found the same on both sides."""

    tables: dict[str, Content] = field(default_factory=dict)
    opened: Opened = field(default_factory=Opened)


class Differs(CannotStart):
    """What arrived is not what left."""


def move(tell: Callable[[str], None]) -> Moved:
    """Move everything. `tell` hears the name of each table as it is done. On any exception nothing has arrived.

    The transaction on the old database keeps out whoever else might write to it.
    """
    tables, moved = all_tables(), Moved()
    with transaction.atomic(using=SOURCE), transaction.atomic(using=TARGET):
        _make_room(tables)
        left = {table.name: _copied(table, tell) for table in tables}
        for table in tables:
            arrived = _content(table.rows(TARGET))
            if arrived != left[table.name]:
                raise Differs(f"{table.name} arrived with other contents than it left with.")
            moved.tables[table.name] = arrived
        _go_on_counting(tables)
        moved.opened = open_seals(TARGET)
    with connections[TARGET].cursor() as cursor:
        cursor.execute("ANALYZE")
    return moved


def _make_room(tables: Iterable[Table]) -> None:
    """Migrating has written rows of its own; ours bring the same with them. Nor is a queue's event to happen anew."""
    names = ", ".join(f'"{table.name}"' for table in tables)
    with connections[TARGET].cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE procrastinate_jobs DISABLE TRIGGER USER")


def _copied(table: Table, tell: Callable[[str], None]) -> Content:
    """Copy one table. Returns what left."""
    columns = ", ".join(f'"{name}"' for name in table.columns)
    hashed = _Hash()
    try:
        with (
            connections[TARGET].cursor() as cursor,
            cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copying,
        ):
            for row in hashed.through(table.rows(SOURCE)):
                copying.write_row(table.stored(row, TARGET))
    except (DatabaseError, psycopg.Error, ValueError) as problem:
        why = (str(problem).strip() or type(problem).__name__).splitlines()[0]
        raise Differs(f"{table.name} does not go over: {why}") from problem
    tell(table.name)
    return hashed.content


def _content(rows: Iterable[Row]) -> Content:
    hashed = _Hash()
    for _ in hashed.through(rows):
        pass
    return hashed.content


class _Hash:
    """Hashes rows as they go by: the same Python values, in the same order, are the same content."""

    def __init__(self) -> None:
        self._hash, self._rows = hashlib.sha256(), 0

    def through(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self._hash.update(json.dumps(row, sort_keys=True, default=_plain).encode())
            self._rows += 1
            yield row

    @property
    def content(self) -> Content:
        return Content(self._rows, self._hash.hexdigest())


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _go_on_counting(tables: Iterable[Table]) -> None:
    """New ids begin after all that were ever given: a chunk must not find its job's number on somebody else's."""
    with connections[SOURCE].cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        given: dict[str, int] = dict(cursor.fetchall())
    with connections[TARGET].cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs ENABLE TRIGGER USER")
        for table in tables:
            if given.get(table.name):
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                    [f'"{table.name}"', given[table.name]],
                )
