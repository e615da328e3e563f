"""Who we are, said to a push service: a signed statement for each of them (RFC 8292)."""

from collections import OrderedDict
from datetime import datetime, timedelta
from email.utils import parseaddr

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

LIFE = timedelta(hours=12)
"""A push service refuses what says that it holds for more than a day."""
_RENEWED = timedelta(hours=6)
_MOST_KEPT = 64
"""There are a handful of push services; more are addresses that somebody made up."""


class Vapid:
    """The installation's key. Statements are kept and used again: a signature for each push service, not for each fan.

    `contact` is a mailto: or https: address; Apple takes none of localhost.
    """

    def __init__(self, private: str, contact: str) -> None:
        # Our own address may have a port, which the library does not know of.
        self._vapid = Vapid02(Vapid02.from_raw(private.encode()).private_key, {"no-strict": True})
        self._contact = contact
        self._kept: OrderedDict[str, tuple[datetime, str]] = OrderedDict()
        point = self._vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public: str = b64urlencode(point)
        """What a browser subscribes for (`applicationServerKey`): base64url of an uncompressed point."""

    def authorization(self, origin: str, now: datetime) -> str:
        """The Authorization header for a push service."""
        until, kept = self._kept.get(origin, (now, ""))
        # The clock may have been set back: then the statement would hold for longer than a push service allows.
        if not now < until - _RENEWED <= now + LIFE - _RENEWED:
            until = now + LIFE
            claims = {"aud": origin, "exp": int(until.timestamp()), "sub": self._contact}
            kept = self._vapid.sign(claims)["Authorization"]
            self._kept[origin] = (until, kept)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return kept


def public_key() -> str:
    """What a page's script hands to the browser to subscribe for."""
    return ours().public


def ours() -> Vapid:
    """This installation's."""
    return Vapid(settings.VAPID_KEY, contact())


def contact() -> str:
    """Whom a push service may write to: where our mail comes from, else our own address."""
    address = parseaddr(settings.MAIL_FROM)[1]
    return f"mailto:{address}" if address else f"https://{settings.PUBLIC_URL.partition('://')[2]}"
