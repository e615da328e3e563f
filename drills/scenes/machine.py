"""What happens to the machine: its disk is full, its clock is set. Both need root, as a container has it."""

import subprocess
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from drills.ground import Ground
from drills.scenes import Figures
from drills.scenes.processes import night
from drills.workers import Worker

FULL_SECONDS, STEP_MINUTES = 60.0, 10
_FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def disk_full(ground: Ground, fans: int, seconds: float = FULL_SECONDS) -> Figures:
    """Not a byte can be written for a minute where the store is."""
    one = night(ground, fans, seconds=30)
    filler = ground.small_disk / "filler"
    with Worker(ground) as worker:
        one.wait_for(lambda: one.ended() > one.everything() / 5)
        _fill(filler)
        time.sleep(seconds)
        filler.unlink()
        if ground.cluster is not None and not ground.cluster.alive:
            ground.cluster.start()  # it ends itself where it cannot write, and is for a supervisor to start
        began, before = time.monotonic(), one.ended()
        one.wait_for(lambda: one.goes_on(before), 120)
        recovery = time.monotonic() - began
        alive = worker.alive
        one.finish()
    return {"recoveries": [recovery], "full_seconds": seconds, "worker_alive": alive} | one.truth().as_dict()


def _fill(path: Path) -> None:
    """Write until there is no room for another byte."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while file.write(b"\0" * size) == size:
                    pass


def clock_step(ground: Ground, fans: int, minutes: int = STEP_MINUTES) -> Figures:
    """The worker's clock jumps ten minutes ahead, later ten minutes back; the others' clocks stay."""
    one = night(ground, fans, seconds=30)
    one.move_to(
        one.opens_at + timedelta(minutes=3 * minutes)
    )  # else a step back is a step before the release
    hand = ground.folder / "faketime"
    hand.write_text("+0")
    faked = {
        "LD_PRELOAD": str(_faketime()),
        "FAKETIME_TIMESTAMP_FILE": str(hand),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    pauses = []
    with Worker(ground, environment=faked):
        for share, step in ((0.2, f"+{minutes}m"), (0.5, f"-{minutes}m")):
            one.wait_for(lambda share=share: one.ended() > share * one.everything())
            hand.write_text(step)
            began, before = time.monotonic(), one.ended()
            one.wait_for(lambda before=before: one.goes_on(before + 5), 120)
            pauses.append(time.monotonic() - began)
        hand.write_text("+0")
        one.finish()
    return {"recoveries": pauses, "step_minutes": minutes} | one.truth().as_dict()


def _faketime() -> Path:
    if not _FAKETIME.exists():
        subprocess.run(["apt-get", "install", "-y", "-qq", "faketime"], check=True, capture_output=True)
    return _FAKETIME
