"""A day's budget of a service that counts what an app spends: when its day turns, and how long so much takes."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from upbeat.core.zones import zone

_KEPT = 20
"""One part of so many is kept for looking: who a fan is, where the release is, what was delivered. Without it a day on
which all is spent would turn away fans who come to the page."""


@dataclass(frozen=True, slots=True)
class Purse:
    """What is to be had of one day. `costs` what a save costs, `a_day` all of it, `spent` of that until now."""

    a_day: int
    costs: int
    spent: int = 0

    @property
    def whole(self) -> int:
        """What the deliveries of a day may cost together."""
        return self.a_day - self.a_day // _KEPT

    @property
    def left(self) -> int:
        """What they may still cost today."""
        return max(self.whole - self.spent, 0)

    @property
    def fans_a_day(self) -> int:
        return self.whole // self.costs

    @property
    def over(self) -> bool:
        """Whether nobody's save can be paid any more today."""
        return self.left < self.costs

    def has_more_than(self, saves: int, costs: int) -> bool:
        """Whether so much could be spent on something else, and all these saves paid as well."""
        return self.left >= saves * self.costs + costs

    def days_for(self, units: int) -> int:
        """How many times the day must turn before the last of so many units can be spent."""
        return 0 if units <= self.left else math.ceil((units - self.left) / max(self.whole, 1))


def day_of(now: datetime, zone_name: str) -> date:
    """The day it is there."""
    return now.astimezone(zone(zone_name)).date()


def turns_at(now: datetime, zone_name: str) -> datetime:
    """The next midnight there, in the same zone as `now`."""
    there = now.astimezone(zone(zone_name))
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight.astimezone(now.tzinfo)
