"""Apple Music's addresses, and the iTunes Store's. Both have the same ids."""

import re

from upbeat.core.addresses import Address
from upbeat.core.hosts import label_of
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms.form import names_nothing, parts_of, query_of
from upbeat.core.problem import Problem

_MUSIC, _STORE, _CLASSICAL = "music.apple.com", "itunes.apple.com", "classical.music.apple.com"
_HOSTS = {
    _MUSIC: _MUSIC,
    "www.music.apple.com": _MUSIC,
    "geo.music.apple.com": _MUSIC,
    "beta.music.apple.com": _MUSIC,
    "embed.music.apple.com": _MUSIC,
    "tools.applemusic.com": _MUSIC,
    _CLASSICAL: _CLASSICAL,
    _STORE: _STORE,
    "www.itunes.apple.com": _STORE,
    "geo.itunes.apple.com": _STORE,
}
"""Whose address a host's really is. `geo` sends a fan to the own country, `embed` is a player."""
_COUNTRY = re.compile(r"[a-z]{2}", re.IGNORECASE)
_HOME = "us"
"""An address without a country is of this one, as Apple reads it."""
_KINDS = {
    "album": LinkKind.ALBUM,
    "song": LinkKind.TRACK,
    "artist": LinkKind.ARTIST,
    "playlist": LinkKind.PLAYLIST,
    "music-video": LinkKind.VIDEO,
    "label": LinkKind.LABEL,
    "preorder": LinkKind.PRE_ADD,
    "pre-order": LinkKind.PRE_ADD,
    "pre-add": LinkKind.PRE_ADD,
}
_NUMBER = re.compile(r"(?:id)?([1-9][0-9]{0,18})")
_PLAYLIST = re.compile(r"(?:id)?(pl\.[0-9A-Za-z.-]{1,80})")
_LEGACY = {"viewAlbum": "album", "viewArtist": "artist", "viewMusicVideo": "music-video"}
"""Addresses of before 2009, `/WebObjects/MZStore.woa/wa/viewAlbum?id=1`."""


def read_page(address: Address) -> Link | Problem:
    """An address of music.apple.com or itunes.apple.com; `app=` says which of the two shows it."""
    asked = query_of(address)
    host = _HOSTS.get(address.host, "")
    if asked.get("app") == "music" and host == _STORE:
        host = _MUSIC
    elif asked.get("app") == "itunes" and host == _MUSIC:
        host = _STORE
    service = "itunes" if host == _STORE else "apple_music"
    parts = parts_of(service, address)
    if isinstance(parts, Problem):
        return parts
    if not host:
        return malformed(label_of(service), "not one of its catalogue")
    return _read(service, host, parts, asked)


def _read(service: str, host: str, parts: list[str], asked: dict[str, str]) -> Link | Problem:
    if parts[:2] == ["embed", "v1"]:  # tools.applemusic.com
        parts = parts[2:]
    country = asked.get("country", "").lower()
    country = country if _COUNTRY.fullmatch(country) else _HOME
    if parts and _COUNTRY.fullmatch(parts[0]):
        country, parts = parts[0].lower(), parts[1:]
    if parts and parts[0] == "WebObjects" and parts[-1] in _LEGACY:
        parts = [_LEGACY[parts[-1]], asked.get("id", "")]
    if parts[:1] == ["library"]:
        return malformed(label_of(service), "it leads into somebody's own library")
    if len(parts) < 2 or parts[0] not in _KINDS:
        return names_nothing(service)
    kind = _KINDS[parts[0]]
    found = (_PLAYLIST if kind is LinkKind.PLAYLIST else _NUMBER).fullmatch(parts[-1])
    if found is None:
        return malformed(label_of(service), f"what follows the word {parts[0]} is not a whole id")
    song = _NUMBER.fullmatch(asked.get("i", "")) if kind is LinkKind.ALBUM else None
    if song:
        return _song(service, host, country, found[1], song[1])
    start = f"https://{host}/{country}/{parts[0]}"
    return Link(service, kind, found[1], f"{start}/{'id' if service == 'itunes' else ''}{found[1]}")


def _song(service: str, host: str, country: str, album: str, song: str) -> Link:
    """An album's address with `?i=` shows one song of it. The store has no address for a song alone."""
    alone = f"https://{host}/{country}/song/{song}"
    within = f"https://{host}/{country}/album/id{album}?i={song}"
    return Link(service, LinkKind.TRACK, song, within if service == "itunes" else alone)
