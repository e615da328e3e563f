"""Deezer's addresses. Forms as of FACTS.md in `providers/deezer`."""

import re

from upbeat.core.addresses import Address
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms.form import names_nothing, parts_of, query_of
from upbeat.core.problem import Problem

_SITES = ("deezer.com", "www.deezer.com", "m.deezer.com")
_WIDGET = "widget.deezer.com"
_LOCALE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?", re.IGNORECASE)
_ID = re.compile(r"[1-9][0-9]{0,18}")
_KINDS = {
    "album": LinkKind.ALBUM,
    "track": LinkKind.TRACK,
    "artist": LinkKind.ARTIST,
    "playlist": LinkKind.PLAYLIST,
    "profile": LinkKind.USER,
    "show": LinkKind.SHOW,
    "episode": LinkKind.EPISODE,
}


def read_page(address: Address) -> Link | Problem:
    """An address of www.deezer.com and its players."""
    parts = parts_of("deezer", address)
    if isinstance(parts, Problem):
        return parts
    if address.host == _WIDGET:
        parts = parts[2:]  # /widget/<theme>/album/1
    elif address.host not in _SITES:
        return malformed("Deezer", "not one of its catalogue")
    if parts and _LOCALE.fullmatch(parts[0]):
        parts = parts[1:]
    if parts == ["plugins", "player"]:  # the player of old
        asked = query_of(address)
        parts = [asked.get("type", "").removesuffix("s"), asked.get("id", "")]
    if len(parts) < 2 or parts[0] not in _KINDS:
        return names_nothing("deezer")
    word, number = parts[0], parts[1]
    if not _ID.fullmatch(number):
        return malformed("Deezer", f"what follows the word {word} is not a number")
    return Link("deezer", _KINDS[word], number, f"https://www.deezer.com/{word}/{number}")
