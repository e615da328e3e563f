"""Where the rehearsal is held: a throw-away store, the sandbox, and the real product, all gone afterwards."""

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

from upbeat.commands.demonstration.stage import Stage, StageError
from upbeat.commands.rehearsal.control import Control

_PORTS = range(21_000, 31_000, 10)
NAME = "upbeat_rehearsal_"


def port() -> int:
    """Somewhere to begin looking for a free port: another place each time, so that nobody takes ours in a restart."""
    return secrets.choice(_PORTS)


@contextmanager
def database(server: str) -> Iterator[str]:
    """A new database on this PostgreSQL server, dropped in the end; its address. "" stays "": a file will do."""
    if not server:
        yield ""
        return
    import psycopg
    from psycopg import sql

    name = NAME + secrets.token_hex(4)
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=10) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege:
        role = urlsplit(server).username or "this role"
        raise StageError(
            f"The database server does not let {role} create a database for the rehearsal. "
            f"Allow it (ALTER ROLE {role} CREATEDB), or rehearse with --store sqlite."
        ) from None
    except psycopg.Error as problem:
        raise StageError(
            f"The database server cannot be used: {str(problem).splitlines()[0][:200]}"
        ) from None
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{quote(name)}"))
    finally:
        with psycopg.connect(server, autocommit=True, connect_timeout=10) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


class House:
    """A set stage and the product on it, which may be killed and started again."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.control = Control(stage.sandbox_url)
        self.services = list(stage.services)
        self._product: subprocess.Popen[bytes] | None = None
        self.page = stage.url

    def start(self) -> None:
        self._product = self._stage.open_the_doors()

    def kill(self) -> None:
        """`kill -9`."""
        assert self._product is not None
        self._product.kill()
        self._product.wait()
        _bury_worker()

    def stop(self) -> float:
        """SIGTERM. How many seconds it took to end; StageError if it did not within ten."""
        assert self._product is not None
        began = time.monotonic()
        self._product.terminate()
        try:
            self._product.wait(timeout=10)
        except subprocess.TimeoutExpired:
            raise StageError("Upbeat did not end within ten seconds of a SIGTERM.") from None
        return time.monotonic() - began

    def check(self) -> None:
        """StageError if the product has ended by itself."""
        if self._product is not None and self._product.poll() is not None:
            raise StageError(
                f"Upbeat ended by itself (exit {self._product.returncode}).\n{self.last_words()}"
            )

    def last_words(self) -> str:
        log = self._stage.folder / "product.log"
        return log.read_text(encoding="utf-8", errors="replace")[-1500:] if log.exists() else ""


def _bury_worker() -> None:
    """Let the time pass after which a silent worker is taken for dead: the store's own clock cannot be moved, so its
    last heartbeat is. On SQLite the next process is alone and adopts the jobs at once."""
    from django.db import connection

    from upbeat.delivery.engine.sweep import LEASE

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - make_interval(secs => %s)",
                [LEASE.stalled + 1],
            )


def low_priority() -> None:
    """Give way to whatever else this machine does."""
    os.nice(10)
