"""`upbeat clock`: tell the installation's time, and in sandbox mode move it, the sandbox's clock along with it."""

import argparse
import re
import sys
from datetime import timedelta

_STEP = re.compile(r"([+-]?\d{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("clock", help="tell the time; in sandbox mode, move it")
    parser.add_argument(
        "to",
        nargs="?",
        default="",
        help="+3d, +2h, +90m, +10s; `real` for the real time; or the slug of a release",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import django

    django.setup()
    from upbeat import clock
    from upbeat.web.sandbox_clock import CannotMove, move

    try:
        now = clock.now()
        moment = move(_step(arguments.to)) if arguments.to else now
    except CannotMove as problem:
        print(f"upbeat clock: {problem}", file=sys.stderr)
        return 2
    print(f"It is {moment:%A %-d %B %Y, %H:%M:%S} UTC for this installation.")
    return 0


def _step(to: str) -> timedelta:
    """How far to move."""
    from upbeat.artists.models import Installation
    from upbeat.web.sandbox_clock import until_release

    if to == "real":
        return -Installation.the_one().clock_offset
    if fit := _STEP.fullmatch(to):
        return timedelta(**{_UNITS[fit[2]]: int(fit[1])})
    return until_release(to)
