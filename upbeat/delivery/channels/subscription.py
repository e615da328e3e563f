"""A push subscription: where a browser's push service takes messages, and the keys that only that browser opens."""

import json
import re
from base64 import urlsafe_b64decode
from binascii import Error as NoBase64
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

LONGEST_ENDPOINT = 1000
_NAME = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*[a-z0-9]")
"""No bare number, no name of one word."""
_KNOWN = re.compile(
    r"fcm\.googleapis\.com|jmt17\.google\.com|updates\.push\.services\.mozilla\.com"
    r"|(?:[a-z0-9-]+\.)*push\.apple\.com|(?:[a-z0-9-]+\.)+notify\.windows\.com"
)
_POINT, _AUTH = 65, 16
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Subscription:
    """One browser's (RFC 8030, 8291). Who knows the endpoint and the keys can write to it: it is kept sealed."""

    endpoint: str
    p256dh: str
    """The browser's public key: base64url of an uncompressed point on P-256."""
    auth: str
    """Base64url of its 16 secret bytes."""
    key: str
    """The installation's public key that it was made for; no other may send to it."""

    @property
    def origin(self) -> str:
        """Of the push service, as browsers write it: what a statement for it is addressed to."""
        url = urlsplit(self.endpoint)
        usual = url.port is None or url.port == _PORTS[url.scheme]
        return f"{url.scheme}://{url.hostname}" + ("" if usual else f":{url.port}")

    @property
    def of_known_service(self) -> bool:
        """Whether it is at the push service of a browser's maker that everybody knows (as of 2026-11-23)."""
        return _KNOWN.fullmatch(urlsplit(self.endpoint).hostname or "") is not None

    def as_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


def of_json(text: str) -> Subscription:
    """What `as_json` wrote."""
    return Subscription(**json.loads(text))


def read(endpoint: str, p256dh: str, auth: str, *, key: str, plain_http: bool = False) -> Subscription | None:
    """A subscription as a browser gives it, or None where it is none that could ever be sent to.

    `key`: our public key. `plain_http`: the sandbox's push service may be asked without encryption, at any port.
    """
    if not _is_endpoint(endpoint, plain_http) or not _is_point(p256dh) or len(raw(auth) or b"") != _AUTH:
        return None
    return Subscription(endpoint, p256dh.rstrip("="), auth.rstrip("="), key)


def raw(text: str) -> bytes | None:
    """The bytes of base64url, with or without padding; None where it is none."""
    bare = text.rstrip("=")
    if not bare.isascii() or "+" in bare or "/" in bare:
        return None
    try:
        return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (NoBase64, ValueError):
        return None


def _is_endpoint(text: str, plain_http: bool) -> bool:
    """Whether it is an address at which a push service may be: https, a name in the open internet's form, the usual
    port, nobody's password. What the name leads to the door looks at, each time."""
    if len(text) > LONGEST_ENDPOINT or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        url, port = urlsplit(text), urlsplit(text).port
    except ValueError:
        return False
    if not url.hostname or "@" in url.netloc or "[" in url.netloc or url.fragment:
        return False
    if plain_http:
        return url.scheme in ("http", "https")
    return url.scheme == "https" and port in (None, 443) and _NAME.fullmatch(url.hostname) is not None


def _is_point(text: str) -> bool:
    point = raw(text)
    if point is None or len(point) != _POINT:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return True
