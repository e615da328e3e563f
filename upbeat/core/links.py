"""Links people paste: every form of the same thing reads as the same `Link`, or says why it can not be used."""

from upbeat.core import deezer_links, spotify_links
from upbeat.core.addresses import LONGEST, read_address
from upbeat.core.hosts import label_of, site_of
from upbeat.core.link import Link, LinkKind
from upbeat.core.problem import Problem

_WHAT = {
    LinkKind.TRACK: "a song",
    LinkKind.ALBUM: "an album",
    LinkKind.ARTIST: "an artist",
    LinkKind.PLAYLIST: "a playlist",
    LinkKind.USER: "a profile",
    LinkKind.SHOW: "a podcast",
    LinkKind.EPISODE: "an episode of a podcast",
    LinkKind.COUNTDOWN: "a countdown page",
}
FOLLOWABLE = frozenset({LinkKind.ARTIST, LinkKind.PLAYLIST, LinkKind.USER})
RELEASES = frozenset({LinkKind.ALBUM, LinkKind.TRACK})
_READ_WHOLE = ("spotify", "deezer")


def read_link(text: str) -> Link | Problem:
    """The thing a link, or a `spotify:` URI, points to. Its problem's code is `not_a_link` for ordinary words."""
    bare = text[: LONGEST + 1].strip()
    if spotify_links.is_uri(bare):
        return spotify_links.read_uri(bare)
    if bare.lower().startswith("deezer://"):
        bare = "https://" + bare[len("deezer://") :]
    address = read_address(bare)
    if isinstance(address, Problem):
        return address
    site = site_of(address)
    match site.service if site else "":
        case "spotify":
            return spotify_links.read_page(address)
        case "deezer":
            return deezer_links.read_page(address)
        case "":
            return Problem("host_unknown", f"{address.site} is not a music service we know.")
        case service:
            return Link(service, LinkKind.PAGE, "", address.url)


def follow_target(text: str) -> Link | Problem:
    """Somebody or something a fan can follow on Spotify: an artist, a playlist or a profile (S3)."""
    right = "Paste the Spotify link of an artist, a playlist or a profile."
    link = read_link(text)
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


def release_link(text: str) -> Link | Problem:
    """The release itself, on a service we can read: an album or a song on Spotify or Deezer."""
    right = "Paste the link of the album or song on Spotify or Deezer, or its UPC."
    link = read_link(text)
    if isinstance(link, Problem):
        return Problem(link.code, link.wrong, link.right if link.code == "link_malformed" else right)
    if link.kind is LinkKind.SHORT:
        return _short(link)
    if link.service not in _READ_WHOLE:
        return Problem(
            "release_service", f"This leads to {label_of(link.service)}, where we cannot look.", right
        )
    if link.kind is LinkKind.COUNTDOWN:
        return Problem("release_kind", "This is a countdown page, which does not name the album.", right)
    if link.kind not in RELEASES:
        return Problem("release_kind", f"This is {_WHAT[link.kind]}, and not a release.", right)
    return link


def _short(link: Link) -> Problem:
    return Problem(
        "link_short",
        "This is a short link: it does not say what it leads to.",
        f"Open it, then copy the long address from {label_of(link.service)}.",
    )
