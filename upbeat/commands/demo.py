"""`upbeat demo`: the product, the sandbox services and a release a few minutes away, on this machine.

`--play` tells the same story without a person and exits 0 only if every fan ended where promised.
"""

import argparse
import sys
from pathlib import Path


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "demo", help="watch a whole release on this machine, with sandbox services"
    )
    parser.add_argument(
        "--play", action="store_true", help="the whole story without a person, in under a minute"
    )
    parser.add_argument("--json", action="store_true", help="with --play: the result for machines")
    parser.add_argument("--fans", type=int, default=50, help="how many fans wait already (default 50)")
    parser.add_argument("--minutes", type=int, default=5, help="minutes until the release (default 5)")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the data here and find it again next time"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from upbeat.commands.demonstration.stage import StageError

    try:
        if arguments.play:
            from upbeat.commands.demonstration.story import play

            return play(as_json=arguments.json)
        from upbeat.commands.demonstration.evening import spend

        return spend(fans=arguments.fans, minutes=arguments.minutes, keep=arguments.keep)
    except StageError as problem:
        print(f"upbeat demo: {problem}", file=sys.stderr)
        return 2
