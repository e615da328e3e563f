"""How the night writes its times: seconds where they count, days where they do not."""

from datetime import datetime, timedelta

from upbeat.core.zones import zone
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery.night import Night

_NEAR = timedelta(hours=20)


def span(seconds: float) -> str:
    """`40 s`, `2 min 40 s`, `14 min`, `1 h 20 min`, `3 days`: as exact as anybody can use."""
    tens = max(10, round(seconds / 10) * 10)
    if tens < 60:
        return f"{tens} s"
    if tens < 600:
        return f"{tens // 60} min" + (f" {tens % 60} s" if tens % 60 else "")
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 2 * 1440:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{round(minutes / 1440)} days"


def exact_span(seconds: float) -> str:
    """`41 s`, `8 min 41 s`, `1 h 3 min`: how long something took."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    return span(seconds)


def clock(night: Night, at: datetime) -> str:
    """`00:03:20` on the night, `Sun 22 Nov, 14:00` on another day."""
    if abs(at - night.opens) < _NEAR or at.astimezone(zone(night.zone)).date() == _today(night):
        return words.clock_time(at, night.zone)
    local = at.astimezone(zone(night.zone))
    return f"{day(night, at)}, {local:%H:%M}"


def hours(night: Night, at: datetime) -> str:
    """`23:46`"""
    return f"{at.astimezone(zone(night.zone)):%H:%M}"


def day(night: Night, at: datetime) -> str:
    """`Fri 4 Dec`"""
    return words.day_words(at.astimezone(zone(night.zone)).date(), year=False)


def short_day(night: Night, at: datetime) -> str:
    """`11 Dec`"""
    local = at.astimezone(zone(night.zone))
    return f"{local.day} {local:%b}"


def when(night: Night, at: datetime) -> str:
    """A time on the score: `23:00` before the instant, `00:00:09` after it, `Tue 24 Nov` on another day.

    A local release takes two nights, so its times carry their day.
    """
    local = at.astimezone(zone(night.zone))
    if night.campaign.local:
        near = night.opens - _NEAR < at < night.last_opens + _NEAR
        return f"{local:%a %H:%M}" if near else day(night, at)
    if abs(at - night.opens) >= _NEAR:
        return day(night, at)
    return f"{local:%H:%M:%S}" if at >= night.opens else f"{local:%H:%M}"


def minutes_and_seconds(seconds: float) -> str:
    """`0:32`"""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02}" if whole < 3600 else span(seconds)


def _today(night: Night) -> object:
    return night.now.astimezone(zone(night.zone)).date()
