"""`upbeat run`: the whole product in one process: the web and, beside it, the delivery worker."""

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
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    port = arguments.port or _port_of(os.environ.get("UPBEAT_URL", ""))
    os.environ.setdefault("UPBEAT_URL", f"http://{arguments.host}:{port}")
    problem = _busy(arguments.host, port) or _set_up()
    if problem:
        print(f"upbeat: {problem}", file=sys.stderr)
        return 2
    return _live(arguments.host, port, deliver=not arguments.no_worker)


def _port(word: str) -> int:
    if not word.isdecimal() or not 0 < int(word[:6]) < 65536:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, and {word[:20]} is not.")
    return int(word)


def _port_of(url: str) -> int:
    """The port a public address names, 8000 where it names none. What is no address is refused later, by `checks`."""
    with suppress(ValueError):
        return urlsplit(url).port or 8000
    return 8000


def _busy(host: str, port: int) -> str:
    """Why nobody can listen there; "" if one can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            reason = "Something else listens there" if problem.errno == errno.EADDRINUSE else problem.strerror
            return f"Port {port} on {host} cannot be used: {reason}. Choose another one with --port."
    return ""


def _set_up() -> str:
    """Check the settings and bring the database up to date. Returns what forbids to run, "" if nothing does."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from upbeat.web.checks import forbidding

    worst = forbidding()
    if worst:
        return "\n        ".join(worst)
    if settings.EMBEDDED:
        call_command("migrate", verbosity=0, interactive=False)
    return ""


def _live(host: str, port: int, *, deliver: bool) -> int:
    from django.conf import settings

    from upbeat.delivery.engine.lock import AlreadyRunning, alone_on
    from upbeat.web.outer.serve import serve

    try:
        with alone_on(settings.DATA_DIR) if settings.EMBEDDED else nullcontext():
            serve(host, port, settings.PUBLIC_URL, deliver=deliver)
    except AlreadyRunning as problem:
        print(f"upbeat: {problem}", file=sys.stderr)
        return 2
    return 0
