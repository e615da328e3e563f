"""The names of a fan: a short code the team sees, and the private key of a receipt."""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L, U/V: a code can be read out on the phone."""


def new_fan_code() -> str:
    """A code like `F-Q8ZA-2P`: 30^6, so that a team of millions still finds a free one at the first try."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(6))
    return f"F-{signs[:4]}-{signs[4:]}"


def receipt_key(campaign_id: int, service: str, account_id: str) -> str:
    """The key of one pre-save's receipt: 256 bits nobody can guess.

    It is derived from the installation's secret, not kept, so the same account gets the same receipt again on every
    browser it consents from, and the database alone opens none.
    """
    name = f"receipt/{campaign_id}/{service}/{account_id}"
    mac = hmac.digest(settings.SECRET_KEY.encode(), name.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def address_print(channel: str, address: str) -> str:
    """What we know an address by: an HMAC of it, which nobody without the installation's secret can try out."""
    mac = hmac.digest(settings.SECRET_KEY.encode(), f"address/{channel}/{address}".encode(), "sha256")
    return mac.hex()


def fingerprint(key: str) -> str:
    """The SHA-256 of a key or state, in hex: what the database keeps of it."""
    return hashlib.sha256(key.encode()).hexdigest()
