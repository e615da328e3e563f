"""What happens to processes: killed, ended, frozen."""

import random
import time
from contextlib import ExitStack

from drills.ground import Ground
from drills.night import Night
from drills.scenes import Figures
from drills.workers import Worker

KILLS = 100
FROZEN_SECONDS = 40.0
"""Twice the lease."""


def night(ground: Ground, fans: int, *, seconds: float = 20.0) -> Night:
    """Two services, three in five of the fans on the one whose refresh tokens rotate. Undisturbed it would last about
    so many seconds (a quarter of it on a quick ground): by the limiter, each service has 1.2 calls a fan."""
    one = Night(ground, pace=max(1.2 * fans / seconds, 5.0) * (4 if ground.quick else 1))
    one.crowd("spotify", fans * 3 // 5)
    one.crowd("deezer", fans - fans * 3 // 5)
    ground.sandbox.fault("delay", seconds=0.05, match={"host": "api"})
    one.come_out()
    return one


def kill_9(ground: Ground, fans: int, kills: int = KILLS, seed: int = 7) -> Figures:
    """Killed and started again at once, each time at another moment, until it has happened often enough."""
    dice = random.Random(seed)
    # A round takes as long as its recovery: one second on SQLite, one lease on PostgreSQL.
    one = night(ground, fans, seconds=kills * (1 if ground.store == "sqlite" else 20))
    recoveries: list[float] = []
    done = 0
    with Worker(ground) as worker:
        one.wait_for(lambda: one.ended() > 0)
        while done < kills and one.ended() < one.everything():
            time.sleep(dice.uniform(0.05, 1.5))
            orphans = one.held()
            worker.kill()
            done += 1
            before = one.ended()
            worker.start()
            if ground.store == "sqlite":  # The new process is alone, and knows that nobody holds anything.
                recoveries.append(one.wait_for(lambda before=before: one.goes_on(before)))
            elif orphans:
                recoveries.append(one.taken_up(orphans))
        one.hurry()
        one.finish(900)
    return {"kills": done, "recoveries": recoveries} | one.truth().as_dict()


def gone(ground: Ground, fans: int) -> Figures:
    """Of two workers one is killed for good: the other takes over its chunks."""
    one = night(ground, fans, seconds=30)
    with Worker(ground) as worker:
        its = one.only_workers()
        with Worker(ground):
            one.wait_for(lambda: one.ended() > one.everything() / 5)
            orphans = one.held(its)
            worker.kill()
            recovery = one.taken_up(orphans)
            one.finish()
        worker.start()  # so that leaving has something to end
    return {"recoveries": [recovery]} | one.truth().as_dict()


def sigterm(ground: Ground, fans: int) -> Figures:
    """An orderly end in the middle: quick, with exit code 0, and what came back is written."""
    one = night(ground, fans)
    with Worker(ground) as worker:
        one.wait_for(lambda: one.ended() > one.everything() / 4)
        seconds, code = worker.end()
        calls = len(one.sandbox.calls(host="api", limit=20000))
        time.sleep(1)
        late = len(one.sandbox.calls(host="api", limit=20000)) - calls
        began, before = time.monotonic(), one.ended()
        worker.start()
        one.wait_for(lambda: one.goes_on(before))
        recovery = time.monotonic() - began
        one.finish()
    found = {"end_seconds": seconds, "exit_code": code, "calls_after_the_end": late, "recoveries": [recovery]}
    return found | one.truth().as_dict()


def freeze(ground: Ground, fans: int, seconds: float = FROZEN_SECONDS) -> Figures:
    """A worker that stands still for longer than its lease wakes up with calls half done.

    On PostgreSQL another one has taken over meanwhile; on SQLite there is no other.
    """
    one = night(ground, fans, seconds=seconds)
    recoveries = []
    with ExitStack() as running:
        worker = running.enter_context(Worker(ground))
        its = one.only_workers()
        if ground.store == "postgresql":
            running.enter_context(Worker(ground))
        one.wait_for(lambda: one.ended() > one.everything() / 10)
        orphans = one.held(its)
        worker.freeze()
        began = time.monotonic()
        if ground.store == "postgresql":
            recoveries.append(one.taken_up(orphans))
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
        worker.thaw()
        one.finish()
    return {"recoveries": recoveries, "frozen_seconds": seconds} | one.truth().as_dict()
