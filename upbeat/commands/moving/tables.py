"""What there is to move: the product's own tables, and the queue's, which are not Django's on SQLite."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import connections, models

Row = tuple[Any, ...]
_AT_ONCE = 2000


class Table(ABC):
    """A table in both databases. Rows come in the order of their ids, their values the same Python on both sides."""

    name: str
    columns: list[str]

    @abstractmethod
    def rows(self, using: str) -> Iterator[Row]:
        """As they are to stand in the new place, whichever of the two is read."""

    def stored(self, row: Row, using: str) -> Row:
        """A row as `COPY` takes it."""
        return row


class ModelTable(Table):
    """The table of a Django model."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self._fields = model._meta.concrete_fields
        self.name = model._meta.db_table
        self.columns = [str(field.column) for field in self._fields]

    def rows(self, using: str) -> Iterator[Row]:
        names = [field.attname for field in self._fields]
        found = self.model._base_manager.using(using).order_by("pk").values_list(*names)
        for row in found.iterator(_AT_ONCE):
            yield tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)

    def stored(self, row: Row, using: str) -> Row:
        target = connections[using]
        return tuple(
            field.get_db_prep_save(value, connection=target)
            for field, value in zip(self._fields, row, strict=True)
        )

    @property
    def needs(self) -> set[type[models.Model]]:
        """The models whose rows must be there first."""
        others = {field.related_model for field in self._fields if field.is_relation}
        return {one for one in others if isinstance(one, type) and one is not self.model}


class QueueTable(Table):
    """One of Procrastinate's. A job that was running when its process died waits again, as after any crash."""

    def __init__(self, name: str, columns: str) -> None:
        self.name, self.columns = name, columns.split()

    def rows(self, using: str) -> Iterator[Row]:
        connection = connections[using]
        casts = (
            {}
            if connection.vendor == "sqlite"
            else {"status": "status::text", "args": "args::text", "type": "type::text"}
        )
        listed = ", ".join(casts.get(name, name) for name in self.columns)
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {listed} FROM {self.name} ORDER BY id")  # noqa: S608 - names of ours
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from (self._as_meant(row) for row in rows)

    def _as_meant(self, row: Row) -> Row:
        values = dict(zip(self.columns, row, strict=True))
        for name in ("scheduled_at", "at"):
            if isinstance(values.get(name), str):
                values[name] = datetime.fromisoformat(values[name]).replace(tzinfo=UTC)
        if "args" in values:
            values["args"] = json.dumps(json.loads(values["args"]), sort_keys=True)
            values["abort_requested"] = bool(values["abort_requested"])
        if values.get("status") == "doing":
            values |= {"status": "todo", "scheduled_at": None, "abort_requested": False}
        return tuple(values.values())


QUEUE_TABLES = [
    QueueTable(
        "procrastinate_jobs",
        "id queue_name task_name priority lock queueing_lock args status scheduled_at attempts abort_requested",
    ),
    QueueTable("procrastinate_periodic_defers", "id task_name defer_timestamp job_id periodic_id"),
    QueueTable("procrastinate_events", "id job_id type at"),
]


def all_tables() -> list[Table]:
    """Each after those whose rows it refers to."""
    found = apps.get_models(include_auto_created=True)
    return [
        *in_order(ModelTable(model) for model in found if model._meta.managed and not model._meta.proxy),
        *QUEUE_TABLES,
    ]


def in_order(tables: Iterable[ModelTable]) -> list[ModelTable]:
    """Sorted by foreign keys."""
    left = {table.model: table for table in tables}
    placed: list[ModelTable] = []
    while left:
        ready = [model for model, table in left.items() if not table.needs & left.keys()]
        if not ready:
            raise AssertionError(f"foreign keys in a circle: {[table.name for table in left.values()]}")
        placed += [left.pop(model) for model in ready]
    return placed
