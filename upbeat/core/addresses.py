"""Web addresses people paste: read once, strictly, so that what we check is what a browser opens."""

import re
import string
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

from upbeat.core.problem import Problem

LONGEST = 1000
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?![0-9]+(?:[/?#]|$))")
_HOST_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_KEEP = "/:@!$&'()*+,;=~-._%"
_NOT_PUBLIC = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "arpa",
    "onion",
)
# IPv6 that carries an IPv4 address in it (6to4, Teredo) may lead anywhere, a private network included.
_GLOBAL6, _TUNNELS6 = IPv6Network("2000::/3"), (IPv6Network("2002::/16"), IPv6Network("2001::/32"))
# What copying brings along unseen: spaces, zero-width spaces, byte order marks.
_AROUND = string.whitespace + "\u00a0\u200b\u2060\ufeff"
_START = "Paste an address that starts with https://."


@dataclass(frozen=True, slots=True)
class Address:
    """A public http or https address, in ASCII, host in lower case, no user name, no port of its own."""

    scheme: str
    host: str
    path: str
    query: str
    fragment: str

    @property
    def url(self) -> str:
        query, fragment = self.query and f"?{self.query}", self.fragment and f"#{self.fragment}"
        return f"{self.scheme}://{self.host}{self.path}{query}{fragment}"

    @property
    def site(self) -> str:
        """The host as people name it: without `www.`."""
        return self.host.removeprefix("www.")


def read_address(text: str) -> Address | Problem:
    """The address a person pasted, with or without `https://` in front."""
    if len(text) > LONGEST:
        return Problem(
            "address_long", f"This address is longer than {LONGEST:,} characters.", "Paste a shorter one."
        )
    text = unicodedata.normalize("NFC", text.strip(_AROUND))
    problem = _forbidden(text)
    if problem is not None:
        return problem
    try:
        parts = urlsplit(_with_scheme(text))
        port = parts.port
    except ValueError:
        return Problem("address_malformed", "This is not a whole web address.", _START)
    host = _read_host(parts.netloc, parts.hostname or "")
    if isinstance(host, Problem):
        return host
    if port not in (None, 80, 443):
        return Problem(
            "address_port", f"This address names a port (:{port}).", "Paste the address without it."
        )
    path, query, fragment = (
        quote(part, safe=_KEEP + "?") for part in (parts.path, parts.query, parts.fragment)
    )
    return Address(parts.scheme, host, path.replace("?", "%3F"), query, fragment)


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether an IP address is of the open internet: not private, not loopback, not link-local, no tunnel to these."""
    if isinstance(ip, IPv6Address):
        return ip.is_global and ip in _GLOBAL6 and not any(ip in tunnel for tunnel in _TUNNELS6)
    return ip.is_global and not ip.is_multicast


def _forbidden(text: str) -> Problem | None:
    """What makes a text no address at all, or one that browsers and servers read differently."""
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") or letter == "\\" for letter in text):
        return Problem("address_control", "This address has a character that does not belong in one.", _START)
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return Problem(
            "address_scheme",
            f"An address that starts with {scheme[1].lower()[:20]}: is not a web page.",
            _START,
        )
    bare = text.split("://", 1)[-1].lstrip("/")
    authority = re.split(r"[/?#]", bare, maxsplit=1)[0]
    if (
        not scheme
        and ("." not in authority or " " in authority)
        and not authority.startswith(("localhost", "["))
    ):
        return Problem("not_a_link", "This is not a link.", _START)
    if any(letter.isspace() for letter in text):
        return Problem("address_space", "There is a space in this address.", "Paste the address alone.")
    return None


def _with_scheme(text: str) -> str:
    if _SCHEME.match(text):
        return text
    return "https://" + text.removeprefix("//")


def _read_host(netloc: str, host: str) -> str | Problem:
    """The host in ASCII, if it is one of the open internet."""
    if not host:
        return Problem("address_malformed", "This is not a whole web address.", _START)
    if "@" in netloc:
        return Problem(
            "address_user",
            "This address has a name before an @, so it may lead elsewhere than it seems.",
            "Paste it without the part before the @.",
        )
    with suppress(ValueError):
        ip = ip_address(host)
        shown = f"[{ip}]" if isinstance(ip, IPv6Address) else str(ip)
        return shown if is_public(ip) else _private(shown)
    labels = _in_ascii(host).split(".")
    if "[" in netloc or not all(_HOST_NAME.fullmatch(label) for label in labels):
        return Problem("address_host", "The name before the first / is not one of a web site.", _START)
    if len(labels) < 2 or labels[-1] in _NOT_PUBLIC or labels[-1][0].isdigit():
        return _private(".".join(labels))  # browsers read 127.1 and 0x7f.1 as IP addresses
    return ".".join(labels)


def _in_ascii(host: str) -> str:
    """The host as the name system knows it; empty where it can not be one."""
    try:
        return host[:254].removesuffix(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _private(host: str) -> Problem:
    return Problem(
        "address_private",
        f"{host[:60]} is not on the open internet, so no fan can go there.",
        "Paste the page's public address.",
    )
