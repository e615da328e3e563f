"""Whether what a catalogue shows is what was announced."""

import re
import unicodedata
from dataclasses import dataclass

_KIND = re.compile(r"\s+-\s+(single|ep)$")
_FEATURED = re.compile(r"\s*[(\[](feat|ft|featuring|with)\b\.?[^)\]]*[)\]]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_QUOTES = re.compile("[\u2018\u2019\u201b\u02bc`\u00b4]")
_DOUBLE_QUOTES = re.compile("[\u201c\u201d\u201e\u00ab\u00bb]")
_TOGETHER = re.compile(r"\s*(?:,|;|/|&|\+|\bx\b|\band\b|\bund\b|\bet\b|\by\b|\bfeat\b\.?|\bft\b\.?)\s*")


@dataclass(frozen=True, slots=True)
class Described:
    """A release in the words and codes that are compared. What is empty or 0 is not known."""

    title: str = ""
    artist: str = ""
    upc: str = ""
    isrc: str = ""
    track_count: int = 0


def differences(announced: Described, seen: Described) -> tuple[str, ...]:
    """The names of the fields in which a catalogue's release is not the announced one, in the order of `Described`.

    Only what both sides know is compared. The same: case, accents, blanks and the forms of quotes and dashes; a
    shop's " - Single" or " - EP"; who is featured; a UPC with more or fewer zeros in front. Not the same: "(Deluxe)"
    and every other word in a title.
    """
    unlike = {
        "title": _unlike(title_of(announced.title), title_of(seen.title)),
        "artist": bool(announced.artist and seen.artist) and not _same_artist(announced.artist, seen.artist),
        "upc": _unlike(announced.upc.lstrip("0"), seen.upc.lstrip("0")),
        "isrc": _unlike(_code(announced.isrc), _code(seen.isrc)),
        "track_count": _unlike(announced.track_count, seen.track_count),
    }
    return tuple(field for field, differs in unlike.items() if differs)


def title_of(title: str) -> str:
    """The title as it is compared."""
    return _KIND.sub("", _FEATURED.sub("", _plain(title)))


def _unlike(announced: str | int, seen: str | int) -> bool:
    return bool(announced and seen) and announced != seen


def _same_artist(announced: str, seen: str) -> bool:
    """The same, or the same names together in another order or with another "and"; or one of them alone: a service
    may name the main artist only."""
    one, other = _plain(announced), _plain(seen)
    if one == other:
        return True
    ones, others = _names(one), _names(other)
    return ones <= others or others <= ones


def _names(artist: str) -> frozenset[str]:
    return frozenset(name for name in _TOGETHER.split(artist) if name)


def _code(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()


def _plain(text: str) -> str:
    """Without what two people may write in two ways."""
    same = _DOUBLE_QUOTES.sub('"', _QUOTES.sub("'", _DASHES.sub("-", text)))
    letters = unicodedata.normalize("NFKD", same.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFC", bare).split())
