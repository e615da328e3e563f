"""How the dashboard writes days, times, zones and numbers."""

from datetime import date, datetime, timedelta

from upbeat.core.zones import city, zone

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_ELSEWHERE = ("Europe/London", "America/New_York", "Asia/Tokyo", "America/Los_Angeles")


def day_words(day: date, *, year: bool = True) -> str:
    """`Fri 26 Mar 2027`."""
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if year else "")


def day_and_time(instant: datetime, zone_name: str) -> str:
    """`Fri 26 Mar 2027, 00:00`, by the clocks of the zone."""
    local = instant.astimezone(zone(zone_name))
    return f"{day_words(local.date())}, {local:%H:%M}"


def zone_words(instant: datetime, zone_name: str) -> str:
    """`Berlin (UTC+1)`: what the zone is called and how far it is from UTC at that moment."""
    if zone_name == "UTC":
        return "UTC"
    minutes = int((instant.astimezone(zone(zone_name)).utcoffset() or timedelta()).total_seconds()) // 60
    sign, minutes = "−" if minutes < 0 else "+", abs(minutes)
    hours = f"{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
    return f"{city(zone_name)} (UTC{sign}{hours})" if minutes else f"{city(zone_name)} (UTC)"


def elsewhere(instant: datetime, zone_name: str) -> str:
    """The same instant on three other clocks: `Thu 25 Mar, 23:00 in London · 19:00 in New York`."""
    own = instant.astimezone(zone(zone_name))
    parts: list[str] = []
    shown = own.date()
    for name in [name for name in _ELSEWHERE if name != zone_name][:3]:
        local = instant.astimezone(zone(name))
        day = "" if local.date() == shown else f"{day_words(local.date(), year=False)}, "
        parts.append(f"{day}{local:%H:%M} in {city(name)}")
        shown = local.date()
    return " · ".join(parts)


def until(span: timedelta) -> str:
    """`in 123 days`, `in 2 days, 5 h`, `in 3 h 20 min`, `in 4 min`."""
    minutes = max(0, int(span.total_seconds()) // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days >= 3:
        return f"in {days} days"
    if days:
        return f"in {days} day{'s' * (days > 1)}, {hours} h"
    return f"in {hours} h {minutes % 60} min" if hours else f"in {minutes} min"


def in_figures(number: int) -> str:
    """`11,415`."""
    return f"{number:,}"


def number_word(number: int) -> str:
    """`Three`; figures from ten on."""
    return _NUMBERS[number] if number < len(_NUMBERS) else in_figures(number)


def fans(number: int) -> str:
    """`1 fan`, `412 fans`."""
    return f"{in_figures(number)} fan{'s' * (number != 1)}"


def clock_time(instant: datetime, zone_name: str) -> str:
    """`14:02:11`, by the clocks of the zone."""
    return f"{instant.astimezone(zone(zone_name)):%H:%M:%S}"


def looked(instant: datetime, now: datetime, zone_name: str) -> str:
    """`today 06:00`, `Fri 26 Mar 06:00`, by the clocks of the zone."""
    local, today = instant.astimezone(zone(zone_name)), now.astimezone(zone(zone_name)).date()
    return f"{'today' if local.date() == today else day_words(local.date(), year=False)} {local:%H:%M}"
