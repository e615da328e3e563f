"""TIDAL's addresses and URIs. Forms as of FACTS.md in `providers/tidal`."""

import re

from upbeat.core.addresses import Address
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms.form import names_nothing, parts_of
from upbeat.core.problem import Problem

_SITES = ("", "www.", "listen.", "desktop.", "store.", "embed.", "stage.", "listen.stage.", "desktop.stage.")
_KINDS = {
    "album": LinkKind.ALBUM,
    "track": LinkKind.TRACK,
    "artist": LinkKind.ARTIST,
    "video": LinkKind.VIDEO,
    "playlist": LinkKind.PLAYLIST,
    "mix": LinkKind.MIX,
    "user": LinkKind.USER,
}
_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(r"[0-9a-f]{8,64}")
_IDS = {LinkKind.PLAYLIST: _UUID, LinkKind.MIX: _HEX}
_LOCALE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?", re.IGNORECASE)
_IN_FRONT = ("browse", "store")


def read_page(address: Address) -> Link | Problem:
    """An address of tidal.com, its players, and its shop of old."""
    parts = parts_of("tidal", address, hash_bang=True)
    if isinstance(parts, Problem):
        return parts
    if address.host not in (f"{before}tidal.com" for before in _SITES):
        return malformed("TIDAL", "not one of its catalogue")
    return _read(parts)


def read_uri(body: str) -> Link | Problem:
    """What follows `tidal://`: `album/1`."""
    return _read([part for part in re.split(r"[?#]", body, maxsplit=1)[0].split("/") if part])


def _read(parts: list[str]) -> Link | Problem:
    while parts and (parts[0] in _IN_FRONT or _LOCALE.fullmatch(parts[0])):
        parts = parts[1:]
    if len(parts) >= 4 and parts[2].removesuffix("s") == "track":
        parts = parts[2:]  # a track shown in its album
    if len(parts) < 2 or parts[0].removesuffix("s") not in _KINDS:
        return names_nothing("tidal")
    word = parts[0].removesuffix("s")
    kind = _KINDS[word]
    key = parts[1].lower() if kind in _IDS else parts[1]
    if not _IDS.get(kind, _NUMBER).fullmatch(key):
        return malformed("TIDAL", f"what follows the word {word} is not a whole id")
    return Link("tidal", kind, key, f"https://tidal.com/{word}/{key}")
