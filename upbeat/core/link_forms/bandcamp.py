"""Bandcamp's addresses: each artist or label has a host, and each record a name there."""

import re
from urllib.parse import quote

from upbeat.core.addresses import Address
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms.form import names_nothing, parts_of
from upbeat.core.problem import Problem

_HOME = ".bandcamp.com"
_ARTIST = re.compile(r"[0-9a-z](?:[0-9a-z-]*[0-9a-z])?")
_NOT_ARTISTS = "www daily m blog get help shop static f4 t4 s4 bandcamp api pages"
_NAME = re.compile(r"[\w.~-]{1,200}")
_KINDS = {"album": LinkKind.ALBUM, "track": LinkKind.TRACK}
_TABS: tuple[list[str], ...] = ([], ["music"], ["releases"])
_PLAYER = re.compile(r"(album|track)=([1-9][0-9]{0,18})")


def read_page(address: Address) -> Link | Problem:
    """An address of <artist>.bandcamp.com, or of the player other sites show."""
    parts = parts_of("bandcamp", address)
    if isinstance(parts, Problem):
        return parts
    artist = address.site.removesuffix(_HOME)
    if artist in ("bandcamp.com", "m"):
        return _played(parts)
    if artist in _NOT_ARTISTS.split() or not _ARTIST.fullmatch(artist):
        return names_nothing("bandcamp")
    if parts in _TABS:
        return Link("bandcamp", LinkKind.ARTIST, artist, f"https://{artist}.bandcamp.com/")
    if len(parts) == 2 and parts[0] in _KINDS and _NAME.fullmatch(parts[1]):
        word, name = parts
        url = f"https://{artist}.bandcamp.com/{word}/{quote(name)}"
        return Link("bandcamp", _KINDS[word], f"{artist}/{name}", url)
    return names_nothing("bandcamp")


def _played(parts: list[str]) -> Link | Problem:
    """`EmbeddedPlayer/album=1/…`: the number of what it plays, a track before its album."""
    if parts[:1] != ["EmbeddedPlayer"]:
        return names_nothing("bandcamp")
    found = {match[1]: match[2] for part in parts[1:] if (match := _PLAYER.fullmatch(part))}
    for kind in (LinkKind.TRACK, LinkKind.ALBUM):
        if kind.value in found:
            number = found[kind.value]
            url = f"https://bandcamp.com/EmbeddedPlayer/{kind.value}={number}/"
            return Link("bandcamp", kind, number, url)
    return malformed("Bandcamp", "the player's address does not say what it plays")
