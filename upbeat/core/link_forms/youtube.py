"""YouTube's addresses and YouTube Music's. Forms as of FACTS.md in `providers/youtube`.

YouTube has never said how long its ids are, so only their letters are checked.
"""

import re
from urllib.parse import quote

from upbeat.core.addresses import Address, read_address
from upbeat.core.hosts import label_of
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms.form import names_nothing, parts_of, query_of
from upbeat.core.problem import Problem

_MUSIC, _SHORT = "music.youtube.com", "youtu.be"
_SITES = (
    "youtube.com", "www.youtube.com", "m.youtube.com", "gaming.youtube.com",
    "youtube-nocookie.com", "www.youtube-nocookie.com", _MUSIC, _SHORT, "www.youtu.be",
)  # fmt: skip
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_HANDLE = re.compile(r"@[\w.·-]{1,60}")
_CUSTOM = re.compile(r"[\w.-]{1,60}")
_VIDEO_AT = ("embed", "shorts", "live", "v", "e", "watch")
_ALBUM_PAGE = "MPREb_"
_NOT_CHANNELS = (
    "results watch playlist feed redirect premium shorts live gaming music kids about t howyoutubeworks ads creators "
    "account upload signin logout oembed attribution_link embed v e clip post hashtag source channel user c browse "
    "search explore library transfer podcasts new jobs trends movies musicpremium tv favicon.ico robots.txt s yts "
    "watch_videos watch_popup course get_video_info error supported_browsers accounts"
)


def read_page(address: Address) -> Link | Problem:
    """An address of youtube.com, music.youtube.com or youtu.be."""
    service = "youtube_music" if address.host == _MUSIC else "youtube"
    parts = parts_of(service, address, hash_bang=True)
    if isinstance(parts, Problem):
        return parts
    if address.host not in _SITES:
        return malformed(label_of(service), "not one of its catalogue")
    return _read(service, parts, query_of(address), short=address.host.endswith(_SHORT))


def read_uri(body: str) -> Link | Problem:
    """What follows `vnd.youtube:`: an id, or an address without its scheme."""
    bare = body.strip("/")
    inner = read_address(bare) if "." in bare.partition("/")[0] else None
    if inner is None or isinstance(inner, Problem):
        return _video("youtube", re.split(r"[?#&]", bare, maxsplit=1)[0])
    return read_page(inner)


def _read(service: str, parts: list[str], asked: dict[str, str], *, short: bool) -> Link | Problem:
    word, rest = parts[0] if parts else "", parts[1:]
    if short:
        return names_nothing(service) if rest else _video(service, word)
    if word == "playlist" or parts == ["embed", "videoseries"]:
        return _playlist(service, asked.get("list", ""))
    if parts in (["watch"], ["watch_popup"]):
        return _video(service, asked.get("v", ""))
    if word in _VIDEO_AT and rest:
        return _video(service, rest[0])
    return _attributed(asked.get("u", "")) if word == "attribution_link" else _read_channel(service, parts)


def _read_channel(service: str, parts: list[str]) -> Link | Problem:
    """A channel by its key, by its handle, or by one of the names of old; and YouTube Music's own pages."""
    match parts:
        case ["browse", key]:
            return _browsed(service, key)
        case ["channel" | "user" as word, name, *_] if _CUSTOM.fullmatch(name):
            return _channel(service, name, f"{word}/{quote(name)}")
        case ["c", name, *_] if _CUSTOM.fullmatch(name):
            return _channel(service, name, quote(name))
        case [handle, *_] if _HANDLE.fullmatch(handle):
            return _channel(service, handle, "@" + quote(handle[1:]))
        case [name] | [name, _] if service == "youtube" and _is_custom(name):
            return _channel(service, name, quote(name))
    return names_nothing(service)


def _is_custom(id: str) -> bool:
    return bool(_CUSTOM.fullmatch(id)) and id.lower() not in _NOT_CHANNELS.split()


def _video(service: str, id: str) -> Link | Problem:
    if not _ID.fullmatch(id):
        return malformed(label_of(service), "it names no video")
    return Link(service, LinkKind.VIDEO, id, f"{_home(service)}/watch?v={id}")


def _playlist(service: str, id: str) -> Link | Problem:
    """An album is a playlist whose id begins with `OLAK5uy_`."""
    if not _ID.fullmatch(id):
        return malformed(label_of(service), "it names no playlist")
    return Link(service, LinkKind.PLAYLIST, id, f"{_home(service)}/playlist?list={id}")


def _browsed(service: str, id: str) -> Link | Problem:
    """YouTube Music's own pages: `MPREb_…` an album, `UC…` a channel, `VL…` a playlist."""
    if not _ID.fullmatch(id):
        return names_nothing(service)
    if id.startswith(_ALBUM_PAGE):
        return Link(service, LinkKind.ALBUM, id, f"{_home(service)}/browse/{id}")
    if id.startswith("VL"):
        return _playlist(service, id[2:])
    return _channel(service, id, f"channel/{id}") if id.startswith("UC") else names_nothing(service)


def _channel(service: str, id: str, path: str) -> Link:
    return Link(service, LinkKind.CHANNEL, id, f"{_home(service)}/{path}")


def _attributed(path: str) -> Link | Problem:
    """The address a shared video's credit leads to: its own is a parameter."""
    inner = read_address("https://www.youtube.com" + path) if path.startswith("/watch") else None
    return read_page(inner) if isinstance(inner, Address) else names_nothing("youtube")


def _home(service: str) -> str:
    return f"https://{_MUSIC}" if service == "youtube_music" else "https://www.youtube.com"
