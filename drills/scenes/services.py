"""What the services do to us: away, lying, breaking off, asking us to wait."""

import time
from datetime import datetime, timedelta
from typing import Any

from drills.ground import Ground
from drills.night import Night
from drills.scenes import Figures
from drills.scenes.processes import night
from drills.workers import Worker
from upbeat import clock

API = {"host": "api"}


def down(ground: Ground, fans: int, minutes: float = 5, seconds: float = 8) -> Figures:
    """No call gets through for five minutes by the services' clock. Of these, `seconds` and a few more really pass."""
    one = night(ground, fans)
    with Worker(ground):
        one.wait_for(lambda: one.ended() > one.everything() / 4)
        ground.wire.cut()
        until = clock.now() + timedelta(minutes=minutes)
        time.sleep(seconds)
        while clock.now() < until:
            one.move_to(min(clock.now() + timedelta(seconds=45), until))
            time.sleep(seconds / 4)
        ground.wire.mend()
        began, before = time.monotonic(), one.ended()
        one.move_to(clock.now() + timedelta(minutes=3))
        one.wait_for(lambda: one.goes_on(before), 60)
        recovery = time.monotonic() - began
        one.finish()
    return {"recoveries": [recovery], "down_minutes": minutes} | one.truth().as_dict()


def after_effect(ground: Ground, fans: int) -> Figures:
    """One call in ten does what it was asked for and answers with an error."""
    one = night(ground, fans, seconds=5)
    one.sandbox.fault("error", status=500, when="after", probability=0.1, match=API)
    return _run(ground, one)


def drops(ground: Ground, fans: int) -> Figures:
    """One connection in twenty breaks, half of them when the effect is there."""
    one = night(ground, fans, seconds=5)
    for moment in ("before", "after"):
        one.sandbox.fault("drop", when=moment, probability=0.025, match=API)
    return _run(ground, one)


def stray_429(ground: Ground, fans: int) -> Figures:
    """Three calls in a hundred are asked to wait a second, for no reason."""
    one = night(ground, fans, seconds=5)
    one.sandbox.fault("rate_limit", retry_after=1, probability=0.03, match=API)
    return _run(ground, one)


def _run(ground: Ground, one: Night) -> Figures:
    began = time.monotonic()
    with Worker(ground):
        one.wait_for(lambda: one.ended() > 0)
        one.finish(600)
        seconds = time.monotonic() - began
    return {"seconds": seconds} | one.truth().as_dict()


def window(ground: Ground, fans: int, calls: int = 300, window: int = 30) -> Figures:
    """300 calls in any 30 s, not one more. The floor: every window is used to its last call."""
    one = Night(ground, pace=None, rotate=False)
    one.crowd("spotify", fans, playlists=False)
    one.sandbox.turn("spotify", calls_per_window=calls, window_seconds=window)
    one.come_out()
    with Worker(ground):
        one.wait_for(lambda: one.ended() == one.everything(), 900)
    came = one.sandbox.calls(service="spotify", host="api")
    # A token that has run out is sent away before its call counts.
    answered = [datetime.fromisoformat(call["at"]) for call in came if call["status"] not in (401, 429)]
    useful, seconds = len(answered), (answered[-1] - answered[0]).total_seconds()
    floor = float((useful - 1) // calls * window)
    inside = _inside_a_wait(came)
    return {
        "seconds": seconds,
        "calls_answered": useful,
        "refused": sum(call["status"] == 429 for call in came),
        "inside_a_retry_after": inside,
        "floor_seconds": floor,
        "times_the_floor": seconds / floor,
    } | one.truth().as_dict()


def hour(ground: Ground, fans: int) -> Figures:
    """One service asks for an hour in the middle of the run; the other goes on meanwhile."""
    one = night(ground, fans)
    with Worker(ground):
        one.wait_for(lambda: one.ended() > one.everything() / 5)
        one.sandbox.fault(
            "rate_limit", retry_after=3600, times=1, match={"service": "spotify", "host": "api"}
        )
        deezer = one.campaign.deliveries.filter(service="deezer")
        one.wait_for(lambda: not deezer.filter(next_at__lte=clock.now()).exists(), 120)
        quiet = _inside_a_wait(one.sandbox.calls(service="spotify", host="api"), 3600)
        one.move_to(clock.now() + timedelta(hours=1, seconds=1))
        began, before = time.monotonic(), one.ended()
        one.wait_for(lambda: one.goes_on(before), 90)
        recovery = time.monotonic() - began
        one.finish()
    return {"recoveries": [recovery], "inside_a_retry_after": quiet} | one.truth().as_dict()


def _inside_a_wait(calls: list[dict[str, Any]], seconds: float = 1.0) -> int:
    """How many calls came while the service wanted to be left alone for so many seconds. The first half second counts
    for nothing: those were under way when it said so."""
    until, found = None, 0
    for call in calls:
        at = datetime.fromisoformat(call["at"])
        found += until is not None and until[0] + timedelta(seconds=0.5) < at < until[1]
        if call["status"] == 429:
            until = (at, at + timedelta(seconds=seconds))
    return found
