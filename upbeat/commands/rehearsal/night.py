"""The night itself: the product delivers, the clocks are moved on where nothing is learnt by waiting."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.db.models import Count, Q

from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.commands.demonstration.stage import StageError
from upbeat.commands.rehearsal.clocks import Clocks
from upbeat.commands.rehearsal.house import House
from upbeat.core.channels import MAIN
from upbeat.core.delivery import State
from upbeat.core.zones import city
from upbeat.delivery.engine.queue import resting
from upbeat.delivery.models import Attempt, Batch, Chunk, Delivery, Limiter
from upbeat.providers.registry import label

TURN_SECONDS = 0.2
NEARLY_ALL = 0.95
LOOK_AHEAD = timedelta(minutes=15)
LAST_MINUTE = timedelta(seconds=30)
QUIET_SECONDS = 2.0
"""So long nothing has moved although something is due: whatever it waits for, it is time."""
PATIENCE = timedelta(days=15)
"""By the rehearsal's clocks: after that nobody is tried any more."""
MOST_SECONDS, SLOWEST = 600.0, 20.0
"""A rehearsal that takes longer than so much, and a second for so many fans, has come to a halt."""
START_SECONDS = 30.0
AWAKE = timedelta(seconds=1)
"""So short a wait is not worth a jump."""
TOGETHER = timedelta(minutes=8)
"""Those who come back within so much of the first are waited for together: it is the same to all of them."""
READ_AFTER = timedelta(seconds=31)
READ_SECONDS, MOST_READS = 0.8, 8
NEXT = 5000
_QUARTERS = 4
Tell = Callable[[str], None]


@dataclass(slots=True)
class Standing:
    """How far the night is, at one look."""

    now: datetime
    saves: int
    ended: int
    """Of the saves."""
    open: int
    """Of everything."""
    unread: int
    """Of the sample: delivered, and not read back yet."""
    asleep: int
    """Who waits for the release to be found."""
    due: Counter[str]
    """What may be tried at this moment, by service."""
    next_at: list[datetime]
    """When the first of the rest fall due, in order."""
    tries: int

    @property
    def share(self) -> float:
        return self.ended / self.saves if self.saves else 1.0


@dataclass
class Pace:
    """How fast it went until nearly all were served: the last few wait for second tries, not for a limit."""

    busy: float = 0.0
    """Real seconds in which something was due and could be tried."""
    jumps: int = 0
    seconds: float = 0.0
    """Of them, until nearly all were served."""
    calls: dict[str, int] = field(default_factory=dict)
    """By service, until then."""


class Night:
    """Of one campaign. `turns` is what else happens: called at every look with the share that has ended."""

    def __init__(
        self, campaign: Campaign, house: House, clocks: Clocks, tell: Tell, turns: Callable[[Standing], None]
    ) -> None:
        self._campaign, self._house, self._clocks, self._tell, self._turns = (
            campaign,
            house,
            clocks,
            tell,
            turns,
        )
        self.pace = Pace()
        self._found: set[str] = set()
        self._told = 0
        self._reads = 0
        """How often the time was let pass for the sample alone."""

    def before(self) -> None:
        """The quarter of an hour before: the services are asked for the release, the deliveries are cut."""
        assert self._campaign.opens_at is not None
        self._clocks.jump_to(self._campaign.opens_at - LOOK_AHEAD)
        self._wait(lambda: ServiceLink.objects.filter(looks__gt=0).exists(), "Nobody looks for the release.")
        self._tell("Upbeat looks for the release on every service; nobody shows it yet.")
        self._clocks.jump_to(self._campaign.opens_at - LAST_MINUTE)
        self._wait(Chunk.objects.exists, "The deliveries are not cut.")
        chunks = Chunk.objects.count()
        self._tell(f"The deliveries are laid out in {chunks} piece{'s' * (chunks != 1)}.")

    def run(self) -> None:
        """From the instant on, until everybody's promise has ended one way or the other, and the sample is read."""
        assert self._campaign.opens_at is not None
        self._clocks.jump_to(self._campaign.opens_at)
        when = "The first clocks of the world show the day." if self._campaign.local else "It is out."
        self._tell(f"[bold]{when}[/] Nobody presses anything.")
        began = looked = quiet = time.monotonic()
        tries = -1
        while True:
            standing, moment = self._look(), time.monotonic()
            if standing.share >= NEARLY_ALL and not self.pace.calls:
                self.pace.seconds = self.pace.busy + moment - looked
                self.pace.calls = {
                    service: self._house.control.calls(service) for service in self._house.services
                }
            self._report(standing)
            self._turns(standing)
            if self._is_over(standing):
                return
            self._house.check()
            if moment - began > MOST_SECONDS + standing.saves / SLOWEST:
                raise StageError(f"The rehearsal did not end within {(moment - began) / 60:.0f} minutes.")
            free = self._free(standing)
            if free:
                self.pace.busy += moment - looked
            if standing.tries != tries:
                quiet, tries = moment, standing.tries
            reading = not standing.open
            if moment - quiet > READ_SECONDS if reading else not free or moment - quiet > QUIET_SECONDS:
                quiet = moment
                self._skip(standing)
            looked = time.monotonic()
            time.sleep(TURN_SECONDS)

    def _look(self) -> Standing:
        close_old_connections()
        now = self._clocks.now()
        save, open_ = Q(action__in=MAIN), Delivery.objects.filter(next_at__isnull=False)
        counted = Delivery.objects.aggregate(
            saves=Count("id", filter=save),
            ended=Count("id", filter=save & Q(next_at=None)),
            open=Count("id", filter=Q(next_at__isnull=False)),
            unread=Count("id", filter=Q(sample=True, state=State.DELIVERED)),
            asleep=Count("id", filter=Q(state=State.PENDING_SOURCE)),
        )
        due = open_.filter(next_at__lte=now).values_list("service").annotate(many=Count("id"))
        later = open_.filter(next_at__gt=now).exclude(state=State.PENDING_SOURCE).order_by("next_at")
        next_at = [moment for moment in later.values_list("next_at", flat=True)[:NEXT] if moment is not None]
        return Standing(
            now, due=Counter(dict(due)), next_at=next_at, tries=Attempt.objects.count(), **counted
        )

    def _report(self, standing: Standing) -> None:
        """Say it when another quarter has been served, and when a service begins to show the release."""
        for service in ServiceLink.objects.filter(found_at__isnull=False).values_list("service", flat=True):
            if service not in self._found:
                self._found.add(service)
                self._tell(f"{label(service)} shows the release. Its fans go out.")
        while self._told < _QUARTERS and standing.share * _QUARTERS >= self._told + 1:
            self._told += 1
            self._tell(f"{standing.ended:,} of {standing.saves:,} fans are served.")

    def _is_over(self, standing: Standing) -> bool:
        assert self._campaign.opens_at is not None
        if standing.now > self._campaign.opens_at + PATIENCE or self._is_held():
            return True
        return not standing.open and (not standing.unread or self._reads > MOST_READS)

    def _is_held(self) -> bool:
        """Somebody of the team would have to decide: nobody does, so this is the end."""
        held = ServiceLink.objects.filter(held_at__isnull=False).values_list("service", flat=True)
        stopped = Batch.objects.filter(held_at__isnull=False).values_list("service", flat=True)
        for service in {*held, *stopped}:
            self._tell(f"[red]{label(service)} is held[/]: Upbeat waits for a decision of the team.")
            return True
        return False

    @staticmethod
    def _free(standing: Standing) -> set[str]:
        """The services that have something due and may be called, where nobody has decided to wait."""
        paused = {one.key.partition("/")[0] for one in _paused()}
        waiting = {name for name, moment in resting("chunk").items() if moment > standing.now + AWAKE}
        return set(standing.due) - paused - waiting

    def _skip(self, standing: Standing) -> None:
        """Let the time pass until the next wave falls due, a service may be called again, or is looked at again."""
        waits = []
        if standing.next_at:
            # Those who failed at about the same time come back at about the same time: they are waited for together.
            near = standing.next_at[0] + max((standing.next_at[0] - standing.now) * 0.3, TOGETHER)
            waits.append(max(moment for moment in standing.next_at if moment <= near) - standing.now)
        if standing.asleep:
            missing = ServiceLink.objects.filter(found_at=None, next_look_at__gt=standing.now)
            waits += [
                moment - standing.now for moment in missing.values_list("next_look_at", flat=True) if moment
            ]
        if set(standing.due) - self._free(standing):
            waits += [timedelta(seconds=one.paused_until - time.time()) for one in _paused()]
            waits += [max(moment - standing.now, AWAKE) for moment in resting("chunk").values()]
        if not standing.open:
            waits.append(self._until_read(standing.now))
        self.pace.jumps += 1
        self._clocks.jump(min(waits, default=READ_AFTER) + timedelta(milliseconds=50))
        if self._campaign.local:
            self._tell_midnight(standing.now, self._clocks.now())

    def _tell_midnight(self, before: datetime, now: datetime) -> None:
        """Whose own instant came while the time was let pass."""
        due = Delivery.objects.filter(action__in=MAIN, due_at__gt=before, due_at__lte=now)
        zones = Counter(due.values_list("pre_save__zone", flat=True))
        if zones:
            some = ", ".join(city(zone) for zone, _ in zones.most_common(3))
            more = f" and {len(zones) - 3} more zones" if len(zones) > 3 else ""
            self._tell(f"It is out in {some}{more}, for {zones.total():,} fans.")

    def _until_read(self, now: datetime) -> timedelta:
        """The sample is read back soon after the last delivery, or when the engine looks next: in growing steps."""
        assert self._campaign.opens_at is not None
        self._reads += 1
        return READ_AFTER if self._reads == 1 else max(READ_AFTER, (now - self._campaign.opens_at) / 4)

    def _wait(self, so_far: Callable[[], bool], otherwise: str) -> None:
        until = time.monotonic() + START_SECONDS
        while not so_far():
            self._house.check()
            if time.monotonic() > until:
                raise StageError(f"{otherwise}\n{self._house.last_words()}")
            time.sleep(0.1)


def _paused() -> list[Limiter]:
    """Those that may not be called for longer than is worth being awake."""
    return list(Limiter.objects.filter(paused_until__gt=time.time() + AWAKE.total_seconds()))
