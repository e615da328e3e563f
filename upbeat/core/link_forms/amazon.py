"""Amazon Music's addresses, and the Amazon store's. Each country has its own host, and its own things for sale."""

import re

from upbeat.core.addresses import Address
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms.form import names_nothing, parts_of, query_of
from upbeat.core.problem import Problem

_STORE_HOST = re.compile(r"(?:www\.|smile\.|m\.)?amazon\.([a-z.]+)")
_ASIN = re.compile(r"B[0-9A-Z]{9}")
_ITEM = re.compile(r"(B[0-9A-Z]{9}|[0-9]{9}[0-9X])(?:[?].*)?")
"""Records that are books by their number have an ISBN. Parameters have been seen escaped into the path."""
_LIST = re.compile(r"[0-9A-Za-z-]{1,64}")
_KINDS = {
    "albums": LinkKind.ALBUM,
    "tracks": LinkKind.TRACK,
    "artists": LinkKind.ARTIST,
    "playlists": LinkKind.PLAYLIST,
    "user-playlists": LinkKind.PLAYLIST,
    "podcasts": LinkKind.SHOW,
}
_BEFORE_AN_ITEM = (
    ["dp"],
    ["gp", "product"],
    ["gp", "aw", "d"],
    ["ASIN"],
    ["dp", "tracks"],
    ["dp", "product"],
)


def read_music_page(address: Address) -> Link | Problem:
    """An address of music.amazon.*. A track is often shown in its album, as `?trackAsin=`."""
    parts = parts_of("amazon_music", address)
    if isinstance(parts, Problem):
        return parts
    if not address.host.startswith(("music.amazon.", "www.music.amazon.")):
        return malformed("Amazon Music", "not one of its catalogue")
    home = "https://" + address.site
    if len(parts) < 2 or parts[0] not in _KINDS:
        return names_nothing("amazon_music")
    kind, key = _KINDS[parts[0]], parts[1]
    track = query_of(address).get("trackAsin", "")
    if kind is LinkKind.ALBUM and _ASIN.fullmatch(track):
        return Link("amazon_music", LinkKind.TRACK, track, f"{home}/tracks/{track}")
    listed = kind in (LinkKind.PLAYLIST, LinkKind.SHOW)
    if not (_LIST if listed else _ASIN).fullmatch(key):
        return malformed("Amazon Music", f"what follows the word {parts[0]} is not a whole id")
    return Link("amazon_music", kind, key, f"{home}/{parts[0]}/{key}")


def read_store_page(address: Address) -> Link | Problem:
    """An address of amazon.*: something for sale (`/dp/…`), or an artist (`/e/…`)."""
    parts = parts_of("amazon", address)
    if isinstance(parts, Problem):
        return parts
    if address.host in ("amzn.com", "www.amzn.com"):
        return _item("com", parts[-1] if parts else "")
    shop = _STORE_HOST.fullmatch(address.host)
    if shop is None:
        return malformed("Amazon", "not one of its shop")
    for at in range(1, len(parts)):
        if any(parts[max(0, at - len(words)) : at] == words for words in _BEFORE_AN_ITEM):
            found = _item(shop[1], parts[at])
            if isinstance(found, Link):
                return found
        if parts[at - 1] == "e" and _ASIN.fullmatch(parts[at]):
            url = f"https://www.amazon.{shop[1]}/-/e/{parts[at]}"
            return Link("amazon", LinkKind.ARTIST, parts[at], url)
    return malformed("Amazon", "it names nothing for sale")


def _item(country: str, id: str) -> Link | Problem:
    found = _ITEM.fullmatch(id)
    if found is None:
        return malformed("Amazon", "it names nothing for sale")
    return Link("amazon", LinkKind.ITEM, found[1], f"https://www.amazon.{country}/dp/{found[1]}")
