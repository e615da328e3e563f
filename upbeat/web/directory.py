"""Every published campaign as this process knows it, read again within a second of any change.

What a page shows depends on the campaign's version and on the clock; both are known here without asking the database.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.conf import settings

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.release_clock import SPREAD, Phase, opens_where, phase
from upbeat.fans.grants import grant_life

FRESH_SECONDS = 0.5
"""How long a reading is good: another process's change shows within a second."""


@dataclass(frozen=True, slots=True)
class Face:
    """Which of its pages an address shows to somebody.

    `mixed`: a local release that is out for some and not for others, where the visitor's clock decides.
    """

    phase: Phase
    mixed: bool = False
    lives: int = 0
    """How many services' permissions would live until the release: as it comes nearer their rungs rise."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One published campaign. A local release opens first at `opens_at`, then zone by zone."""

    id: int
    slug: str
    version: int
    opens_at: datetime
    language: str
    local: bool
    day: date
    time: time
    zone: str
    lives: tuple[timedelta, ...] = ()
    """How long the services' permissions live that do not live for ever."""

    @property
    def last_opens_at(self) -> datetime:
        return self.opens_at + SPREAD if self.local else self.opens_at

    def is_mixed(self, now: datetime) -> bool:
        """Whether it is out for some, and for others not."""
        return self.opens_at <= now < self.last_opens_at

    def face(self, now: datetime, zone: str) -> Face:
        """What somebody with this time zone is shown ("": one we do not know)."""
        if now < self.opens_at:
            return Face(Phase.BEFORE, lives=sum(self.last_opens_at - now < life for life in self.lives))
        if not self.is_mixed(now):
            return Face(Phase.OUT)
        return Face(phase(now, opens_where(self.day, self.time, zone, self.zone)), mixed=True)

    def faces_from(self, start: datetime, end: datetime) -> list[Face]:
        """The pages it will begin to show after `start`, up to `end`."""
        first, last = start < self.opens_at <= end, start < self.last_opens_at <= end
        mixed = [Face(Phase.OUT, mixed=True), Face(Phase.BEFORE, mixed=True)] if first and self.local else []
        return [*mixed, *([Face(Phase.OUT)] if last else [])]


class Directory:
    """The published campaigns by address. `read` is for a thread, `find` for the event loop."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def read(self) -> None:
        """Read all of them, and the clock's offset, in one query each."""
        clock.refresh(force=True)
        rows = Campaign.objects.filter(state=Campaign.PUBLISHED, opens_at__isnull=False, slug__isnull=False)
        fields = ("id", "slug", "version", "opens_at", "language", "local", "day", "time", "zone")
        lives = _lives()
        self._entries = {row[1]: replace(Entry(*row), lives=lives) for row in rows.values_list(*fields)}

    def find(self, slug: str) -> Entry | None:
        return self._entries.get(slug)

    def all(self) -> list[Entry]:
        return list(self._entries.values())


def _lives() -> tuple[timedelta, ...]:
    """Of the services this installation can save on."""
    lives = {grant_life(name) for name, has in settings.SERVICES.items() if has.client_id}
    return tuple(sorted(life for life in lives if life is not None))
