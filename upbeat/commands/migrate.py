"""`upbeat migrate --to postgresql://…`: an installation that has outgrown SQLite moves, with nothing lost."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upbeat.commands.moving.move import Moved


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("migrate", help="move from SQLite to PostgreSQL")
    parser.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help="an empty database, like postgresql://user@host:5432/name (its password may stand in ~/.pgpass)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import django

    django.setup()
    from upbeat.commands.starting.refusal import CannotStart

    try:
        _say(_move(arguments.to), arguments.to)
    except CannotStart as problem:
        print(f"upbeat migrate: {problem} Nothing has changed.", file=sys.stderr)
        return 2
    return 0


def _move(url: str) -> "Moved":
    """Hold the data alone, see that it is as this release wants it, and move it."""
    from django.conf import settings

    from upbeat.commands.moving.move import move
    from upbeat.commands.moving.target import new_home
    from upbeat.commands.starting.database import see_that_up_to_date
    from upbeat.commands.starting.refusal import CannotStart
    from upbeat.delivery.engine.lock import AlreadyRunning, alone_on
    from upbeat.fans.keys import sealing_keys_fit

    if not settings.EMBEDDED:
        raise CannotStart("This installation is on PostgreSQL already.")
    try:
        with alone_on(settings.DATA_DIR):
            see_that_up_to_date()
            if not sealing_keys_fit():
                raise CannotStart("The sealing keys here do not open what this installation has sealed.")
            with new_home(url):
                return move(lambda table: print(f"  {table}", file=sys.stderr, flush=True))
    except AlreadyRunning as problem:
        raise CannotStart(str(problem)) from None


def _say(moved: "Moved", url: str) -> None:
    from django.conf import settings
    from rich.console import Console
    from rich.table import Table

    console, table = Console(highlight=False), Table("table", "rows", "contents")
    for name, content in moved.tables.items():
        if content.rows:
            table.add_row(name, f"{content.rows:,}", f"the same ({content.hash[:12]})")
    console.print(table)
    opened, closed = moved.opened.tried - moved.opened.closed, moved.opened.closed
    console.print(
        f"{opened:,} sealed permissions and addresses were opened there with the keys of this installation."
    )
    if closed:
        console.print(f"{closed:,} do not open, there as here: they were sealed with other keys.")
    console.print(
        f"\nEverything has arrived. {settings.DATA_DIR} has not been changed. From now on, on every machine:\n"
        f"  UPBEAT_DATABASE_URL={_without_password(url)}\n"
        "  the files secret_key, sealing_keys and vapid_key of this folder (or UPBEAT_SECRET_KEY, "
        "UPBEAT_SEALING_KEYS and UPBEAT_VAPID_KEY)\n"
        "  the folder media, on each machine that runs the pages",
        soft_wrap=True,
    )


def _without_password(url: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return parts._replace(netloc=f"{name}:…@{host}" if ":" in user else parts.netloc).geturl()
