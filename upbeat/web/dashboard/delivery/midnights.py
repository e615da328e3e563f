"""A local release: each fan is served at their own midnight, so the night is a row of midnights around the world."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count

from upbeat.campaigns.models import Campaign
from upbeat.core.channels import MAIN
from upbeat.core.delivery import State
from upbeat.core.zones import city
from upbeat.web.dashboard import recent, words

_KNOWN = (
    "Pacific/Kiritimati", "Pacific/Auckland", "Pacific/Fiji", "Pacific/Guadalcanal", "Australia/Sydney",
    "Australia/Adelaide", "Asia/Tokyo", "Asia/Shanghai", "Asia/Bangkok", "Asia/Yangon", "Asia/Dhaka",
    "Asia/Kathmandu", "Asia/Kolkata", "Asia/Karachi", "Asia/Kabul", "Asia/Dubai", "Asia/Tehran", "Europe/Moscow",
    "Europe/Athens", "Europe/Berlin", "Europe/London", "Atlantic/Azores", "America/Noronha", "America/Sao_Paulo",
    "America/St_Johns", "America/Halifax", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "Pacific/Pago_Pago",
)  # fmt: skip
"""A place for each of the world's clocks, by the name most people know."""
_SHOWN = ("Auckland", "Tokyo", "Berlin", "London", "New York", "Los Angeles")
"""The ones named below the columns: there is no room for more."""
_HEIGHT = 98


@dataclass(frozen=True, slots=True)
class Midnight:
    """One instant, and the fans whose clocks show midnight then."""

    at: datetime
    number: int
    place: str
    offset: str
    """Hours from UTC: `+5:30`, `0`, `−10`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A midnight as a picture: a bar of `height` on a desk, of `width` on a phone."""

    midnight: Midnight
    number: str
    passed: bool
    latest: bool
    """The last one that has passed; `next`: the first to come."""
    next: bool
    height: int
    width: str
    named: bool


def midnights(campaign: Campaign) -> list[Midnight]:
    """All of them, the first one first; who has withdrawn is not counted."""
    return recent.recent("midnights", campaign, lambda: _read(campaign))


def columns(all_of_them: list[Midnight], now: datetime) -> list[Column]:
    """Heights by the square root, so that a small country is seen beside a large one."""
    most = max((one.number for one in all_of_them), default=1)
    passed = sum(one.at <= now for one in all_of_them)
    made = []
    for place, one in enumerate(all_of_them):
        share = math.sqrt(one.number / most)
        made.append(
            Column(
                midnight=one,
                number=words.in_figures(one.number),
                passed=place < passed,
                latest=place == passed - 1,
                next=place == passed,
                height=max(2, round(_HEIGHT * share)),
                width=f"{max(1.0, 100 * share):.1f}%",
                named=one.place in _SHOWN,
            )
        )
    return made


def earlier(all_of_them: list[Midnight], now: datetime) -> tuple[str, str] | None:
    """The midnights before the latest one, together: how many, and their fans."""
    passed = [one for one in all_of_them if one.at <= now][:-1]
    if not passed:
        return None
    many = f"{len(passed)} earlier midnight{'s' * (len(passed) != 1)}"
    return many, words.in_figures(sum(one.number for one in passed))


def _read(campaign: Campaign) -> list[Midnight]:
    saves = campaign.deliveries.filter(action__in=MAIN).exclude(state=State.WITHDRAWN).order_by()
    grouped = saves.values_list("due_at").annotate(number=Count("*")).order_by("due_at")
    places = _places(campaign)
    found: list[Midnight] = []
    for at, number in grouped:
        if at not in places and found:
            found[-1] = _more(
                found[-1], number
            )  # a late one is served at once: its instant is nobody's midnight
        else:
            found.append(Midnight(at, number, places.get(at, ""), _offset(campaign, at)))
    return found


def _more(one: Midnight, number: int) -> Midnight:
    return Midnight(one.at, one.number + number, one.place, one.offset)


def _places(campaign: Campaign) -> dict[datetime, str]:
    return {campaign.opens_for(name): city(name) for name in reversed(_KNOWN)}


def _offset(campaign: Campaign, at: datetime) -> str:
    assert campaign.day is not None
    assert campaign.time is not None
    shown = datetime.combine(campaign.day, campaign.time, UTC)
    minutes = round((shown - at) / timedelta(minutes=1))
    sign = "−" if minutes < 0 else "+" if minutes else ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{sign}{hours}" + (f":{rest:02}" if rest else "")
