"""The PostgreSQL database that an installation moves to: empty before, and empty again if anything fails."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connections
from django.db.backends.utils import CursorWrapper

from upbeat.commands.starting.refusal import CannotStart
from upbeat.settings import database

TARGET = "target"
"""The alias under which Django knows it while the installation moves."""

_OURS = "NOT EXISTS (SELECT 1 FROM pg_depend AS own WHERE own.objid = {} AND own.deptype IN ('e', 'i'))"
_THINGS = f"""
SELECT format('DROP %%s IF EXISTS %%I CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE'
              WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, relname)
  FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
   AND {_OURS.format("pg_class.oid")}
UNION ALL
SELECT format('DROP FUNCTION IF EXISTS %%s CASCADE', pg_proc.oid::regprocedure)
  FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND {_OURS.format("pg_proc.oid")}
UNION ALL
SELECT format('DROP TYPE IF EXISTS %%I CASCADE', typname)
  FROM pg_type LEFT JOIN pg_class ON pg_class.oid = typrelid
 WHERE typnamespace = current_schema()::regnamespace AND (typtype = 'e' OR relkind = 'c')
   AND {_OURS.format("pg_type.oid")}
"""  # noqa: S608 - names of PostgreSQL's own


@contextmanager
def new_home(url: str) -> Iterator[None]:
    """Django's alias `TARGET` on an empty database that has been given our tables; emptied if the block fails.

    Raises `CannotStart` where it is no PostgreSQL, does not answer, or is not empty: then nothing was touched.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise CannotStart("Upbeat moves to PostgreSQL only: --to postgresql://user@host:5432/name.")
    connections.settings[TARGET] = connections.configure_settings({"default": {}, TARGET: database(url)})[
        TARGET
    ]
    try:
        _see_that_empty()
        try:
            _make_tables(url)
            yield
        except BaseException:
            _empty()
            raise
    finally:
        connections[TARGET].close()
        del connections[TARGET]
        del connections.settings[TARGET]


def _see_that_empty() -> None:
    try:
        with connections[TARGET].cursor() as cursor:
            found = _things(cursor)
    except DatabaseError as problem:
        why = (str(problem).strip() or type(problem).__name__).splitlines()[0]
        raise CannotStart(f"The database to move to does not answer: {why}.") from None
    if found:
        raise CannotStart(
            "The database to move to is not empty, and nothing in it is overwritten. Make a new one: "
            "createdb, or CREATE DATABASE upbeat."
        )


def _things(cursor: CursorWrapper) -> list[str]:
    """The statements that would drop what is there."""
    cursor.execute(_THINGS, [])
    return [row[0] for row in cursor.fetchall()]


def _make_tables(url: str) -> None:
    """By a process of its own: on PostgreSQL the product has more tables than this process, on SQLite, knows."""
    environment = {name: value for name, value in os.environ.items() if name != "UPBEAT_DATABASE_URL_FILE"}
    command = [sys.executable, "-m", "upbeat", "manage", "migrate", "--verbosity", "0", "--no-input"]
    made = subprocess.run(
        command, env=environment | {"UPBEAT_DATABASE_URL": url}, capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        last = (made.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise CannotStart(f"The tables could not be made there: {last}")


def _empty() -> None:
    connections[TARGET].close()  # whatever state its transaction was in
    with connections[TARGET].cursor() as cursor:
        for statement in _things(cursor):
            cursor.execute(statement)
