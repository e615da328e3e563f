"""SoundCloud's addresses and names. Forms as of FACTS.md in `providers/soundcloud`.

A page is named by its owner and its own name (`owner/track`, `owner/sets/set`); the API's addresses by a number or by
SoundCloud's newer name for it (`soundcloud:tracks:1`), and the id is whichever of the two was there.
"""

import re

from upbeat.core.addresses import Address, read_address
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms.form import Form, names_nothing, parts_of, query_of, read_forms
from upbeat.core.problem import Problem

_SITES = ("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com")
_API = ("api.soundcloud.com", "api-v2.soundcloud.com")
_PLAYER = "w.soundcloud.com"
_NUMBERED = {
    "tracks": LinkKind.TRACK,
    "sounds": LinkKind.TRACK,
    "playlists": LinkKind.PLAYLIST,
    "users": LinkKind.USER,
}
_URN = re.compile(r"(?:soundcloud:)?(tracks|sounds|playlists|users):([1-9][0-9]{0,18})")
_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_NOT_OWNERS = (
    "tags search discover stream upload you settings pages charts people jobs imprint terms-of-use stations mobile "
    "download popular messages notifications signin login logout connect player oembed community-guidelines pro go "
    "explore groups apps press creators checkout help logos"
)
_TABS = "tracks|popular-tracks|albums|sets|playlists|reposts|likes|followers|following|comments|spotlight|toptracks"
_HOME = "https://soundcloud.com"
_OWNER, _NAME = (
    f"(?!(?i:{_NOT_OWNERS.replace(' ', '|')})(?:/|$))(?P<owner>[0-9A-Za-z_-]{{1,255}})",
    "(?P<name>[0-9A-Za-z_-]{1,255})",
)
_KEY = "(?P<secret>/s-[0-9A-Za-z]{1,40})?"
"""A private page opens with its secret alone, which is no part of what it is."""
_FORMS = (
    Form(f"{_OWNER}(?:/(?:{_TABS}))?", LinkKind.USER, f"{_HOME}/{{owner}}", "{owner}"),
    Form(
        f"{_OWNER}/sets/{_NAME}{_KEY}",
        LinkKind.PLAYLIST,
        f"{_HOME}/{{owner}}/sets/{{name}}{{secret}}",
        "{owner}/sets/{name}",
    ),
    Form(
        f"{_OWNER}/{_NAME}{_KEY}",
        LinkKind.TRACK,
        f"{_HOME}/{{owner}}/{{name}}{{secret}}",
        "{owner}/{name}",
    ),
)


def is_urn(text: str) -> bool:
    """Whether the text is in SoundCloud's own scheme: `soundcloud:tracks:1`, `soundcloud://tracks:1`."""
    return text[:11].lower() == "soundcloud:"


def read_urn(text: str) -> Link | Problem:
    """`soundcloud:tracks:1`, and what phones write: `soundcloud://sounds:1`."""
    found = _URN.fullmatch(re.split(r"[?#]", text[11:].strip("/"), maxsplit=1)[0])
    return _of_the_api(found[1], found[2], urn=True) if found else names_nothing("soundcloud")


def read_page(address: Address) -> Link | Problem:
    """An address of soundcloud.com, its player and its API."""
    parts = parts_of("soundcloud", address)
    if isinstance(parts, Problem):
        return parts
    if address.host == _PLAYER:
        return _played(query_of(address).get("url", ""))
    if address.host in _API:
        return _asked_of_the_api(parts)
    if address.host not in _SITES:
        return malformed("SoundCloud", "not one of its catalogue")
    return read_forms("soundcloud", parts, _FORMS)


def _asked_of_the_api(parts: list[str]) -> Link | Problem:
    match parts:
        case [word, id] if word in _NUMBERED and _NUMBER.fullmatch(id):
            return _of_the_api(word, id)
        case [word, id] if (found := _URN.fullmatch(id)) and found[1] == word:
            return _of_the_api(word, found[2], urn=True)
    return names_nothing("soundcloud")


def _of_the_api(word: str, number: str, *, urn: bool = False) -> Link:
    plural = "tracks" if word == "sounds" else word
    key = f"soundcloud:{plural}:{number}" if urn else number
    return Link("soundcloud", _NUMBERED[word], key, f"https://api.soundcloud.com/{plural}/{number}")


def _played(url: str) -> Link | Problem:
    """What the player on somebody's page plays."""
    inner = read_address(url)
    if isinstance(inner, Problem) or inner.host not in (*_SITES, *_API):
        return malformed("SoundCloud", "the player's address does not say what it plays")
    return read_page(inner)
