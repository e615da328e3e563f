"""Before the first row is read: is the database there, and is it as this release of Upbeat wants it?"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from upbeat.commands.starting.refusal import CannotStart
from upbeat.fans.keys import keys_are_known

WAIT_SECONDS = 10.0
"""How long a database may take to come up: machines that start together do so in any order."""
_WAIT_FOR_PAGES_SECONDS = 60.0
_MIGRATING = 0x75706265
"""The number of the advisory lock under which one process at a time changes the tables."""


def wait_for_database(seconds: float = WAIT_SECONDS) -> None:
    """Return when the database answers; raise `CannotStart` if it has not after so many seconds."""
    until, said = time.monotonic() + seconds, False
    while True:
        try:
            connection.ensure_connection()
        except DatabaseError as problem:
            if time.monotonic() >= until:
                raise CannotStart(_unreachable(problem)) from None
            if not said:
                print("Waiting for the database …", file=sys.stderr, flush=True)
                said = True
            time.sleep(0.25)
        else:
            return


def bring_up_to_date() -> None:
    """Migrate if that is needed: one process at a time, however many machines start at once."""
    if not _behind():
        return
    with _alone_migrating():
        if _behind():
            call_command("migrate", verbosity=0, interactive=False)


def wait_for_pages(seconds: float = _WAIT_FOR_PAGES_SECONDS) -> None:
    """Return when `upbeat run` has brought the tables up to date; raise `CannotStart` if nobody does."""
    until = time.monotonic() + seconds
    while _behind() or not keys_are_known():
        if time.monotonic() >= until:
            raise CannotStart(
                "The database is not set up for this release. `upbeat run` does that: start it first, "
                "with the same release."
            )
        time.sleep(0.5)


def see_that_up_to_date() -> None:
    """Raise `CannotStart` where there is something to migrate."""
    if _behind():
        raise CannotStart(
            "The database is of an older release. Start `upbeat run` once, which brings it up to date."
        )


def _behind() -> bool:
    """Whether there is something to migrate. Raises `CannotStart` where it is this release that is behind."""
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations
    ours = {label for label, _ in known}
    if any(key[0] in ours and key not in known for key in executor.loader.applied_migrations):
        raise CannotStart("The database belongs to a newer release of Upbeat. Update this machine first.")
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone_migrating() -> Iterator[None]:
    """The lock is the session's of a connection of its own: it goes with that, in whatever way the process ends."""
    if settings.EMBEDDED:  # alone on its data already
        yield
        return
    session = connections.create_connection("default")
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
            yield
    finally:
        session.close()


def _unreachable(problem: DatabaseError) -> str:
    why = (str(problem).strip() or type(problem).__name__).splitlines()[0]
    return f"The database does not answer: {why}. Check UPBEAT_DATABASE_URL and that the server is up."
