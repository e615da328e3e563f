"""What an app may spend of a service in a day is planned: paid before each call, from one row for all processes.

Saves go first, of all campaigns: a follow or a playlist is paid from what no save will need today. What is refused
waits until the service's midnight; no call is made and no patience burnt. Days are the installation's, as the service
has them: when its clock is moved the sandbox's moves along.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from upbeat.campaigns.models import Campaign
from upbeat.core.budget import Purse, day_of, turns_at
from upbeat.core.channels import MAIN
from upbeat.core.delivery import State
from upbeat.core.outcome import DAY_SPENT
from upbeat.core.release_clock import SPREAD
from upbeat.core.retry import PATIENCE
from upbeat.delivery import spending
from upbeat.delivery.models import Delivery
from upbeat.providers.base import Action, Budget
from upbeat.providers.registry import capabilities, label

BESIDE_SAVES = timedelta(minutes=10)
"""When it is looked again whether something can be paid besides the saves that are under way."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Not now. `everybody`: it holds for all deliveries of the service, and not only for what stands beside a save."""

    until: datetime
    everybody: bool
    note: str


class DayBudget:
    """The budget of one service with this installation's credential, as it stands at `now`."""

    def __init__(self, service: str, budget: Budget, now: datetime) -> None:
        has = settings.SERVICES[service]
        self.service, self.costs, self.look = service, budget.costs, budget.look
        self._key, self._day, self._now = f"{service}/{has.client_id}"[:80], day_of(now, budget.zone), now
        self._a_day = has.units_a_day or budget.a_day
        self.turns_at = turns_at(now, budget.zone)

    @property
    def purse(self) -> Purse:
        """What is to be had, read anew."""
        return Purse(self._a_day, self.costs[Action.SAVE], spending.spent(self._key, self._day))

    @property
    def note(self) -> str:
        return f"{label(self.service)} lets us serve about {self.purse.fans_a_day} fans a day."

    def pay(self, action: Action | None) -> Refusal | None:
        """Pay for one call, before it is made. None: it is paid. `action` None: it only looks."""
        if action is None:
            units, most = self.look, self._a_day
        else:
            units, most = self.costs[action], self.purse.whole
        beside = action is not None and action not in MAIN
        if beside:
            most -= self._saves_due() * self.costs[Action.SAVE]
        if spending.spend(self._key, self._day, units, most=most):
            return None
        return self._not_beside_saves() if beside else Refusal(self.turns_at, True, self.note)

    def close(self) -> Refusal:
        """The service itself says that the day is over: somebody else has spent of it, or it is smaller than we were
        told."""
        spending.close(self._key, self._day, self._a_day)
        return Refusal(self.turns_at, True, self.note)

    def beside_saves(self, units: int) -> Refusal | None:
        """Why nothing may be paid now that is no save: what is left must do for every save that is due today."""
        return None if self.purse.has_more_than(self._saves_due(), units) else self._not_beside_saves()

    def _not_beside_saves(self) -> Refusal:
        if self.purse.over:
            return Refusal(self.turns_at, True, self.note)
        return Refusal(min(self._now + BESIDE_SAVES, self.turns_at), False, "Saves go first.")

    def _saves_due(self) -> int:
        """Open saves of all campaigns that are due before the day turns: campaign by campaign, along the index."""
        since = self._now - 2 * PATIENCE - SPREAD
        live = Campaign.objects.filter(opens_at__lt=self.turns_at, opens_at__gt=since)
        rows = Delivery.objects.filter(
            campaign__in=live.values("pk"), service=self.service, next_at__isnull=False
        )
        return rows.filter(action__in=MAIN, due_at__lt=self.turns_at).count()


def budget_of(service: str, now: datetime) -> DayBudget | None:
    """None where the service counts no such thing, or this installation does not know it."""
    if service not in settings.SERVICES:
        return None
    budget = capabilities(service).budget
    return None if budget is None else DayBudget(service, budget, now)


def count_look(service: str, now: datetime) -> None:
    """Somebody looks who is not turned away: a fan at the page, the search for the release."""
    budget = budget_of(service, now)
    if budget is not None:
        budget.pay(None)


def fans_a_day(service: str) -> int | None:
    """How many fans' saves a day's budget pays for; None where there is none."""
    can = capabilities(service).budget
    if can is None:
        return None
    a_day = settings.SERVICES[service].units_a_day or can.a_day
    return Purse(a_day, can.costs[Action.SAVE]).fans_a_day


def shut_until(service: str, now: datetime) -> datetime | None:
    """Until when nobody's save can be paid; None: one can."""
    budget = budget_of(service, now)
    return budget.turns_at if budget is not None and budget.purse.over else None


def affordable(due: QuerySet[Delivery], service: str, now: datetime) -> QuerySet[Delivery]:
    """Those of a chunk's due deliveries that may be tried. The others wait, without a try, by one statement."""
    budget = budget_of(service, now)
    extras = due.exclude(action__in=MAIN)
    if budget is None or not (budget.purse.over or extras.exists()):
        return due
    refusal = budget.beside_saves(max(budget.costs.values()))
    if refusal is None:
        return due
    rows = due if refusal.everybody else extras
    rows.update(state=State.RETRYING, reason=DAY_SPENT, note=refusal.note, next_at=refusal.until)
    return due.none() if refusal.everybody else due.filter(action__in=MAIN)
