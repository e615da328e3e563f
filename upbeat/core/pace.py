"""How long so many calls take at a pace that rises."""

import math


def seconds_for(calls: float, rate: float, max_rate: float, gain: float) -> float:
    """The time `calls` take when `rate` a second grows by `gain` each second until it is `max_rate`."""
    if calls <= 0:
        return 0.0
    if rate >= max_rate or gain <= 0:
        return calls / rate
    climbing = (max_rate - rate) / gain
    done_meanwhile = (rate + max_rate) / 2 * climbing
    if calls > done_meanwhile:
        return climbing + (calls - done_meanwhile) / max_rate
    return (math.sqrt(rate * rate + 2 * gain * calls) - rate) / gain
