"""`upbeat` on several machines: each a process with a data folder of its own, all on one PostgreSQL database."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).parents[2]


class Machine:
    """One process of the product; what it prints is in `said`."""

    def __init__(self, folder: Path, environment: dict[str, str], *words: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / f"{words[0]}-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "upbeat", *words],
                cwd=ROOT,
                env=environment | {"UPBEAT_DATA_DIR": str(folder)},
                stdout=log,
                stderr=log,
            )

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def wait_to_hear(self, words: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while words not in self.said:
            assert time.monotonic() < until, f"not heard: {words}\n{self.said}"
            time.sleep(0.05)

    def end(self) -> int:
        """Ask it to end, as a service manager does. Returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


class Machines:
    """Starts them, and ends them when the test does."""

    def __init__(self, folder: Path, environment: dict[str, str], ends: ExitStack) -> None:
        self._folder, self._ends = folder, ends
        self.environment = {n: v for n, v in os.environ.items() if not n.startswith("UPBEAT_")} | environment

    def start(self, name: str, *words: str, keys_of: str = "", **more: str) -> Machine:
        """`name` is the machine's; with `keys_of` it gets a copy of that machine's keys first."""
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        for key in ("secret_key", "sealing_keys") if keys_of else ():
            shutil.copy(self._folder / keys_of / key, folder / key)
        machine = Machine(folder, self.environment | more, *words)
        self._ends.callback(machine.process.wait)
        self._ends.callback(machine.process.kill)
        return machine


@contextmanager
def machines(folder: Path, **environment: str) -> Iterator[Machines]:
    with ExitStack() as ends:
        yield Machines(folder, environment, ends)


@contextmanager
def new_database(dsn: str, name: str) -> Iterator[str]:
    """An empty database beside the one of `dsn`; yields its URL. Gone at the end."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield urlsplit(dsn)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
