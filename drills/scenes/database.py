"""What happens to the database: killed and back, away for a while. Only PostgreSQL can be."""

import time

from drills.ground import Ground
from drills.night import Night
from drills.scenes import Figures
from drills.scenes.processes import night
from drills.workers import Worker

AWAY_SECONDS = 45.0


def killed(ground: Ground, fans: int, times: int = 3) -> Figures:
    """`kill -9` of the postmaster and all its children, three times."""
    one = night(ground, fans, seconds=10.0 * times)
    assert ground.cluster is not None
    recoveries = []
    with Worker(ground) as worker:
        for number in range(times):
            share = (number + 1) / (times + 2)
            one.wait_for(lambda share=share: one.ended() > share * one.everything())
            ground.cluster.kill()
            time.sleep(1)
            recoveries.append(_back(ground, one))
        alive = worker.alive
        one.finish()
    return {"recoveries": recoveries, "worker_alive": alive} | one.truth().as_dict()


def away(ground: Ground, fans: int, seconds: float = AWAY_SECONDS) -> Figures:
    """The database is stopped for three quarters of a minute: longer than any lease."""
    one = night(ground, fans, seconds=30)
    assert ground.cluster is not None
    with Worker(ground) as worker:
        one.wait_for(lambda: one.ended() > one.everything() / 5)
        ground.cluster.stop()
        time.sleep(seconds)
        recovery = _back(ground, one)
        alive = worker.alive
        one.finish()
    return {"recoveries": [recovery], "away_seconds": seconds, "worker_alive": alive} | one.truth().as_dict()


def _back(ground: Ground, one: Night) -> float:
    """Start it, and return how long it takes from then until deliveries go on."""
    assert ground.cluster is not None
    ground.cluster.start()
    began = time.monotonic()
    before: list[int] = []

    def moved() -> bool:
        if not before:
            before.append(one.ended())
        return one.goes_on(before[0])

    one.wait_for(moved, 120)
    return time.monotonic() - began
