"""What names music: links (`parse_link`), a release's UPC or EAN (`parse_upc`), a recording's ISRC (`parse_isrc`).

Each takes what a person typed and gives back the one canonical form, or a `Problem` with what is wrong and what would
be right. Documented with examples in docs/reference/links-and-codes.md.
"""

import re
import unicodedata
from dataclasses import dataclass

from stdnum import ean

from upbeat.core.link import Link, LinkKind
from upbeat.core.links import parse_link
from upbeat.core.problem import Problem

__all__ = ["Link", "LinkKind", "Problem", "Upc", "parse_isrc", "parse_link", "parse_upc", "spaced"]

_LONGEST = 64
_LABEL = re.compile(r"(?:UPC|EAN|GTIN|ISRC|BARCODE)(?:-?\d\d(?=\W))?[\s:#.]*")
_BETWEEN = re.compile(r"[\s'\u2010-\u2015\u2212.-]")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_ASK = "Look at the number your distributor gave you."


@dataclass(frozen=True, slots=True)
class Upc:
    """A release's code: 12 to 14 digits without needless zeros in front, so that two forms of one code are equal.

    `said` tells the person what we mended, or is empty.
    """

    code: str
    said: str = ""

    @property
    def variants(self) -> tuple[str, ...]:
        """The forms to ask a catalogue for: as short as it gets, then padded to 13 and 14 digits."""
        return tuple(self.code.zfill(length) for length in range(len(self.code), 15))


def parse_upc(text: str) -> Upc | Problem:
    """A UPC-A, EAN-13 or GTIN-14 as people type it, with spaces, hyphens or a label before it."""
    digits = _bare(text)
    problem = _not_digits(digits) or _wrong_length(digits)
    if problem is not None:
        return problem
    fits = ean.calc_check_digit(digits[:-1])
    if len(digits) == 11 and fits == digits[-1]:
        whole = digits.zfill(12)
        return Upc(whole, f"We put back the zero in front that had got lost: {spaced(whole)}.")
    if len(digits) == 11:
        return Problem("upc_length", "A UPC has 12 or 13 digits, and this has 11.", _ASK)
    if fits != digits[-1]:
        return Problem(
            "upc_check_digit",
            "The last digit does not fit.",
            f"For {spaced(digits)[:-2]} it would be {fits}, not {digits[-1]}. {_ASK}",
        )
    return Upc(digits.lstrip("0").zfill(12))


def spaced(digits: str) -> str:
    """A whole code as printed under its bars: `4 061707 81123 4`, `0 12345 67890 5`."""
    first, second = (len(digits) - 11, 5) if len(digits) == 12 else (len(digits) - 12, 6)
    ends = (first, first + second, first + second + 5)
    return " ".join(
        (digits[: ends[0]], digits[ends[0] : ends[1]], digits[ends[1] : ends[2]], digits[ends[2] :])
    )


def parse_isrc(text: str) -> str | Problem:
    """An ISRC as people type it (`US-HM8-18-71741`); what comes back is its twelve characters.

    There is no check digit, and prefixes nobody registered are in use: only the shape is checked (ISO 3901).
    """
    code = _bare(text)
    if _ISRC.fullmatch(code):
        return code
    return Problem(
        "isrc_shape",
        "This is not an ISRC.",
        "It has two letters, three letters or digits, and seven digits, like US-HM8-18-71741.",
    )


def _bare(text: str) -> str:
    """The text in capitals without label, spaces and hyphens; too long a text comes back cut, and fits nothing."""
    plain = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).upper().strip()
    return _BETWEEN.sub("", _LABEL.sub("", plain, count=1))


def _not_digits(code: str) -> Problem | None:
    if not code:
        return Problem("upc_empty", "There is no number here.", "A UPC has 12 digits, an EAN 13.")
    if code.isascii() and code.isdigit():
        return None
    if re.fullmatch(r"[0-9]+E\+?[0-9]+", code):
        return Problem(
            "upc_shortened",
            "A spreadsheet has shortened this number.",
            "Format the column as text, then copy it again.",
        )
    return Problem("upc_not_digits", "A UPC or EAN has digits only.", _ASK)


def _wrong_length(digits: str) -> Problem | None:
    if len(digits) not in (11, 12, 13, 14):
        count = f"{len(digits)} digit{'s' * (len(digits) != 1)}"
        return Problem("upc_length", f"A UPC has 12 digits and an EAN 13, and this has {count}.", _ASK)
    if not digits.strip("0"):
        return Problem("upc_zeros", "This number is all zeros.", _ASK)
    return None
