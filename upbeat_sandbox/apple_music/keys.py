"""The operator's side of Apple: teams, their MusicKit keys, and whether a developer token is signed with one of them.

Keys are derived from words like all identifiers here, so that an installation set up for one sandbox fits the next one.
"""

import json
import time
from base64 import urlsafe_b64decode
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from upbeat_sandbox import ids

if TYPE_CHECKING:
    from upbeat_sandbox.grants import Client, Grants

LONGEST = 15_777_000
"""Seconds from `iat` to `exp`, six months."""
_CLOCKS_DIFFER = 60
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def ten_signs(*words: object) -> str:
    """A team id, or a key id."""
    return ids.base36(ids.number_from(*words), 10).upper()


def private_key(*words: object) -> str:
    """A .p8 file: PKCS#8 in PEM, on P-256."""
    key = derive_private_key(1 + ids.number_from("p8", *words) % (_ORDER - 1), SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def key_id(client: "Client") -> str:
    return client.key_id or ten_signs("key", client.id)


@lru_cache(maxsize=256)
def public_key(pem: str) -> EllipticCurvePublicKey:
    """Of a private key, or of a public one that was registered. ValueError: it is neither, or of another curve."""
    data = pem.encode()
    key: Any = load_pem_private_key(data, password=None) if "PRIVATE" in pem else load_pem_public_key(data)
    public = key.public_key() if isinstance(key, EllipticCurvePrivateKey) else key
    if not isinstance(public, EllipticCurvePublicKey) or not isinstance(public.curve, SECP256R1):
        raise ValueError("a key on the curve P-256 is wanted")
    return public


def owner(grants: "Grants", token: str, origin: str = "") -> "Client | str":
    """Whose developer token this is, or what is wrong with it. `origin` is the site a browser called from.

    Times are judged by the machine's clock: moving the sandbox's moves the music and the fans, no signature.
    """
    try:
        header, claims, signature = (_decoded(part) for part in token.split("."))
        head, said = json.loads(header), json.loads(claims)
        team, kid, made, ends = said["iss"], head["kid"], int(said["iat"]), int(said["exp"])
    except (ValueError, KeyError, TypeError):
        return "not a JSON Web Token with kid, iss, iat and exp"
    if head.get("alg") != "ES256":
        return "alg is not ES256"
    client = grants.clients.get(team) if isinstance(team, str) else None
    if client is None or kid != key_id(client):
        return "no such team and key"
    if not _signed(client, token, signature):
        return "the signature is wrong"
    return _in_time(made, ends) or _on_site(said.get("origin"), origin) or client


def _in_time(made: int, ends: int) -> str:
    now = time.time()
    if ends <= now:
        return "the token has expired"
    if made > now + _CLOCKS_DIFFER:
        return "iat lies ahead"
    return "exp is more than six months ahead" if ends - made > LONGEST else ""


def _on_site(allowed: object, origin: str) -> str:
    if not origin or allowed is None:
        return ""
    return "" if isinstance(allowed, list) and origin in allowed else f"not good on {origin}"


def _signed(client: "Client", token: str, signature: bytes) -> bool:
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public_key(client.secret).verify(
            encode_dss_signature(r, s), token.rpartition(".")[0].encode(), ECDSA(SHA256())
        )
    except InvalidSignature:
        return False
    return True


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
