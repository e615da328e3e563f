"""Every published campaign as this process knows it, read again within a second of any change.

What a page shows depends on the campaign's version and on the clock; both are known here without asking the database.
"""

from dataclasses import dataclass
from datetime import datetime

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.release_clock import Phase, phase

FRESH_SECONDS = 0.5
"""How long a reading is good: another process's change shows within a second."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One published campaign."""

    id: int
    slug: str
    version: int
    opens_at: datetime
    language: str

    def phase(self, now: datetime) -> Phase:
        return phase(now, self.opens_at)


class Directory:
    """The published campaigns by address. `read` is for a thread, `find` for the event loop."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def read(self) -> None:
        """Read all of them, and the clock's offset, in one query each."""
        clock.refresh(force=True)
        rows = Campaign.objects.filter(state=Campaign.PUBLISHED, opens_at__isnull=False, slug__isnull=False)
        fields = ("id", "slug", "version", "opens_at", "language")
        self._entries = {row[1]: Entry(*row) for row in rows.values_list(*fields)}

    def find(self, slug: str) -> Entry | None:
        return self._entries.get(slug)

    def opening_between(self, start: datetime, end: datetime) -> list[Entry]:
        return [entry for entry in self._entries.values() if start < entry.opens_at <= end]
