"""`upbeat clock`: tell the installation's time, and in sandbox mode move it, the sandbox's clock along with it."""

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta

_STEP = re.compile(r"([+-]?\d+)([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SECONDS = 5


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

    try:
        moment = move(arguments.to) if arguments.to else clock.now()
    except (PermissionError, ValueError) as problem:
        print(f"upbeat clock: {problem}", file=sys.stderr)
        return 2
    print(f"It is {moment:%A %-d %B %Y, %H:%M:%S} UTC for this installation.")
    return 0


def move(to: str) -> datetime:
    """Move both clocks as `to` says; returns the new now. ValueError says what would be right."""
    from upbeat import clock

    moment = clock.move(_step(to, clock.now()))
    tell_the_sandbox(moment)
    return moment


def tell_the_sandbox(moment: datetime) -> None:
    """Set the sandbox's clock. ValueError when it does not answer."""
    from django.conf import settings

    if not settings.SANDBOX_URL:
        return
    request = urllib.request.Request(
        f"{settings.SANDBOX_URL}/_control/clock",
        json.dumps({"now": moment.isoformat()}).encode(),
        {"Content-Type": "application/json"},
        method="PUT",
    )
    try:
        urllib.request.urlopen(request, timeout=_SECONDS).close()
    except (urllib.error.URLError, OSError):
        raise ValueError("this installation's clock has moved, but the sandbox did not answer.") from None


def _step(to: str, now: datetime) -> timedelta:
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
