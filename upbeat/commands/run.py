"""`upbeat run`: the whole product in one process: the web and, beside it, the delivery worker."""

import argparse
import errno
import os
import socket
import sys
from contextlib import nullcontext
from urllib.parse import urlsplit


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("run", help="run Upbeat: its pages and its deliveries")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=None, help="port (default: the one in UPBEAT_URL, or 8000)"
    )
    parser.add_argument("--no-worker", action="store_true", help="pages only: deliver from another process")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    port = arguments.port or urlsplit(os.environ.get("UPBEAT_URL", "")).port or 8000
    os.environ.setdefault("UPBEAT_URL", f"http://{arguments.host}:{port}")
    problem = _busy(arguments.host, port) or _set_up()
    if problem:
        print(f"upbeat: {problem}", file=sys.stderr)
        return 2
    return _live(arguments.host, port, deliver=not arguments.no_worker)


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
