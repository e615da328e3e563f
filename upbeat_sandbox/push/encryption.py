"""What a browser does with an encrypted message: RFC 8291 on top of RFC 8188, written from the RFCs.

Nothing of it comes from a library for senders, so that a mistake of one cannot agree with itself here.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_HEADER, _TAG, _SMALLEST_RECORD = 21, 16, 18


class Unreadable(Exception):  # noqa: N818  (the sender's fault, not ours)
    """The browser could not decrypt it, for this reason."""


def encoded(raw: bytes) -> str:
    """base64url without padding, as keys and tokens are written."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding; ValueError for anything else."""
    if not text.isascii() or any(sign in text for sign in "+/="):
        raise ValueError("base64url without padding has only letters, digits, - and _")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """The 65 bytes of a public key on P-256."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def on_curve(raw: bytes) -> ec.EllipticCurvePublicKey:
    """The public key of 65 bytes; ValueError where they are none."""
    if len(raw) != 65:
        raise ValueError("a public key on P-256 has 65 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def decrypt(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The message in a body of the aes128gcm coding. `Unreadable` says why there is none."""
    salt, size, sender, records = _taken_apart(body)
    try:
        secret = private.exchange(ec.ECDH(), on_curve(sender))
    except ValueError as problem:
        raise Unreadable(f"keyid is no public key: {problem}") from None
    info = b"WebPush: info\0" + point(private.public_key()) + sender
    secret = _derived(secret, auth, info, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    pieces = [records[start : start + size] for start in range(0, len(records), size)]
    last = len(pieces) - 1
    return b"".join(
        _opened(key, nonce, number, piece, last=number == last) for number, piece in enumerate(pieces)
    )


def _taken_apart(body: bytes) -> tuple[bytes, int, bytes, bytes]:
    """Salt, record size, the sender's public key, and the records."""
    if len(body) <= _HEADER:
        raise Unreadable("too short for a header of aes128gcm")
    size, length = struct.unpack("!LB", body[16:_HEADER])
    sender, records = body[_HEADER : _HEADER + length], body[_HEADER + length :]
    if length != 65:
        raise Unreadable(f"keyid is the sender's public key, 65 bytes, not {length}")
    if size < _SMALLEST_RECORD:
        raise Unreadable(f"a record size of {size} is too small")
    if not records:
        raise Unreadable("there is no record")
    if len(records) > size:
        raise Unreadable("a push message is a single record (RFC 8291, 4)")
    return body[:16], size, sender, records


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _opened(key: bytes, nonce: bytes, number: int, record: bytes, *, last: bool) -> bytes:
    """A record without its tag, its padding and its delimiter."""
    if len(record) < _TAG + 1:
        raise Unreadable("a record is cut short")
    own = (int.from_bytes(nonce, "big") ^ number).to_bytes(12, "big")
    try:
        padded = AESGCM(key).decrypt(own, record, None).rstrip(b"\0")
    except InvalidTag:
        raise Unreadable("the keys do not open it") from None
    if padded[-1:] != (b"\2" if last else b"\1"):
        raise Unreadable("the delimiter of a record is missing")
    return padded[:-1]
