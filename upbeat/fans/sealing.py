"""What a fan entrusted to us lies sealed in the database: AES-256-GCM, with the key's id in front.

A seal is: one byte with the length of the key id, the key id, 12 bytes of nonce, the encrypted text with its tag.
`UPBEAT_SEALING_KEYS` is `id:base64 of 32 bytes`, comma separated. The first key seals, all of them open: to rotate,
put a new one in front and keep the old ones until nothing sealed with them is left.
"""

import base64
import binascii
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from upbeat.env import SettingError

_NONCE = 12


class SealError(Exception):
    """A seal does not open. The message says why and never holds any of it."""


class UnknownKeyError(SealError):
    """The seal names a key that `UPBEAT_SEALING_KEYS` does not have (any more)."""


class BrokenSealError(SealError):
    """The key of that id does not open it: another key under the same id, another context, or changed bytes."""


def seal(text: str, *, context: str) -> bytes:
    """Seal a text. `context` ("connection 12 access") must be the same when it is opened: a seal cannot be moved."""
    key_id, cipher = next(iter(_keys(settings.SEALING_KEYS).items()))
    nonce = secrets.token_bytes(_NONCE)
    name = key_id.encode()
    return bytes([len(name)]) + name + nonce + cipher.encrypt(nonce, text.encode(), context.encode())


def open_seal(sealed: bytes | memoryview, *, context: str) -> str:
    """The text in a seal. Raises `UnknownKeyError` or `BrokenSealError`."""
    sealed = bytes(sealed)
    end = 1 + (sealed[0] if sealed else 0)
    key_id = sealed[1:end].decode(errors="replace")
    cipher = _keys(settings.SEALING_KEYS).get(key_id)
    if cipher is None:
        raise UnknownKeyError(
            "This was sealed with a key that UPBEAT_SEALING_KEYS no longer has. Put that key back."
        )
    nonce, locked = sealed[end : end + _NONCE], sealed[end + _NONCE :]
    try:
        return cipher.decrypt(nonce, locked, context.encode()).decode()
    except (InvalidTag, ValueError):
        raise BrokenSealError("This seal does not open: its key or its place is another one.") from None


@lru_cache(maxsize=4)
def _keys(setting: str) -> dict[str, AESGCM]:
    """The keys by id, the sealing one first."""
    keys: dict[str, AESGCM] = {}
    for part in filter(None, (part.strip() for part in setting.split(","))):
        key_id, _, encoded = part.partition(":")
        if not 0 < len(key_id.encode()) < 256 or key_id in keys:
            raise SettingError("UPBEAT_SEALING_KEYS: each key needs an id of its own before the colon.")
        keys[key_id] = AESGCM(_key(encoded))
    if not keys:
        raise SettingError("UPBEAT_SEALING_KEYS is empty. It must be like k1:<base64 of 32 bytes>.")
    return keys


def _key(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32 or len(set(key)) < 8:
        raise SettingError("UPBEAT_SEALING_KEYS: a key must be the base64 of 32 random bytes.")
    return key
