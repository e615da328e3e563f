"""`python -m upbeat_sandbox --port N [--host 127.0.0.1]`: plays the services until it is told to stop."""

import argparse
import sys

from upbeat_sandbox.app import Sandbox
from upbeat_sandbox.server import listening, serve


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m upbeat_sandbox", description="Plays Spotify and Deezer over HTTP."
    )
    parser.add_argument(
        "--port", type=int, default=8900, help="port to listen on; 0 takes a free one (default 8900)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    wanted = parser.parse_args()
    try:
        bound = listening(wanted.host, wanted.port)
    except (OSError, OverflowError) as problem:
        print(f"Cannot listen on {wanted.host} port {wanted.port}: {problem}", file=sys.stderr)
        return 1
    host = f"[{wanted.host}]" if ":" in wanted.host else wanted.host
    serve(Sandbox(), bound, f"Sandbox at http://{host}:{bound.getsockname()[1]}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
