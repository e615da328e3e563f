"""The words of the letters to fans, by language: the languages the fan pages have (`web.pages.words`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from upbeat.core.zones import city, zone
from upbeat.delivery.channels.words import de, en


class Table(Protocol):
    """What a language's module holds."""

    WEEKDAYS: tuple[str, ...]
    MONTHS: tuple[str, ...]
    WHEN: str
    KINDS: dict[str, str]
    WORDS: dict[str, str]


TABLES: dict[str, Table] = {"en": en, "de": de}
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; English where we do not have it."""

    language: str

    def say(self, key: str, **values: str) -> str:
        return self._table.WORDS[key].format(**values)

    def kind(self, kind: str) -> str:
        """ "album", as it stands in a sentence."""
        return self._table.KINDS.get(kind, kind)

    def when(self, at: datetime, zone_name: str) -> str:
        """ "Friday 28 March at 00:00, Berlin time"."""
        local, table = at.astimezone(zone(zone_name or "UTC")), self._table
        return table.WHEN.format(
            weekday=table.WEEKDAYS[local.weekday()],
            day=local.day,
            month=table.MONTHS[local.month - 1],
            time=f"{local:%H:%M}",
            place="UTC" if zone_name in ("", "UTC", "Etc/UTC") else city(zone_name),
        )

    @property
    def _table(self) -> Table:
        return TABLES.get(self.language, TABLES[FALLBACK])
