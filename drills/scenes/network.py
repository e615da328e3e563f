"""What happens to the network: two workers in namespaces of their own, one of which is cut off. Needs root."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from drills.ground import Ground
from drills.scenes import Figures
from drills.scenes.processes import night
from drills.workers import Worker

CUT_SECONDS = 45.0


class Namespace:
    """A network of its own with one line to this machine."""

    def __init__(self, number: int) -> None:
        self.name, self._here, self._there = f"upbeat{number}", f"upb{number}a", f"upb{number}b"
        self.host = f"10.203.{number}.1"
        self._inside = f"10.203.{number}.2"

    def make(self) -> None:
        _ip("netns", "add", self.name)
        _ip("link", "add", self._here, "type", "veth", "peer", "name", self._there)
        _ip("link", "set", self._there, "netns", self.name)
        _ip("addr", "add", f"{self.host}/24", "dev", self._here)
        _ip("link", "set", self._here, "up")
        _ip("-n", self.name, "addr", "add", f"{self._inside}/24", "dev", self._there)
        _ip("-n", self.name, "link", "set", self._there, "up")
        _ip("-n", self.name, "link", "set", "lo", "up")

    def remove(self) -> None:
        subprocess.run(["ip", "netns", "del", self.name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", self._here], check=False, capture_output=True)

    def cut(self) -> None:
        _ip("link", "set", self._here, "down")

    def mend(self) -> None:
        _ip("link", "set", self._here, "up")


@contextmanager
def namespaces(*numbers: int) -> Iterator[list[Namespace]]:
    made = [Namespace(number) for number in numbers]
    try:
        for one in made:
            one.remove()
            one.make()
        yield made
    finally:
        for one in made:
            one.remove()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def cut_off(ground: Ground, fans: int, seconds: float = CUT_SECONDS) -> Figures:
    """A worker that hears nothing for 45 s is given up; when it is back it must change nothing it no longer holds."""
    one = night(ground, fans, seconds=40)
    with namespaces(1, 2) as (first, second), _inside(ground, first) as worker:
        its = one.only_workers()
        with _inside(ground, second):
            one.wait_for(lambda: one.ended() > one.everything() / 6)
            orphans = one.held(its)
            first.cut()
            began = time.monotonic()
            recovery = one.taken_up(orphans)
            time.sleep(max(0.0, seconds - (time.monotonic() - began)))
            first.mend()
            one.finish()
            alive = worker.alive
    return {"recoveries": [recovery], "cut_seconds": seconds, "worker_alive": alive} | one.truth().as_dict()


def _inside(ground: Ground, namespace: Namespace) -> Worker:
    return Worker(
        ground,
        inside=["ip", "netns", "exec", namespace.name],
        environment=ground.environment(namespace.host),
    )
