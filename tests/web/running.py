"""The product as tests use it: `upbeat run` in a process of its own, on a data folder of its own."""

import itertools
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.web.browser import Browser

ROOT = Path(__file__).parents[2]
_numbers = itertools.count(1)


@dataclass
class Product:
    """A running product."""

    url: str
    folder: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    seeder: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    def campaign(self, **spec: Any) -> str:
        """A published campaign, made now; the whole URL of its page."""
        slug = f"page-{next(_numbers)}"
        self._seed({"slug": slug} | spec)
        page = f"{self.url}/{slug}"
        until = time.monotonic() + 20
        while spec.get("state") is None and "etag" not in Browser().ask("HEAD", page).headers:
            assert time.monotonic() < until, "the page did not come up"
            time.sleep(0.05)
        return page

    def _seed(self, spec: dict[str, Any]) -> None:
        if self.seeder is None:
            command = [sys.executable, "-m", "tests.web.seeding"]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self.seeder = subprocess.Popen(command, env=self.environment, cwd=ROOT, **pipes)
        assert self.seeder.stdin
        assert self.seeder.stdout
        self.seeder.stdin.write(json.dumps(spec) + "\n")
        self.seeder.stdin.flush()
        assert self.seeder.stdout.readline() == "made\n"

    def upbeat(self, *words: str) -> str:
        return self.run(sys.executable, "-m", "upbeat", *words)

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds, read only."""
        with sqlite3.connect(
            f"file:{self.folder / 'upbeat.sqlite3'}?mode=ro", uri=True, timeout=10
        ) as database:
            return database.execute(sql, values).fetchall()

    def change(self, sql: str, *values: object) -> None:
        """Change a row behind the product's back, as another process would."""
        with sqlite3.connect(self.folder / "upbeat.sqlite3", timeout=10) as database:
            database.execute(sql, values)

    def one(self, sql: str, *values: object) -> Any:
        return self.rows(sql, *values)[0][0]

    def log(self) -> str:
        return (self.folder / "product.log").read_text(encoding="utf-8")

    def start(self) -> None:
        with (self.folder / "product.log").open("ab") as log:
            command = [sys.executable, "-m", "upbeat", "run", "--port", self.url.rpartition(":")[2]]
            self.process = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
        until = time.monotonic() + 40
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if Browser().get(f"{self.url}/health").status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"Upbeat did not come up:\n{self.log()}")

    def stop(self) -> int:
        """Ask it to end, as a service manager does. Returns its exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


@contextmanager
def running_product(folder: Path, *, public: str = "", **environment: str) -> Iterator[Product]:
    """Start one on a free port, and end it. `public`: the origin fans see, where a proxy would stand in front."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("UPBEAT_")}
    product = Product(
        url, folder, inherited | {"UPBEAT_DATA_DIR": str(folder), "UPBEAT_URL": public or url} | environment
    )
    product.start()
    try:
        yield product
    finally:
        if product.seeder:
            product.seeder.communicate()
        if product.process and product.process.poll() is None:
            product.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
