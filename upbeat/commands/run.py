"""`upbeat run`: the whole product in one process: the web and, beside it, the delivery worker.

On PostgreSQL it may run on several machines, and the deliveries may be left to `upbeat worker`.
"""

import argparse
import errno
import os
import socket
import sys
from contextlib import nullcontext, suppress
from urllib.parse import urlsplit


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("run", help="run Upbeat: its pages and its deliveries")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, default=None, help="port (default: the one in UPBEAT_URL, or 8000)"
    )
    parser.add_argument("--no-worker", action="store_true", help="pages only: deliver from another process")
    parser.add_argument(
        "--new-keys",
        action="store_true",
        help="the old sealing keys are lost: go on with the ones there are now",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    port = arguments.port or _port_of(os.environ.get("UPBEAT_URL", ""))
    os.environ.setdefault("UPBEAT_URL", f"http://{arguments.host}:{port}")
    from upbeat.commands.starting.refusal import CannotStart

    try:
        _see_that_free(arguments.host, port)
        _live(arguments, port)
    except CannotStart as problem:
        print(f"upbeat: {problem}", file=sys.stderr)
        return 2
    return 0


def _port(word: str) -> int:
    if not word.isdecimal() or not 0 < int(word[:6]) < 65536:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, and {word[:20]} is not.")
    return int(word)


def _port_of(url: str) -> int:
    """The port a public address names, 8000 where it names none. What is no address is refused later, by `checks`."""
    with suppress(ValueError):
        return urlsplit(url).port or 8000
    return 8000


def _see_that_free(host: str, port: int) -> None:
    """Raise `CannotStart` if nobody can listen there."""
    from upbeat.commands.starting.refusal import CannotStart

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            reason = "Something else listens there" if problem.errno == errno.EADDRINUSE else problem.strerror
            raise CannotStart(
                f"Port {port} on {host} cannot be used: {reason}. Choose another one with --port."
            ) from None


def _live(arguments: argparse.Namespace, port: int) -> None:
    """Get ready, serve, end. What forbids to start is raised as a sentence."""
    import django

    django.setup()
    from django.conf import settings

    from upbeat.commands.starting.database import wait_for_database
    from upbeat.commands.starting.refusal import CannotStart
    from upbeat.commands.starting.settings import check_settings
    from upbeat.delivery.engine.lock import AlreadyRunning, alone_on

    if not settings.EMBEDDED:
        wait_for_database()
    check_settings()
    try:
        with alone_on(settings.DATA_DIR) if settings.EMBEDDED else nullcontext():
            _settle_in(new_keys=arguments.new_keys)
            from upbeat.web.outer.serve import serve

            serve(arguments.host, port, settings.PUBLIC_URL, deliver=not arguments.no_worker)
    except AlreadyRunning as problem:
        raise CannotStart(str(problem)) from None


def _settle_in(*, new_keys: bool) -> None:
    """Bring the tables up to date and compare the keys."""
    from upbeat.commands.starting.database import bring_up_to_date
    from upbeat.commands.starting.keys import check_keys_of_pages

    bring_up_to_date()
    hint = check_keys_of_pages(new_keys=new_keys)
    if hint:
        print(f"upbeat: {hint}", file=sys.stderr, flush=True)
