"""Apple Music's permission: no OAuth. We prove ourselves with a token we sign; the fan's comes from MusicKit JS.

The developer token is a JWT (ES256) signed with the operator's .p8 key. The page needs one, too, so that one names the
site it is good on. It is Apple's clock that judges it, so it goes by the machine's, not by the installation's, which a
sandbox may have moved.
"""

import hashlib
import json
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from upbeat.core.outcome import Outcome, later
from upbeat.providers.apple_music.answers import OPERATOR_MENDS
from upbeat.providers.base import Token
from upbeat.providers.registry import ServiceSettings

LIFE = 6 * 3600
"""Seconds a developer token lives. Apple allows six months; one that is out for hours can do little."""
_BACK = 60
"""So much earlier it says it was made: clocks differ."""
_ID = re.compile(r"[A-Za-z0-9]{1,20}")
_SIGNS = re.compile(r"[\x21-\x7e]{1,4096}")


class Signer:
    """Signs for one installation, and signs anew when half of a token's life is over."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._made: dict[str, tuple[float, Token]] = {}

    def token(self, origin: str = "") -> Token | Outcome:
        """A developer token; with `origin` one for that site's pages. LATER `app_refused` where there is no key."""
        made_at, token = self._made.get(origin, (0.0, None))
        now = time.time()
        if token is not None and 0 <= now - made_at < LIFE / 2:
            return token
        key = _key(self._settings.client_secret)
        if key is None:
            note = "The private key of this installation is no key that Apple gives (a .p8 file)."
            return later("app_refused", note, after=OPERATOR_MENDS)
        token = Token(_signed(key, self._settings, origin, int(now)))
        self._made[origin] = (now, token)
        return token


def mistake(settings: ServiceSettings) -> str:
    """What is wrong with a credential, in a sentence; empty where nothing is."""
    for what, value in (("team id", settings.client_id), ("key id", settings.key_id)):
        if not _ID.fullmatch(value):
            return f"The {what} is ten letters and digits on Apple's page, and this is something else."
    if _key(settings.client_secret) is None:
        return "The private key is not the whole content of a .p8 file, as Apple gives it."
    return ""


def is_user_token(text: str) -> bool:
    """Whether this may be a user token at all: it goes into a header."""
    return _SIGNS.fullmatch(text) is not None


def account_id(user_token: Token) -> str:
    """There is no user id, so the token itself is the account: its hash."""
    return hashlib.sha256(b"apple music user " + user_token.reveal().encode()).hexdigest()[:40]


def _key(secret: Token) -> EllipticCurvePrivateKey | None:
    pem = (
        secret.reveal().replace("\\n", "\n").encode()
    )  # in one line, as some keep it in an environment variable
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1) else None


def _signed(key: EllipticCurvePrivateKey, settings: ServiceSettings, origin: str, now: int) -> str:
    """RFC 7515: header, claims and signature, the latter as two bare numbers (RFC 7518 §3.4)."""
    claims: dict[str, Any] = {"iss": settings.client_id, "iat": now - _BACK, "exp": now + LIFE}
    if origin:
        claims["origin"] = [origin]
    signed = f"{_part({'alg': 'ES256', 'kid': settings.key_id, 'typ': 'JWT'})}.{_part(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ECDSA(SHA256())))
    return f"{signed}.{_base64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _part(values: Mapping[str, Any]) -> str:
    return _base64(json.dumps(values, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
