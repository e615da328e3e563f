"""What happens to the machine: its disk is full (this needs root, as a container has it), its clock is set."""

import struct
import subprocess
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from drills.ground import ROOT, Ground
from drills.scenes import Figures
from drills.scenes.processes import night
from drills.workers import Worker

FULL_SECONDS, STEP_MINUTES = 60.0, 10


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
    hand = ground.folder / "step"
    _step(hand, 0)
    stepped = {"LD_PRELOAD": str(_stepped_clock(ground.folder)), "STEPPED_CLOCK": str(hand)}
    pauses = []
    with Worker(ground, environment=stepped):
        for share, step in ((0.2, minutes), (0.5, -minutes)):
            one.wait_for(lambda share=share: one.ended() > share * one.everything())
            _step(hand, 60 * step)
            began, before = time.monotonic(), one.ended()
            one.wait_for(lambda before=before: one.goes_on(before + 5), 120)
            pauses.append(time.monotonic() - began)
        _step(hand, 0)
        one.finish()
    return {"recoveries": pauses, "step_minutes": minutes} | one.truth().as_dict()


def _step(hand: Path, seconds: int) -> None:
    """Set the clock so far from the others', in one write: it is mapped into the worker."""
    with hand.open("r+b" if hand.exists() else "wb") as file:
        file.write(struct.pack("q", seconds))


def _stepped_clock(folder: Path) -> Path:
    """The library that is loaded before libc, built for this drill."""
    library = folder / "stepped_clock.so"
    command = [
        "gcc",
        "-O2",
        "-shared",
        "-fPIC",
        "-o",
        str(library),
        str(ROOT / "drills/stepped_clock.c"),
        "-ldl",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return library
