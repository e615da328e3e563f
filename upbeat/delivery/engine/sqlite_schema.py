"""Procrastinate's tables in an SQLite file. On PostgreSQL `procrastinate.contrib.django` migrates its own."""

import sqlite3
from collections.abc import Iterator
from importlib import resources

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = (
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_jobs",
    "procrastinate_workers",
)
"""In an order in which they can be emptied and dropped: foreign keys point to the right."""


def create_tables(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the tables, indexes and triggers, if this database is SQLite."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in statements():
            schema_editor.execute(statement, None)


def drop_tables(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the tables and all their jobs, if this database is SQLite."""
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            schema_editor.execute(f"DROP TABLE {table}", None)


def statements() -> Iterator[str]:
    """The statements of `sqlite_schema.sql`, one by one: SQLite itself says where one ends (triggers hold several)."""
    begun = ""
    for line in (
        (resources.files(__package__) / "sqlite_schema.sql").read_text("utf-8").splitlines(keepends=True)
    ):
        begun += line
        if sqlite3.complete_statement(begun):
            yield begun.strip()
            begun = ""
