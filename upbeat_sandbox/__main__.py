"""`python -m upbeat_sandbox --port N [--host 127.0.0.1]`: plays the services until it is told to stop."""

import argparse
import sys
from functools import partial

from upbeat_sandbox.app import Sandbox
from upbeat_sandbox.mail.server import open_counter
from upbeat_sandbox.server import listening, serve


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m upbeat_sandbox",
        description="Plays the streaming services over HTTP, a push service and a mail server.",
    )
    parser.add_argument(
        "--port", type=int, default=8900, help="port to listen on; 0 takes a free one (default 8900)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument(
        "--mail-port", type=int, default=0, help="port of its mail server (default: a free one)"
    )
    wanted = parser.parse_args()
    try:
        bound = listening(wanted.host, wanted.port)
        mail = listening(wanted.host, wanted.mail_port)
    except (OSError, OverflowError) as problem:
        ports = f"{wanted.port}" + (f" or {wanted.mail_port}" if wanted.mail_port else "")
        print(f"Cannot listen on {wanted.host} port {ports}: {problem}", file=sys.stderr)
        return 1
    host = f"[{wanted.host}]" if ":" in wanted.host else wanted.host
    sandbox = Sandbox()
    sandbox.mail_url = f"smtp://{host}:{mail.getsockname()[1]}?starttls=0"
    ready = f"Sandbox at http://{host}:{bound.getsockname()[1]}/"
    serve(sandbox, bound, ready, partial(open_counter, sandbox, mail))
    return 0


if __name__ == "__main__":
    sys.exit(main())
