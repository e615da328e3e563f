"""What a fan page shows, as plain frozen values. Whoever knows the rows fills these in; `render` makes them a page.

Words are not in here: only names, addresses and moments. The page's own words come from `words`, in `Sleeve.language`.
Addresses are paths of this installation ("/night-ferry-north/spotify") or whole URLs, as said. Moments carry a zone.
"""

from dataclasses import dataclass
from typing import Literal

from upbeat.web.pages.parts import (
    ConsentPart,
    Cover,
    DateLine,
    DoneLine,
    Extras,
    FollowRow,
    Kind,
    Moment,
    News,
    NewsBand,
    Note,
    Pill,
    PlaylistPart,
    ServiceRow,
    Sleeve,
    Verb,
    Yours,
)
from upbeat.web.pages.receipt_parts import ClockPart, ReceiptGroup, ReceiptLine, ReceiptState, ReminderPart
from upbeat.web.pages.sheet_parts import CalendarSheet, InAppPart, MusicKitPart, PermissionSheet, RemindSheet

__all__ = [
    "Ask",
    "AskPage",
    "BeforePage",
    "CalendarSheet",
    "ClockPart",
    "ConsentPart",
    "Cover",
    "DateLine",
    "DoneLine",
    "DonePage",
    "Extras",
    "FollowRow",
    "InAppPart",
    "Kind",
    "MessagePage",
    "Moment",
    "MusicKitPart",
    "News",
    "NewsBand",
    "Note",
    "PermissionSheet",
    "Pill",
    "PlaylistPart",
    "ReceiptGroup",
    "ReceiptLine",
    "ReceiptPage",
    "ReceiptState",
    "ReleasedPage",
    "RemindSheet",
    "ReminderPart",
    "ServiceRow",
    "Sleeve",
    "SuccessPage",
    "Verb",
    "Yours",
]


@dataclass(frozen=True, slots=True)
class BeforePage:
    """1: before the release. With `band` it is 6 (cancelled, next rung, expired, twice): small cover, band, list."""

    sleeve: Sleeve
    date: DateLine
    services: tuple[ServiceRow, ...]
    shops: tuple[ServiceRow, ...] = ()
    asks_email: bool = True
    """The small print mentions the e-mail address."""
    band: NewsBand | None = None
    yours: Yours | None = None
    """A pre-save of this fan's whose permission has ended, or will have by then: one tap puts it right."""


@dataclass(frozen=True, slots=True)
class SuccessPage:
    """3: the pre-save is recorded; the rest is optional. No `extras`: nothing is offered."""

    sleeve: Sleeve
    service: str
    label: str
    opens: Moment
    extras: Extras | None
    twice: bool = False
    """It had been recorded before: "Already pre-saved. Nothing was added twice."."""
    early: Literal["", "done", "working"] = ""
    """It did not wait for the release: the service shows it already, and the permission would not live so long."""
    trouble: NewsBand | None = None
    """What went wrong on the second trip, as a neutral band above; the pre-save stands."""


@dataclass(frozen=True, slots=True)
class DonePage:
    """4: date, calendar, share, what happens when, and the way to change or undo."""

    sleeve: Sleeve
    label: str
    opens: Moment
    lines: tuple[DoneLine, ...]
    calendar_url: str
    change_url: str
    """The same fan's extras, or receipt."""
    songs: int = 0
    """Of the release; 0 where we do not know yet."""
    twice: bool = False
    follows_later: bool = False
    """Follows happen on the day (Deezer): the line says "On the day" and not "Followed"."""
    yours: Yours | None = None
    """As of the page before the release."""


@dataclass(frozen=True, slots=True)
class ReleasedPage:
    """8: out now. Only services that really have the release; with `yours` it is the pre-saver's page."""

    sleeve: Sleeve
    services: tuple[ServiceRow, ...]
    shops: tuple[ServiceRow, ...] = ()
    songs: int = 0
    yours: Yours | None = None


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """9: what was promised and what became of it. Private."""

    sleeve: Sleeve
    groups: tuple[ReceiptGroup, ...]
    change_url: str = ""
    """Back to the extras, while the release is not out."""
    reminder: ReminderPart | None = None
    """Of a reminder: the ways to change it."""
    yours: Yours | None = None
    """Where something waits for a new permission: whoever holds the link may give it."""
    clock: ClockPart | None = None
    """Of a local release that is still to come: the clock this fan goes by, to be put right."""


Ask = Literal["confirm", "run_out", "stop", "stopped", "erase", "erased"]
"""What a reminder's page asks (`confirm`, `stop`, `erase`), or says became of it."""


@dataclass(frozen=True, slots=True)
class AskPage:
    """One question and one button, which sends a form to the page's own address (POST); or the answer to it."""

    sleeve: Sleeve
    what: Ask
    opens: Moment

    @property
    def asks(self) -> bool:
        return self.what in ("confirm", "stop", "erase")


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page with nothing but a sentence: no such page, not published, something broke, or a refusal.

    `text` replaces the page's own second sentence (a refusal that has its own words). `sleeve` where a campaign
    is known.
    """

    what: Literal["not_found", "not_published", "broken", "refused"]
    language: str = "en"
    text: str = ""
    id: str = ""
    """With `broken`: what the operator finds in the log."""
    sleeve: Sleeve | None = None
    sandbox: bool = False
