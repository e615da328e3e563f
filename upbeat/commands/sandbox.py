"""`upbeat sandbox`: the streaming services, played on this machine. A process of its own; it knows nothing of us."""

import argparse
import os
import sys


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("sandbox", help="play Spotify and Deezer over HTTP")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", default="8100", help="port (default 8100; 0 takes a free one)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Becomes the sandbox: nothing of the product stays in the process."""
    words = ["-m", "upbeat_sandbox", "--host", arguments.host, "--port", arguments.port]
    os.execv(sys.executable, [sys.executable, *words])  # noqa: S606 - our own module, no shell
