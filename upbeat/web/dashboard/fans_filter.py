"""What a list of fans is narrowed to: typed text, a service, a state, a reason."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from upbeat.core.delivery import Headline, State, headline
from upbeat.core.hosts import label_of
from upbeat.delivery.listing import Group, everywhere
from upbeat.delivery.models import Delivery
from upbeat.web.dashboard import words
from upbeat.web.dashboard.fans_words import STATES, head

_CODE = re.compile(r"[0-9A-Z]{1,10}")
_BETWEEN = re.compile(r"[\s\-‐‑–—_.]+")
CHIPS = (
    ("", "", "All"),
    (Headline.DELIVERED.value, "delivered", "Delivered"),
    (Headline.QUEUED.value, "queued", "Queued"),
    (Headline.PENDING_SOURCE.value, "pending_source", "Pending"),
    (Headline.COULD_NOT.value, "refused", "Could not"),
    (State.WITHDRAWN.value, "withdrawn", "Withdrawn"),
)
"""State, glyph and word, in the order they are drawn."""


@dataclass(frozen=True, slots=True)
class Filter:
    """`state` is one of the four headlines, or a state. What is not known narrows to nothing and is left out."""

    typed: str = ""
    service: str = ""
    state: str = ""
    reason: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Filter":
        service, state = query.get("service", ""), query.get("state", "")
        known = {chip for chip, _, _ in CHIPS} | {one.value for one in State}
        reason = query.get("reason", "")
        return cls(
            query.get("q", "").strip()[:60],
            service if service in everywhere() else "",
            state if state in known else "",
            reason if re.fullmatch(r"[a-z_]{1,40}", reason) else "",
        )

    @property
    def code(self) -> str:
        """How the codes looked for begin: `q8za2` and `F-Q8ZA-2` are the same. Empty: no code was typed."""
        if not self.typed or self.named:
            return ""
        signs = _BETWEEN.sub("", self.typed.upper())
        if signs.startswith("F") and (_BETWEEN.match(self.typed[1:]) or len(signs) in (1, 7)):
            signs = signs[1:]
        if not signs:
            return "F-"
        return f"F-{signs[:4]}" + (f"-{signs[4:]}" if signs[4:] else "") if _CODE.fullmatch(signs) else ""

    @property
    def named(self) -> str:
        """The service whose name was typed, if any."""
        typed = self.typed.casefold()
        found = (
            name for name in everywhere() if len(typed) > 2 and label_of(name).casefold().startswith(typed)
        )
        return next(found, "")

    @property
    def says(self) -> str:
        """What is to be said about the typed text: that it cannot be searched for, and what can."""
        if not self.typed or self.code or self.named:
            return ""
        if "@" in self.typed:
            return "E-mail addresses lie sealed here, and nobody can search them. Type a fan’s code, like F-Q8ZA-2P."
        return "No fan’s code looks like this. A code is like F-Q8ZA-2P, and its beginning is enough."

    def takes(self, service: str, state: State, reason: str) -> bool:
        """Whether what stands so is wanted."""
        return (
            (not self.service or service == self.service)
            and (not self.named or service == self.named)
            and (not self.reason or reason == self.reason)
            and self._takes_state(state)
        )

    def takes_row(self, row: Delivery) -> bool:
        return self.takes(row.service, State(row.state), row.reason)

    def address(self, **changes: str) -> str:
        """The query that narrows so, with these changes."""
        parts = {
            "q": self.typed,
            "service": self.service,
            "state": self.state,
            "reason": self.reason,
        } | changes
        chosen = {key: value for key, value in parts.items() if value}
        return f"?{urlencode(chosen)}" if chosen else "?"

    def _takes_state(self, state: State) -> bool:
        if not self.state:
            return True
        if self.state in {one.value for one in Headline}:
            return headline(state) == self.state
        return state == self.state


@dataclass(frozen=True, slots=True)
class Chip:
    """One state to narrow to, and how many fans are in it."""

    glyph: str
    word: str
    number: str
    address: str
    chosen: bool


def chips(chosen: Filter, groups: list[Group]) -> list[Chip]:
    """One for each headline, and one for a state that was asked for by itself. `All` counts nobody who withdrew."""
    offered = list(CHIPS)
    if chosen.state not in {state for state, _, _ in CHIPS}:
        offered.append((chosen.state, chosen.state, STATES[State(chosen.state)]))
    return [
        Chip(
            glyph,
            word,
            words.in_figures(_number(chosen, state, groups)),
            chosen.address(state=state),
            state == chosen.state,
        )
        for state, glyph, word in offered
    ]


def reasons(chosen: Filter, groups: list[Group]) -> list[tuple[str, str]]:
    """The reasons there are, to choose from: code and words."""
    any_reason = replace(chosen, reason="")
    found = {group.reason for group in groups if any_reason.takes(group.service, group.state, group.reason)}
    there = {one for one in found | {chosen.reason} if one not in ("", "done", "already")}
    return sorted(((one, head(one)) for one in there), key=lambda pair: pair[1])


def services(groups: list[Group]) -> list[tuple[str, str]]:
    """The services fans came from: name and label."""
    here = {group.service for group in groups}
    return [(name, label_of(name)) for name in everywhere() if name in here]


def _number(chosen: Filter, state: str, groups: list[Group]) -> int:
    narrowed = replace(chosen, state=state)
    return sum(
        group.number
        for group in groups
        if narrowed.takes(group.service, group.state, group.reason)
        and (state or headline(group.state) is not None)
    )
