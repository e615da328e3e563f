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
from upbeat.delivery.models import Attempt, Chunk, Delivery, Limiter
from upbeat.providers.base import Action

TURN_SECONDS = 0.2
LOOK_AHEAD = timedelta(minutes=15)
LAST_MINUTE = timedelta(seconds=30)
QUIET_SECONDS = 3.0
"""So long nothing has moved although something is due: whatever it waits for, it is time."""
PATIENCE = timedelta(days=15)
"""By the rehearsal's clocks: after that nobody is tried any more."""
MOST_SECONDS = 900.0
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
    due: Counter[str]
    """What may be tried at this moment, by service."""
    next_at: list[datetime]
    """When the rest falls due, in order."""
    tries: int

    @property
    def share(self) -> float:
        return self.ended / self.saves if self.saves else 1.0


@dataclass
class Pace:
    """What of the night's real seconds was work: from there comes the rate."""

    busy: float = 0.0
    """Seconds in which something was due and could be tried."""
    jumps: int = 0
    seen: list[tuple[float, float]] = field(default_factory=list)
    """Busy seconds so far, and the share of the saves that had ended."""

    def seconds_to(self, share: float) -> float:
        """Busy seconds until so many had been served."""
        return next((seconds for seconds, reached in self.seen if reached >= share), self.busy)


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

    def run(self) -> Standing:
        """From the instant on, until everybody's promise has ended one way or the other."""
        assert self._campaign.opens_at is not None
        self._clocks.jump_to(self._campaign.opens_at)
        self._tell("[bold]It is out.[/] Nobody presses anything.")
        began, looked, quiet, tries = time.monotonic(), time.monotonic(), time.monotonic(), -1
        while True:
            standing, moment = self._look(), time.monotonic()
            self.pace.seen.append((self.pace.busy + moment - looked, standing.share))
            self._turns(standing)
            if not standing.open or standing.now > self._campaign.opens_at + PATIENCE:
                return standing
            self._house.check()
            if moment - began > MOST_SECONDS:
                raise StageError(f"The rehearsal did not end within {MOST_SECONDS / 60:.0f} minutes.")
            free = self._free(standing)
            if free:
                self.pace.busy += moment - looked
            if standing.tries != tries:
                quiet, tries = moment, standing.tries
            if not free or moment - quiet > QUIET_SECONDS:
                quiet = moment
                self._skip(standing)
            looked = time.monotonic()
            time.sleep(TURN_SECONDS)

    def _look(self) -> Standing:
        close_old_connections()
        now = self._clocks.now()
        save = Q(action=Action.SAVE.value)
        counted = Delivery.objects.aggregate(
            saves=Count("id", filter=save),
            ended=Count("id", filter=save & Q(next_at=None)),
            open=Count("id", filter=Q(next_at__isnull=False)),
        )
        due = Delivery.objects.filter(next_at__lte=now).values_list("service").annotate(many=Count("id"))
        later = Delivery.objects.filter(next_at__gt=now).order_by("next_at").values_list("next_at", flat=True)
        return Standing(
            now, counted["saves"], counted["ended"], counted["open"], Counter(dict(due)),
            [moment for moment in later if moment is not None], Attempt.objects.count(),
        )  # fmt: skip

    @staticmethod
    def _free(standing: Standing) -> set[str]:
        """The services that have something due and may be called."""
        paused = {
            one.key.partition("/")[0] for one in Limiter.objects.filter(paused_until__gt=time.time() + 2.5)
        }
        return set(standing.due) - paused

    def _skip(self, standing: Standing) -> None:
        """Let the time pass until the next wave falls due, or a service may be called again."""
        waits = [moment - standing.now for moment in standing.next_at[:1]]
        if waits:
            # Those who failed together come back within a quarter of their pause: they are waited for together.
            near = standing.now + max(waits[0] * 1.3, timedelta(seconds=1))
            together = [moment for moment in standing.next_at if moment <= near]
            waits = [together[-1] - standing.now]
        paused = Limiter.objects.filter(paused_until__gt=time.time() + 2.5).order_by("paused_until").first()
        if paused is not None and paused.key.partition("/")[0] in standing.due:
            waits.append(timedelta(seconds=paused.paused_until - time.time()))
        self.pace.jumps += 1
        self._clocks.jump(min(waits, default=timedelta(seconds=30)) + timedelta(milliseconds=50))

    def _wait(self, so_far: Callable[[], bool], otherwise: str) -> None:
        until = time.monotonic() + 15
        while not so_far():
            self._house.check()
            if time.monotonic() > until:
                raise StageError(f"{otherwise}\n{self._house.last_words()}")
            time.sleep(0.1)
