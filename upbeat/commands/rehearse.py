"""`upbeat rehearse`: a campaign's release day in the sandbox, before the night that counts."""

import argparse
import json
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upbeat.campaigns.models import Campaign

LEAST_FANS, MOST_FANS, USUAL, MOST_USUAL = 1, 50_000, 200, 10_000


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "rehearse", help="play a campaign's release day in the sandbox, with synthetic fans"
    )
    parser.add_argument("campaign", metavar="CAMPAIGN", help="its id, its address, or a part of its title")
    parser.add_argument(
        "--fans", type=_fans, default=None, help="how many (default: as many as wait, 10,000 at the most)"
    )
    parser.add_argument(
        "--faults", choices=("mild", "hard"), default="", help="what the services do wrong (default: nothing)"
    )
    parser.add_argument(
        "--services", default="", metavar="all|NAME,…",
        help="whom the fans are dealt to in equal parts: all services and both kinds of reminder, or the named ones "
        "(default: as the campaign's fans are)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="the result for machines")
    parser.add_argument(
        "--store", type=_store, default=None, metavar="sqlite|postgresql://…",
        help="where the throw-away store is made (default: as this installation's own)",
    )  # fmt: skip
    parser.add_argument("--row", type=int, default=None, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit 0: nobody was lost or doubled. 1: somebody was. 2: it could not be rehearsed."""
    import django

    django.setup()
    signal.signal(signal.SIGTERM, _end)  # a plain `kill` clears up as Ctrl-C does
    from django.db import Error

    from upbeat.commands.rehearsal.reading import CannotRehearse
    from upbeat.commands.rehearsal.troupe import RehearsalFailed

    try:
        return _rehearse(arguments)
    except (CannotRehearse, RehearsalFailed) as problem:
        print(f"upbeat rehearse: {problem}", file=sys.stderr)
    except Error as problem:
        print(f"upbeat rehearse: {_database_words(problem)}", file=sys.stderr)
    return 2


def _end(*_: object) -> None:
    raise SystemExit(143)


def _rehearse(arguments: argparse.Namespace) -> int:
    from upbeat.commands.rehearsal import house, keeping, troupe
    from upbeat.commands.rehearsal.reading import campaign_named, read_script
    from upbeat.commands.rehearsal.telling import Telling

    if arguments.row is not None:
        house.low_priority()
    campaign = campaign_named(arguments.campaign)
    fans = arguments.fans or _usual(campaign)
    script = read_script(campaign, fans=fans, faults=arguments.faults, services=arguments.services)
    telling = Telling(script, silent=arguments.json)
    with keeping.kept(script, arguments.row) as keep:
        telling.begin()
        result: dict[str, Any] = troupe.play(script, _server(arguments.store), telling.hear)
        keep(result)
    telling.end(result)
    if arguments.json:
        print(json.dumps(result, indent=2))
    return int(not result["passed"])


def _usual(campaign: "Campaign") -> int:
    return min(campaign.pre_saves.filter(withdrawn_at=None).count() or USUAL, MOST_USUAL)


def _server(store: str | None) -> str:
    """The PostgreSQL server for the throw-away database; "" for SQLite."""
    from django.conf import settings

    from upbeat import env

    if store:
        return "" if store == "sqlite" else store
    return "" if settings.EMBEDDED else env.secret("UPBEAT_DATABASE_URL")


def _fans(word: str) -> int:
    if not (word.isascii() and word.isdecimal()) or not LEAST_FANS <= int(word[:9]) <= MOST_FANS:
        raise argparse.ArgumentTypeError(
            f"a number from {LEAST_FANS} to {MOST_FANS:,}, and {word[:20]!r} is not."
        )
    return int(word)


def _store(word: str) -> str:
    if word != "sqlite" and not word.startswith(("postgresql://", "postgres://")):
        raise argparse.ArgumentTypeError("it is sqlite, or an address like postgresql://user@host/database.")
    return word


def _database_words(problem: Exception) -> str:
    first = (str(problem).splitlines() or [""])[0][:200]
    return f"This installation's own database cannot be used: {first}. `upbeat check` says more."
