"""Spotify's addresses and URIs. Forms as of FACTS.md in `providers/spotify`."""

import re
import unicodedata
from urllib.parse import parse_qs, quote, unquote

from upbeat.core.addresses import Address
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms.form import names_nothing, parts_of
from upbeat.core.problem import Problem

_PLAYERS = ("open.spotify.com", "play.spotify.com", "embed.spotify.com")
_KINDS = ("album", "track", "artist", "playlist", "show", "episode", "prerelease")
_ID = re.compile(r"[0-9A-Za-z]{22}")
_LOCALE = re.compile(r"intl-[a-z]{2,3}(?:-[a-z]{2,4})?", re.IGNORECASE)
_SHOWN_IN = ("embed", "embed-podcast", "embed-legacy")
_USER_TABS = ("playlists", "followers", "following", "artists")
_LONGEST_USER = 128


def is_uri(text: str) -> bool:
    """Whether the text is in Spotify's own scheme, `spotify:album:…`."""
    return text[:8].lower() == "spotify:"


def read_uri(text: str) -> Link | Problem:
    """A `spotify:` URI; also the old form with the owner in front of the playlist."""
    body = re.split(r"[?#]", text[8:], maxsplit=1)[0]
    return _read([unquote(part) for part in re.split(r"[:/]+", body.strip("/"))])


def read_page(address: Address) -> Link | Problem:
    """An address of open.spotify.com and its older names."""
    parts = parts_of("spotify", address)
    if isinstance(parts, Problem):
        return parts
    if address.host not in _PLAYERS:
        return malformed("Spotify", "not one of its catalogue")
    embedded = parse_qs(address.query).get("uri", [""])[0]
    if parts in ([], ["go"], ["embed"]) and is_uri(embedded):
        return read_uri(embedded)
    if parts and _LOCALE.fullmatch(parts[0]):
        parts = parts[1:]
    if parts and parts[0] in _SHOWN_IN:
        parts = parts[1:]
    return _read(parts)


def _read(parts: list[str]) -> Link | Problem:
    """The parts of an address or URI after what only says where or how it is shown."""
    if ".." in parts or "." in parts:
        return malformed("Spotify", "it has dots in its path")
    match parts:
        case ["user", _, "playlist", id, *_]:
            return _entity("playlist", id)
        case ["user", name] if name:
            return _user(name)
        case ["user", name, tab] if tab in _USER_TABS:
            return _user(name)
        case [kind, id, *_] if kind in _KINDS:
            return _entity(kind, id)
    return names_nothing("spotify")


def _entity(kind: str, id: str) -> Link | Problem:
    if not _ID.fullmatch(id):
        return malformed(
            "Spotify", f"what follows the word {kind} is not a whole id of 22 letters and digits"
        )
    return Link("spotify", LinkKind(kind), id, f"https://open.spotify.com/{kind}/{id}")


def _user(name: str) -> Link | Problem:
    """A profile. Its id is the name, which may hold any letter; in an address it is percent-encoded."""
    name = unicodedata.normalize("NFC", name)
    if (
        len(name) > _LONGEST_USER
        or not name.isprintable()
        or "\N{REPLACEMENT CHARACTER}" in name
        or "/" in name
    ):
        return malformed("Spotify", "the name in it is not one of a profile")
    return Link("spotify", LinkKind.USER, name, f"https://open.spotify.com/user/{quote(name, safe='')}")
