"""CSV as RFC 4180 has it, a line at a time, and safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(head: Iterable[str], lines: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """The head, then each line as it comes. A text that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    for line in _chained(head, lines):
        writer.writerow([cell(value) for value in line])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def cell(value: object) -> object:
    """What is written: texts guarded, everything else as it is."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _chained(head: Iterable[object], lines: Iterable[Iterable[object]]) -> Iterator[Iterable[object]]:
    yield head
    yield from lines
