"""Who sends: the signed statement in front of every message (RFC 8292)."""

import json
import re
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from upbeat_sandbox.push.encryption import decoded, on_curve

LONGEST = 24 * 3600
_SUBJECT = re.compile(r"mailto:[^@\s]+@[^@\s]+|https://\S+")


class Untrusted(Exception):  # noqa: N818  (what the push service says, no error of ours)
    """The statement does not hold; the words say why. `missing`: there was none."""

    def __init__(self, words: str, *, missing: bool = False) -> None:
        super().__init__(words)
        self.missing = missing


def check(authorization: str, origin: str, now: datetime) -> tuple[str, dict[str, Any]]:
    """The public key and the claims of a statement for this origin. Raises `Untrusted`."""
    scheme, _, rest = authorization.partition(" ")
    if not authorization:
        raise Untrusted("Authorization is missing", missing=True)
    if scheme.lower() != "vapid":
        raise Untrusted("Authorization has the scheme vapid (RFC 8292, 3)")
    given = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if set(given) != {"t", "k"}:
        raise Untrusted("vapid has the parameters t and k")
    claims = _signed(given["t"], given["k"])
    _check_claims(claims, origin, now.timestamp())
    return given["k"], claims


def _signed(token: str, key: str) -> dict[str, Any]:
    parts = token.split(".")
    try:
        head, body, signature = (decoded(part) for part in parts)
        header, claims = json.loads(head), json.loads(body)
        public = on_curve(decoded(key))
    except ValueError as problem:
        raise Untrusted(f"t or k cannot be read: {problem}") from None
    if not isinstance(header, dict) or header.get("alg") != "ES256":
        raise Untrusted("the token is signed with ES256")
    if not isinstance(claims, dict):
        raise Untrusted("the claims are an object")
    if len(signature) != 64:
        raise Untrusted("a signature of ES256 has 64 bytes")
    pair = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        public.verify(
            utils.encode_dss_signature(*pair), f"{parts[0]}.{parts[1]}".encode(), ec.ECDSA(SHA256())
        )
    except InvalidSignature:
        raise Untrusted("the signature is not that of k") from None
    return claims


def _check_claims(claims: dict[str, Any], origin: str, now: float) -> None:
    if claims.get("aud") != origin:
        raise Untrusted(f"aud is the origin of the push service, {origin}")
    until = claims.get("exp")
    if isinstance(until, bool) or not isinstance(until, int | float):
        raise Untrusted("exp is a number of seconds since 1970")
    if until <= now:
        raise Untrusted("exp is over")
    if until > now + LONGEST:
        raise Untrusted("exp is more than 24 hours away")
    if not isinstance(claims.get("sub"), str) or not _SUBJECT.fullmatch(claims["sub"]):
        raise Untrusted("sub is a mailto: or https: address of whoever sends")
