"""The site's addresses: `marlo-venn`, `marlo-venn/low-tide`, `marlo-venn/sets/night-ferry-north`."""

import re
import unicodedata
from typing import Any

SITE = "https://soundcloud.com"
NAME = "soundcloud"


def slug(text: str) -> str:
    """The text as a permalink has it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "untitled"


def number(item: Any) -> str:
    """The number at the end of a URN."""
    return urn(item).rpartition(":")[2]


def urn(item: Any) -> str:
    """What a piece of music, an account or a playlist is called here."""
    named: dict[str, str] | None = getattr(item, "ids", None)
    return str(item.id) if named is None else named[NAME]


def last_part(item: Any) -> str:
    """The part of its address that is its own; the number makes a fan's things unlike everybody else's."""
    if hasattr(item, "country"):
        return f"user-{number(item)}"
    if hasattr(item, "owner"):
        return f"{slug(item.name)}-{number(item)}"
    words = getattr(item, "title", None) or item.name
    return slug(words)


def permalink(item: Any) -> str:
    """The path on the site."""
    if hasattr(item, "owner"):
        return f"{last_part(item.owner)}/sets/{last_part(item)}"
    if not hasattr(item, "title"):
        return last_part(item)
    owner = item.artists[0]
    between = "/sets/" if hasattr(item, "tracks") else "/"
    return f"{last_part(owner)}{between}{_told_apart(item, owner)}"


def _told_apart(item: Any, owner: Any) -> str:
    """Two of one name: the first has it, the others their number behind it."""
    if hasattr(item, "tracks"):
        others = [one for one in owner.albums if slug(one.title) == slug(item.title)]
    else:
        others = [
            one for album in owner.albums for one in album.tracks
            if slug(one.title) == slug(item.title) and one.artists[0] is owner
        ]  # fmt: skip
    first = not others or others[0] is item
    return slug(item.title) if first else f"{slug(item.title)}-{number(item)}"


def thing_at(world: Any, path: str) -> Any:
    """Whatever has this address, visible or not; None where there is nothing."""
    parts = [part for part in path.strip("/").split("/") if part]
    if not 1 <= len(parts) <= 3 or (len(parts) == 3 and parts[1] != "sets"):
        return None
    service = world.services[NAME]
    if parts[0].startswith("user-"):
        account = service.accounts.get(f"soundcloud:users:{parts[0][5:]}")
        if len(parts) == 1 or account is None:
            return account
        mine = [one for one in service.playlists.values() if one.owner is account]
        return next((one for one in mine if len(parts) == 3 and last_part(one) == parts[2]), None)
    artists = [artist for artist in world.catalogue.artists if slug(artist.name) == parts[0]]
    if len(parts) == 1:
        return artists[0] if artists else None
    wanted = "/".join(parts)
    albums = [album for artist in artists for album in artist.albums]
    if len(parts) == 3:
        return next((one for one in albums if permalink(one) == wanted), None)
    return next((one for album in albums for one in album.tracks if permalink(one) == wanted), None)
