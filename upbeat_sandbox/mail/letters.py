"""The letters that the mail server has taken."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from upbeat_sandbox.clock import iso

_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(eq=False, slots=True)
class Letter:
    """One taken letter. The same Message-ID twice is the same letter twice."""

    number: int
    to: str
    at: datetime
    raw: bytes = field(repr=False)

    @property
    def read(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    def text(self, kind: str = "plain") -> str:
        """The part of this kind (plain or html), "" where there is none."""
        part = self.read.get_body((kind,))
        return str(part.get_content()) if part is not None else ""

    def as_dict(self) -> dict[str, Any]:
        read, text = self.read, self.text()
        return {
            "number": self.number,
            "to": self.to,
            "at": iso(self.at),
            "message_id": str(read["Message-ID"] or ""),
            "subject": str(read["Subject"] or ""),
            "headers": {name: str(value) for name, value in read.items()},
            "text": text,
            "html": self.text("html"),
            "links": _LINK.findall(text),
        }


class PostOffice:
    """Everything the mail server has."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self._taken = 0

    def take(self, to: str, raw: bytes, now: datetime) -> None:
        self._taken += 1
        self.letters.append(Letter(self._taken, to, now, raw))
