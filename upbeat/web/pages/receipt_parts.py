"""The parts of a receipt: what was promised, what became of it, and the ways to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from upbeat.web.pages.parts import Moment

ReceiptState = Literal[
    "waiting", "working", "done", "not_there_yet", "reconnect", "taken_back", "refused", "ended", "agreed"
]


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One promise. `name` belongs to `what` as in `DoneLine`; `when` is the fan's local time of the state, or None."""

    what: Literal[
        "library", "playlist", "new_playlist", "follow", "email", "permission", "reminder", "address"
    ]
    name: str
    """Of a reminder the service its link leads to, or nothing."""
    state: ReceiptState
    when: Moment | None = None
    reason: str = ""
    """Refused: why. E-mail: the words agreed to."""


@dataclass(frozen=True, slots=True)
class ReceiptGroup:
    """The lines of one service (`label`), or the e-mail ones (`label` empty), or those of a reminder (`channel`)."""

    label: str
    lines: tuple[ReceiptLine, ...]
    channel: str = ""
    own_receipt: str = ""
    """Of another service the same fan pre-saved on: the receipt on which that is changed."""


@dataclass(frozen=True, slots=True)
class ReminderPart:
    """The ways to change a reminder. Empty addresses: there is nothing left to change."""

    erase_url: str
    stop_url: str = ""
    action: str = ""
    """Where the choice of another service is sent (POST, `service`)."""
    services: tuple[tuple[str, str], ...] = ()
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class ClockPart:
    """By which clock a fan gets a local release: a form (POST `zone` to `action`) with every zone by its region."""

    action: str
    opens: Moment
    regions: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    """Region, then IANA name and what people call it."""
