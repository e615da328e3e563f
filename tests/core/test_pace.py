"""How long so many calls take at a pace that rises."""

import pytest

from upbeat.core.pace import seconds_for


@pytest.mark.parametrize(
    ("calls", "rate", "max_rate", "gain", "seconds"),
    [
        (0, 10, 50, 0.5, 0),
        (100, 10, 10, 0.1, 10),
        (100, 10, 50, 0, 10),
        (2400, 10, 50, 0.5, 80),
        (2900, 10, 50, 0.5, 90),
        (44, 10, 50, 1, 4.0),
    ],
)
def test_a_rising_pace_needs_less_time(
    calls: float, rate: float, max_rate: float, gain: float, seconds: float
) -> None:
    assert seconds_for(calls, rate, max_rate, gain) == pytest.approx(seconds, abs=0.35)
