"""SoundCloud's names for things: `soundcloud:tracks:308946187`. An album is a playlist, an artist a user."""

import re
from urllib.parse import quote

from upbeat.providers.base import Kind

_COLLECTIONS = {
    Kind.TRACK: "tracks",
    Kind.ALBUM: "playlists",
    Kind.PLAYLIST: "playlists",
    Kind.ARTIST: "users",
    Kind.USER: "users",
}
_URN = re.compile(r"soundcloud:(tracks|playlists|users):[0-9]{1,19}")
_RESOURCE = re.compile(
    r"/(tracks|playlists|users)/(?:soundcloud(?::|%3A)\1(?::|%3A))?([0-9]{1,19})(?=[/?#]|$)", re.IGNORECASE
)


def collection(kind: Kind) -> str:
    """The word for this kind in URNs and paths."""
    return _COLLECTIONS[kind]


def read(kind: Kind, id: str) -> str:
    """The URN an id stands for: itself, or a bare number; empty where it is neither (a path on the site)."""
    if _URN.fullmatch(id):
        return id
    return f"soundcloud:{collection(kind)}:{id}" if id.isascii() and id.isdigit() else ""


def of_resource(address: str) -> str:
    """The URN in the address of an API resource, with a bare number or a URN at its end; empty where there is none."""
    found = _RESOURCE.search(address)
    return f"soundcloud:{found[1].lower()}:{found[2]}" if found else ""


def is_track(urn: str) -> bool:
    return urn.startswith("soundcloud:tracks:")


def path(urn: str) -> str:
    """`/tracks/soundcloud%3Atracks%3A1`; the path of a URN among its own."""
    return f"/{urn.split(':')[1]}/{quote(urn, safe='')}"
