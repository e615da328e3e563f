"""`upbeat clock`: tell the installation's time, and in sandbox mode move it, the sandbox's clock along with it."""

import argparse
import re
import sys
from datetime import datetime, timedelta

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
    from upbeat.web.sandbox_clock import move

    try:
        now = clock.now()
        moment = move(_step(arguments.to, now)) if arguments.to else now
    except (PermissionError, ValueError, OSError) as problem:
        print(f"upbeat clock: {problem}", file=sys.stderr)
        return 2
    print(f"It is {moment:%A %-d %B %Y, %H:%M:%S} UTC for this installation.")
    return 0


def _step(to: str, now: datetime) -> timedelta:
    """How far to move. ValueError says what would be right."""
    from upbeat.artists.models import Installation
    from upbeat.campaigns.models import Campaign

    if to == "real":
        return -Installation.the_one().clock_offset
    if fit := _STEP.fullmatch(to):
        return timedelta(**{_UNITS[fit[2]]: int(fit[1])})
    opens_at = Campaign.objects.filter(slug=to).values_list("opens_at", flat=True).first()
    if opens_at is None:
        raise ValueError(f"“{to}” is neither a step such as +3d nor the slug of a release with a date.")
    return opens_at - now
