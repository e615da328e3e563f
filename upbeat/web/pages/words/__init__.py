"""The words of the fan's pages, by language, and dates in them. No system locale is asked.

A new language is a new module with the same names; `tests/web/test_fan_page_look.py` holds them together.
"""

from datetime import datetime
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString

from upbeat.core.zones import city
from upbeat.core.zones import zone as rules_of
from upbeat.web.pages.words import de, en


class Table(Protocol):
    """What a language's module holds."""

    DIRECTION: str
    WEEKDAYS: tuple[str, ...]
    MONTHS: tuple[str, ...]
    DAY: str
    SHORT_DAY: str
    TIME: str
    CONSENT_VERSION: str
    WORDS: dict[str, str]
    COUNTDOWN: str
    SCRIPT: str


LANGUAGES: dict[str, Table] = {"en": en, "de": de}
FALLBACK = "en"
_UTC = ("UTC", "Etc/UTC", "")


class Words:
    """One language's words."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else FALLBACK
        self._table = LANGUAGES[self.language]

    @property
    def direction(self) -> str:
        return self._table.DIRECTION

    @property
    def script(self) -> str:
        """What the script says, parted by `|` in the order `fan.js` knows."""
        return f"{self._table.SCRIPT}|{self._table.DAY}|{self._table.TIME}"

    @property
    def countdown(self) -> str:
        """What the script says in the date line, in the same way."""
        return self._table.COUNTDOWN

    def say(self, key: str, **values: object) -> SafeString:
        """The sentence, safe for HTML: values are escaped unless they are safe already."""
        return format_html(self._table.WORDS[key] + "{}", "", **values)

    def plain(self, key: str, **values: str) -> str:
        """The sentence as text."""
        return self._table.WORDS[key].format(**values)

    def day(self, at: datetime, zone: str, *, short: bool = False) -> str:
        """ "Friday 28 March" as the clocks of the zone show it; `short`: "28 March"."""
        local = at.astimezone(rules_of(zone or "UTC"))
        pattern = self._table.SHORT_DAY if short else self._table.DAY
        weekday, month = self._table.WEEKDAYS[local.weekday()], self._table.MONTHS[local.month - 1]
        return pattern.format(weekday=weekday, day=local.day, month=month)

    def time(self, at: datetime, zone: str) -> str:
        """ "00:00" as the clocks of the zone show it."""
        local = at.astimezone(rules_of(zone or "UTC"))
        return self._table.TIME.format(hour=f"{local.hour:02}", minute=f"{local.minute:02}")

    def place(self, zone: str) -> str:
        """ "Berlin", or "UTC"."""
        return "UTC" if zone in _UTC else city(zone)


def consent(language: str, artist: str) -> tuple[str, str]:
    """The words of the consent as they are shown, and their version: what is kept as the proof."""
    words = Words(language)
    return words.plain("consent", artist=artist), LANGUAGES[words.language].CONSENT_VERSION
