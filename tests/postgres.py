"""PostgreSQL clusters of our own, from the machine's own package, gone when the tests or the drill are."""

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
# What a crash would lose is of no worth in a test, so nothing waits for the disk.
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class Cluster:
    """A cluster in `folder`, which may be killed and started again. `dsn` is the address of its first database.

    PostgreSQL does not run as root: root starts it as the user `postgres`, which the package has made.
    """

    def __init__(self, folder: Path, *options: str, host: str = "127.0.0.1") -> None:
        self._programs, self._folder, self._options = _programs(), folder, options
        self._listen, self.port = host, _free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self.dsn = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _run_to_its_end([self._programs / "initdb", "-D", folder / "data", *_TRUSTING])

    def trust(self, network: str) -> None:
        """Let in who comes from this network, like `10.0.0.0/8`. Before `start`."""
        with (self._folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {network} trust\n")

    def start(self) -> None:
        """Return when it answers. Raises AssertionError with its log if it does not."""
        options = ("unix_socket_directories=", "max_connections=60", *self._options)
        command = [self._programs / "postgres", "-D", self._folder / "data", "-p", str(self.port)]
        command += ["-h", self._listen, *(part for option in options for part in ("-c", option))]
        with (self._folder / "log").open("ab") as log:
            # A group of its own, so that a kill reaches every process of it.
            self._server = subprocess.Popen(
                command, stdout=log, stderr=log, cwd="/", start_new_session=True, **_as_whom()
            )
        self._wait(self._server)

    def stop(self) -> None:
        """The fast end: clients are sent away."""
        if self._server is not None and self.alive:
            self._server.send_signal(2)
            self._server.wait(_START_SECONDS)

    @property
    def alive(self) -> bool:
        return self._server is not None and self._server.poll() is None

    def kill(self) -> None:
        """`kill -9` of all its processes at once."""
        assert self._server is not None
        os.killpg(self._server.pid, 9)
        self._server.wait(_START_SECONDS)

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and server.poll() is None:
            with suppress(psycopg.OperationalError), psycopg.connect(self.dsn, connect_timeout=2):
                return
            time.sleep(0.05)
        raise AssertionError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text('utf-8')}")


@contextmanager
def cluster() -> Iterator[str]:
    """A cluster for tests, on a free port of 127.0.0.1. Yields its DSN."""
    with tempfile.TemporaryDirectory(prefix="upbeat-postgres-") as folder:
        own = Cluster(Path(folder), *FAST)
        own.start()
        try:
            yield own.dsn
        finally:
            own.stop()


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
