"""The rate as a curve: fans a second from the bar line on, waits as bands, the last point a note-head."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from upbeat.delivery.models import Tally
from upbeat.web.dashboard.delivery.night import CURVE, Night
from upbeat.web.dashboard.delivery.service_rows import in_a_second, rate

WIDTH, HEIGHT = 176, 30
_TOP = 4.0
_POINTS = 58


@dataclass(frozen=True, slots=True)
class Curve:
    """Its words, and its shape in a box of `WIDTH` × `HEIGHT`."""

    now: str
    then: str
    line: str
    area: str
    bands: list[tuple[str, str]]
    """Where services asked us to wait: x and width."""
    x: str
    y: str
    from_the_instant: bool


def curve(night: Night) -> Curve | None:
    """None while there is nothing to draw."""
    until = night.now - timedelta(seconds=Tally.SECONDS)
    began = max(night.opens, night.now - CURVE)
    span = (until - began).total_seconds()
    if not night.moving or span < 2 * Tally.SECONDS or not night.tallies:
        return None
    step = max(Tally.SECONDS, span / _POINTS)
    number = int(span // step) + 1
    points = [0.0] * number
    for one in night.tallies:
        place = int((one.at - began).total_seconds() // step)
        if 0 <= place < number:
            points[place] += one.delivered / step
    return _drawn(night, points, began == night.opens, span)


def _drawn(night: Night, points: list[float], from_the_instant: bool, span: float) -> Curve:
    most, last = max(*points, 0.1), max(len(points) - 1, 1)
    places = [
        (3 + (WIDTH - 8) * at / last, HEIGHT - 1 - (HEIGHT - 1 - _TOP) * value / most)
        for at, value in enumerate(points)
    ]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    end_x, end_y = places[-1]
    return Curve(
        now=f"{in_a_second(rate(night))} a second",
        then=_then(night, most),
        line=line,
        area=f"{line}V{HEIGHT - 1}H{places[0][0]:.1f}Z",
        bands=_bands(night, span),
        x=f"{end_x:.1f}",
        y=f"{end_y:.1f}",
        from_the_instant=from_the_instant,
    )


def _then(night: Night, most: float) -> str:
    """How fast it was before a service asked us to wait, else at its best."""
    began = _wait_began(night)
    if began is None:
        return f"{in_a_second(most)} at the most"
    since = began - timedelta(seconds=30)
    seen = [one.delivered for one in night.tallies if since <= one.at < began]
    return f"{in_a_second(sum(seen) / 30)} before the wait"


def _bands(night: Night, span: float) -> list[tuple[str, str]]:
    began = _wait_began(night)
    if began is None:
        return []
    seconds = min((night.now - began).total_seconds(), span)
    width = (WIDTH - 8) * seconds / span
    return [(f"{WIDTH - 5 - width:.1f}", f"{width:.1f}")]


def _wait_began(night: Night) -> datetime | None:
    """When the last try was made on a service that asked us to wait until later than now."""
    waiting = [name for name in night.services if night.paused_until(name) is not None]
    last = [one.at for one in night.tallies if one.service in waiting and one.tried]
    return max(last) + timedelta(seconds=Tally.SECONDS) if last else None
