"""Links people paste: every form of the same thing reads as the same `Link`, or says why it can not be used."""

from collections.abc import Callable, Container

from upbeat.core.addresses import LONGEST, Address, read_address
from upbeat.core.hosts import SHORT_HOSTS, label_of, link_page_of, site_of
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms import amazon, apple, bandcamp, deezer, soundcloud, spotify, tidal, youtube
from upbeat.core.link_forms.tables import TABLES, read_table
from upbeat.core.problem import Problem

_WHAT = {
    LinkKind.ALBUM: "an album",
    LinkKind.TRACK: "a song",
    LinkKind.ARTIST: "an artist",
    LinkKind.PLAYLIST: "a playlist",
    LinkKind.USER: "a profile",
    LinkKind.CHANNEL: "a channel",
    LinkKind.VIDEO: "a video",
    LinkKind.MIX: "a mix",
    LinkKind.LABEL: "a label",
    LinkKind.SHOW: "a podcast",
    LinkKind.EPISODE: "an episode of a podcast",
    LinkKind.COUNTDOWN: "a countdown page",
    LinkKind.PRE_ADD: "a pre-add page",
    LinkKind.ITEM: "something in a shop",
}
FOLLOWABLE = frozenset({LinkKind.ARTIST, LinkKind.PLAYLIST, LinkKind.USER})
RELEASES = frozenset({LinkKind.ALBUM, LinkKind.TRACK})
NATIVE = frozenset({LinkKind.COUNTDOWN, LinkKind.PRE_ADD})
"""Pages on which a service itself takes the pre-save."""

_READ: dict[str, Callable[[Address], Link | Problem]] = {
    "spotify": spotify.read_page,
    "deezer": deezer.read_page,
    "apple_music": apple.read_page,
    "itunes": apple.read_page,
    "tidal": tidal.read_page,
    "soundcloud": soundcloud.read_page,
    "youtube": youtube.read_page,
    "youtube_music": youtube.read_page,
    "amazon": amazon.read_store_page,
    "amazon_music": amazon.read_music_page,
    "bandcamp": bandcamp.read_page,
}
_APPS = {
    "deezer": "www.deezer.com",
    "youtube": "www.youtube.com",
    "youtubemusic": "music.youtube.com",
    **dict.fromkeys(("music", "musics", "itms", "itmss", "itms-apps", "itunes"), "music.apple.com"),
}
"""Schemes by which phones open a service's app: what follows is an address of this host, with or without it."""
_CATALOGUES = {"itunes": "apple_music", "youtube_music": "youtube"}
"""Two doors to one catalogue, with the same ids."""
_AN_ALBUM_LIST = "OLAK5uy_"
"""How YouTube's playlists begin that are albums."""


_RELEASE = "Paste the link of the album or song, or its UPC."


def parse_link(text: str) -> Link | Problem:
    """What a pasted link or URI leads to: its service, kind, id and canonical address. Asks nobody.

    The problem says what is wrong and what would be right; its code is `not_a_link` for ordinary words, `host_unknown`
    for a site that is no music service (look-alikes included), `link_malformed` for a service's page that is nothing of
    its catalogue, `address_…` for an address nobody should open.
    """
    bare = text[: LONGEST + 1].strip()
    if spotify.is_uri(bare):
        return spotify.read_uri(bare)
    if soundcloud.is_urn(bare):
        return soundcloud.read_urn(bare)
    scheme, _, rest = bare.partition(":")
    match scheme.lower():
        case "tidal":
            return tidal.read_uri(rest.removeprefix("//"))
        case "vnd.youtube":
            return youtube.read_uri(rest)
        case app if app in _APPS and rest.startswith("//"):
            bare = _in_app(app, rest[2:])
    address = read_address(bare)
    return address if isinstance(address, Problem) else _read(address)


def follow_target(text: str) -> Link | Problem:
    """Somebody or something a fan can follow on Spotify: an artist, a playlist or a profile (S3)."""
    right = "Paste the Spotify link of an artist, a playlist or a profile."
    link = parse_link(text)
    if isinstance(link, Problem):
        return Problem(link.code, link.wrong, link.right if link.code == "link_malformed" else right)
    if link.kind is LinkKind.SHORT:
        return _short(link)
    if link.service != "spotify":
        return Problem(
            "follow_service",
            f"This leads to {label_of(link.service)}, and follows are made on Spotify.",
            right,
        )
    if link.kind not in FOLLOWABLE:
        return Problem("follow_kind", f"This is {_WHAT[link.kind]}, and it cannot be followed.", right)
    return link


def release_link(text: str, readable: Container[str]) -> Link | Problem:
    """The release itself on one of the `readable` services: an album or a song, under the catalogue's own name."""
    link = parse_link(text)
    if isinstance(link, Problem):
        return Problem(link.code, link.wrong, link.right if link.code == "link_malformed" else _RELEASE)
    return as_release(link, readable)


def as_release(link: Link, readable: Container[str]) -> Link | Problem:
    """The link as a catalogue is asked for it: of kind album or track, on a service that is `readable`."""
    if link.kind is LinkKind.SHORT:
        return _short(link)
    if link.kind is LinkKind.PAGE:
        return _many(link)
    service = _CATALOGUES.get(link.service, link.service)
    if service not in readable:
        return Problem(
            "release_service", f"This leads to {label_of(link.service)}, where we cannot look.", _RELEASE
        )
    if link.kind is LinkKind.COUNTDOWN:
        return Problem("release_kind", "This is a countdown page, which does not name the album.", _RELEASE)
    kind = _release_kind(link)
    if kind is None:
        return Problem("release_kind", f"This is {_WHAT[link.kind]}, and not a release.", _RELEASE)
    return Link(service, kind, link.id, link.url)


def _release_kind(link: Link) -> LinkKind | None:
    """As what the service's catalogue is asked for it."""
    match link.kind:
        case kind if kind in RELEASES:
            return kind
        case LinkKind.PRE_ADD:
            return LinkKind.ALBUM
        case LinkKind.VIDEO if link.service.startswith("youtube"):
            return LinkKind.TRACK
        case LinkKind.PLAYLIST if link.service == "soundcloud" or link.id.startswith(_AN_ALBUM_LIST):
            return LinkKind.ALBUM
    return None


def _read(address: Address) -> Link | Problem:
    if address.host in SHORT_HOSTS:
        return _read_short(address)
    page = link_page_of(address)
    if page is not None:
        return _read_link_page(page.service, address)
    site = site_of(address)
    if site is None:
        return Problem("host_unknown", f"{address.site} is not a music service we know.")
    return read_table(site.service, address) if site.service in TABLES else _READ[site.service](address)


def _read_short(address: Address) -> Link | Problem:
    service, path = SHORT_HOSTS[address.host], address.path.strip("/")
    if not path and not address.query:
        return malformed(label_of(service), "it leads nowhere")
    query = f"?{address.query}" if not path else ""
    return Link(service, LinkKind.SHORT, path.rpartition("/")[2], f"https://{address.host}/{path}{query}")


def _read_link_page(service: str, address: Address) -> Link | Problem:
    path = address.path.strip("/")
    if not path and address.site.count(".") < 2:
        return malformed(label_of(service), "it is the front page")
    return Link(
        service, LinkKind.PAGE, path or address.site.partition(".")[0], f"https://{address.host}/{path}"
    )


def _in_app(scheme: str, rest: str) -> str:
    """The web address an app's own scheme stands for."""
    host = _APPS[scheme]
    known = rest.partition("/")[0].lower().endswith(host.partition(".")[2])
    return f"https://{rest}" if known else f"https://{host}/{rest}"


def _short(link: Link) -> Problem:
    return Problem(
        "link_short",
        "This is a short link: it does not say what it leads to.",
        f"Open it, then copy the long address from {label_of(link.service)}.",
    )


def _many(link: Link) -> Problem:
    return Problem(
        "link_page",
        f"This is a page of {label_of(link.service)}, which leads to several services.",
        "Open it, choose one of them, and copy the address from there.",
    )
