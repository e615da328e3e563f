"""A PostgreSQL cluster of the tests' own, from the machine's own package, gone when the tests are."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

_START_SECONDS = 30.0
_TRUSTING = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
# What a crash would lose is of no worth here, so nothing waits for the disk.
_FAST = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "unix_socket_directories=",
    "max_connections=60",
)


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster on a free port of 127.0.0.1. Yields its DSN, `postgresql://postgres@127.0.0.1:port/postgres`.

    PostgreSQL does not run as root: root starts it as the user `postgres`, which the package has made.
    """
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="upbeat-postgres-") as folder:
        data, port = Path(folder) / "data", _free_port()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _run_to_its_end([programs / "initdb", "-D", data, *_TRUSTING])
        dsn = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        options = [part for option in _FAST for part in ("-c", option)]
        command = [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", *options]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **_as_whom())
        try:
            yield _when_ready(server, dsn, Path(folder) / "log")
        finally:
            server.send_signal(2)  # the fast end: clients are sent away
            server.wait(_START_SECONDS)


def _programs() -> Path:
    """The newest PostgreSQL here. Debian keeps its programs out of PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    assert found, "PostgreSQL is not installed: apt-get install postgresql"
    return found[-1]


def _as_whom() -> dict[str, Any]:
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def _run_to_its_end(command: list[Any]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, cwd="/", text=True, **_as_whom())
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _when_ready(server: subprocess.Popen[bytes], dsn: str, log: Path) -> str:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with suppress(psycopg.OperationalError), psycopg.connect(dsn, connect_timeout=2):
            return dsn
        time.sleep(0.05)
    raise AssertionError(f"PostgreSQL did not start:\n{log.read_text('utf-8')}")
