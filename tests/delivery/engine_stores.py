"""The two stores of jobs, each with tables of its own in a fresh database, for tests that run on both."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections
from procrastinate import App
from procrastinate.schema import SchemaManager

from tests.postgres import cluster
from upbeat.delivery.engine.app import build_app, connector, forget_apps
from upbeat.delivery.engine.sqlite_schema import create_tables

T = TypeVar("T")
_numbers = count(1)
BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgresql)]


class MovableClock:
    """Real time with an offset, as the installation's clock is in sandbox mode."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def move(self, **by: float) -> None:
        self.offset += timedelta(**by)


@dataclass
class Store:
    """A database with Procrastinate's tables: an alias of Django's in this process, a URL for others."""

    vendor: str
    using: str
    url: str
    clock: MovableClock = field(default_factory=MovableClock)

    def app(self, *, moved: bool = True) -> App:
        """An app of its own, as another process would have; `moved`: its PostgreSQL follows our clock as well."""
        return build_app(connector(self.using, now=self.clock.now, moved=moved), self.vendor)

    async def beside(self, function: Callable[[], T]) -> T:
        """Call `function` in another thread, as a view is called beside the worker's loop."""

        def run() -> T:
            try:
                return function()
            finally:
                connections[self.using].close()

        return await asyncio.to_thread(run)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def environment(self, data_dir: Path) -> dict[str, str]:
        """What another process needs to work on this store as its own."""
        return {
            **os.environ,
            "UPBEAT_DATABASE_URL": self.url,
            "UPBEAT_DATA_DIR": str(data_dir),
            "UPBEAT_SANDBOX": "0",  # a clock that can be moved needs a table that these databases lack
        }


@pytest.fixture(scope="session", name="postgres_of_the_engine")
def own_cluster() -> Iterator[str]:
    """A cluster with a database `model` that holds Procrastinate's tables."""
    with cluster() as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("CREATE DATABASE model")
        with psycopg.connect(dsn.removesuffix("postgres") + "model", autocommit=True) as connection:
            connection.execute(SchemaManager.get_schema())
        yield dsn


@pytest.fixture(name="make_store")
def maker(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any
) -> Iterator[Callable[[str], Store]]:
    """Make a store of this vendor; any number in one test."""
    with ExitStack() as ends, django_db_blocker.unblock():

        def make(vendor: str) -> Store:
            name = f"engine_{vendor}_{next(_numbers)}"
            if vendor == "sqlite":
                return ends.enter_context(_sqlite(name, tmp_path))
            return ends.enter_context(_postgres(name, request.getfixturevalue("postgres_of_the_engine")))

        yield make
        forget_apps()


@pytest.fixture(name="store")
def one_store(request: pytest.FixtureRequest, make_store: Callable[[str], Store]) -> Store:
    """One store; a test takes it with `@pytest.mark.parametrize("store", BOTH, indirect=True)`."""
    return make_store(request.param)


@contextmanager
def _sqlite(name: str, folder: Path) -> Iterator[Store]:
    path = folder / f"{name}.sqlite3"
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    with _alias(name, {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}):
        with connections[name].schema_editor() as editor:
            create_tables(editor)
        yield Store("sqlite", name, f"sqlite://{path}")


@contextmanager
def _postgres(name: str, dsn: str) -> Iterator[Store]:
    parts = urlsplit(dsn)
    where = {"NAME": name, "HOST": parts.hostname, "PORT": parts.port, "USER": parts.username}
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE model")
        try:
            with _alias(name, {"ENGINE": "django.db.backends.postgresql", **where}):
                yield Store("postgresql", name, dsn.removesuffix("postgres") + name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _alias(name: str, database: dict[str, Any]) -> Iterator[None]:
    connections.settings[name] = connections.configure_settings({"default": {}, name: database})[name]
    try:
        yield
    finally:
        connections[name].close()
        del connections[name]
        del connections.settings[name]
