"""The forms an address may have, as a table: a pattern for the path, what it leads to, and how that is written."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, quote, unquote

from upbeat.core.addresses import Address
from upbeat.core.hosts import label_of
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.problem import Problem

_PLAIN = "/!$&'()*+,;=:@-._~"


@dataclass(frozen=True, slots=True)
class Form:
    """`path` is matched whole against the decoded segments, joined by `/`. `url` and `id` name its groups."""

    path: str
    kind: LinkKind
    url: str
    id: str = "{id}"


def read_forms(service: str, parts: Sequence[str] | Problem, forms: Iterable[Form]) -> Link | Problem:
    """The first form that fits, else what is wrong."""
    if isinstance(parts, Problem):
        return parts
    path = "/".join(parts)
    for form in forms:
        found = _compiled(form.path).fullmatch(path)
        if found:
            groups = {name: value or "" for name, value in found.groupdict().items()}
            written = {name: quote(value, safe=_PLAIN) for name, value in groups.items()}
            return Link(service, form.kind, form.id.format(**groups), form.url.format(**written))
    return names_nothing(service)


def names_nothing(service: str) -> Problem:
    """For a page of a service that is nothing of its catalogue: a search, a shop, its front page."""
    return malformed(label_of(service), "it names no album, song, artist or playlist")


def parts_of(service: str, address: Address, *, hash_bang: bool = False) -> list[str] | Problem:
    """The decoded segments of the path. `hash_bang`: an older address may have them behind `#!/` instead (a player,
    behind `#`).

    A segment that would be read as several, or as none, by somebody else is refused.
    """
    path = address.path
    if hash_bang and (address.fragment.startswith(("!/", "/")) or path.strip("/") == "iframe"):
        path = address.fragment.removeprefix("!").partition("?")[0]
    parts = [_visible(unquote(part)) for part in path.split("/") if part]
    if any(part in (".", "..") for part in parts):
        return malformed(label_of(service), "it has dots in its path")
    if any("/" in part or "\\" in part or not part.isprintable() for part in parts):
        return malformed(label_of(service), "it has a character in its path that does not belong there")
    return [part for part in parts if part]


def query_of(address: Address) -> dict[str, str]:
    """The parameters behind the `?`; of one that is there twice, the first."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(address.query, keep_blank_values=True):
        found.setdefault(name, value.strip())
    return found


@cache
def _compiled(path: str) -> re.Pattern[str]:
    return re.compile(path)


def _visible(part: str) -> str:
    """Without what copying brings along unseen."""
    return "".join(
        letter for letter in unicodedata.normalize("NFC", part) if unicodedata.category(letter) != "Cf"
    ).strip()
