"""The record of calls: what came in, what went out, and what was wrong with it. Tokens and secrets never get here."""

import re
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from typing import Any

SECRET = re.compile(
    r"((?:^|[?&])(?:access_token|refresh_token|secret|client_secret|code|code_verifier)=)[^&]*", re.IGNORECASE
)
CAPACITY = 20_000


@dataclass(slots=True)
class Entry:
    """One call. `status` is None when the connection was dropped; `wrong` lists what the caller did wrong."""

    number: int
    at: str
    service: str
    host: str
    method: str
    path: str
    query: str
    status: int | None
    user: str | None
    client_id: str | None
    fault: str | None
    error: str
    wrong: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Ledger:
    """The last calls in full, and counts of all of them."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=CAPACITY)
        self.counts: Counter[str] = Counter()
        self.total = 0

    def record(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.counts[f"{entry.service} {entry.method} {entry.status or 'dropped'}"] += 1
        if entry.wrong:
            self.counts["with something wrong"] += 1
        if entry.fault:
            self.counts["with a fault"] += 1

    def next_number(self) -> int:
        self.total += 1
        return self.total

    def clear(self) -> None:
        self.entries.clear()
        self.counts.clear()


def redacted(query_string: str) -> str:
    return SECRET.sub(r"\1***", query_string)
