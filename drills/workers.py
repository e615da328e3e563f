"""The product's processes in a drill: started, killed, frozen, thawed, ended."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence

from drills.ground import ROOT, Ground, worker_command


class Worker:
    """One process that delivers. `inside`: words before its command, like `ip netns exec one`."""

    def __init__(
        self,
        ground: Ground,
        *,
        command: Sequence[str] | None = None,
        inside: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._command = [*inside, *(command or worker_command(ground, _free_port()))]
        self._environment = os.environ | ground.environment() | dict(environment or {})
        self.log = ground.folder / "workers.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Worker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.kill()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """`kill -9`, children included."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> tuple[float, int]:
        """SIGTERM. Returns the seconds it took and the exit code."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        code = self.process.wait(60)
        return time.monotonic() - began, code

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, number)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
