"""Puts the product and the sandbox on a machine and takes them off again, leaving nothing running."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

PATIENCE_SECONDS = 45


class StageError(Exception):
    """The stage could not be set. The message says what did not come up."""


def free_port(wanted: int) -> int:
    """`wanted`, or the next port that is free: a busy one is stepped around."""
    for port in range(wanted, wanted + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StageError(f"No free port from {wanted} to {wanted + 199}.")


def _end(*_: object) -> None:
    raise SystemExit(143)


class Stage:
    """A running product and its sandbox. Use as a context manager; `keep` keeps the data in that folder.

    `database`: its address, where that is not a file in the folder. `name` begins the folder's.
    """

    def __init__(
        self, *, keep: Path | None = None, port: int = 8000, name: str = "upbeat-demo-", database: str = ""
    ) -> None:
        self.keep = keep
        self._wanted, self._name, self._database = port, name, database
        self._running: list[subprocess.Popen[bytes]] = []
        self.folder = Path()
        self.url = self.sandbox_url = ""
        self.services: dict[str, dict[str, Any]] = {}
        self.mail_url = ""

    def __enter__(self) -> "Stage":
        signal.signal(signal.SIGTERM, _end)  # so that a plain `kill` leaves nothing running either
        try:
            self._set()
        except BaseException:
            self._clear()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()

    def _set(self) -> None:
        self.folder = self.keep or Path(tempfile.mkdtemp(prefix=self._name))
        self.folder.mkdir(parents=True, exist_ok=True)
        port = free_port(self._wanted)
        sandbox_port = free_port(port + 100)
        self.url, self.sandbox_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
        sandbox = self.start("sandbox", "upbeat_sandbox", "--port", str(sandbox_port))
        described = self._wait_for(sandbox, "The sandbox", f"{self.sandbox_url}/")
        self.services, self.mail_url = described["services"], described["mail"]["smtp_url"]
        os.environ.update(self.settings())

    def settings(self) -> dict[str, str]:
        """The product's settings on this stage, as environment variables."""
        given = {
            "UPBEAT_DATA_DIR": str(self.folder),
            "UPBEAT_URL": self.url,
            "UPBEAT_SANDBOX": "1",
            "UPBEAT_SANDBOX_URL": self.sandbox_url,
            "UPBEAT_SMTP_URL": self.mail_url,
            "UPBEAT_MAIL_FROM": "Upbeat <upbeat@music.example>",
            "UPBEAT_DATABASE_URL": self._database or f"sqlite://{self.folder / 'upbeat.sqlite3'}",
        }
        for service, has in self.services.items():
            given |= {f"UPBEAT_{service.upper()}_{key.upper()}": str(value) for key, value in has.items()}
        return given

    def open_the_doors(self) -> "subprocess.Popen[bytes]":
        """Start the product. Set up what it should hold before, or while it runs."""
        product = self.start("product", "upbeat", "run", "--port", self.url.rpartition(":")[2])
        self._wait_for(product, "Upbeat", f"{self.url}/health")
        return product

    def start(self, name: str, module: str, *words: str) -> "subprocess.Popen[bytes]":
        """Start a process that ends with the stage, if it has not ended before. Its words go into `<name>.log`."""
        command = [sys.executable, "-m", module, *words]
        with (self.folder / f"{name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches us alone, and we end the others in order.
            started = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, env=os.environ.copy()
            )
        self._running.append(started)
        return started

    def _wait_for(self, process: "subprocess.Popen[bytes]", what: str, url: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if process.poll() is not None:
                break
            try:
                request = urllib.request.Request(url, headers={"Accept": "application/json"})
                with urllib.request.urlopen(request, timeout=2) as answer:
                    body = answer.read()
                return dict(json.loads(body)) if body.startswith(b"{") else {}
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise StageError(
            f"{what} did not come up. Its last words are in {self.folder}.\n{self._last_words()}"
        )

    def _last_words(self) -> str:
        logs = sorted(self.folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
        return logs[-1].read_text(encoding="utf-8", errors="replace")[-1500:] if logs else ""

    async def ended(self) -> None:
        """Return when one of the processes has ended by itself."""
        while all(process.poll() is None for process in self._running):
            await asyncio.sleep(0.5)

    def _clear(self) -> None:
        for process in reversed(self._running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self._running):
            try:
                process.wait(timeout=12)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if not self.keep and self.folder != Path():
            shutil.rmtree(self.folder, ignore_errors=True)
