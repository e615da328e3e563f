"""Identifiers of the invented world: made from words, so that the same seed gives the same ids on every machine."""

import hashlib
import re
from typing import Any

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")


def number_from(*words: object) -> int:
    """A large number that depends on nothing but the words."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, words)).encode()).digest(), "big")


def base62(value: int, length: int) -> str:
    digits = []
    for _ in range(length):
        value, rest = divmod(value, 62)
        digits.append(BASE62[rest])
    return "".join(reversed(digits))


def spotify_id(*words: object) -> str:
    """22 characters of base 62, as every Spotify object has."""
    return base62(number_from("spotify", *words), 22)


def deezer_id(*words: object) -> int:
    """A Deezer object's number, nine digits long."""
    return 100_000_000 + number_from("deezer", *words) % 900_000_000


def hex_id(*words: object) -> str:
    """32 hexadecimal characters: client ids, secrets, picture ids."""
    return f"{number_from(*words):064x}"[:32]


def base36(number: int, length: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(digits[number // 36**place % 36] for place in range(length))


def of(item: Any, service: str) -> str:
    """The id of a piece of music, or of an account or playlist, on a service."""
    ids: dict[str, str] | None = getattr(item, "ids", None)
    return str(item.id) if ids is None else ids[service]


def fan_key(name: str) -> str:
    """Two spellings of a fan's name that differ in case or spaces are the same account."""
    return " ".join(name.split()).casefold()


def with_check_digit(digits: str) -> str:
    """Completes a GTIN: weights 3, 1, 3, … from the right."""
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def is_gtin(code: str) -> bool:
    """True for 8, 12, 13 or 14 digits with the right check digit."""
    return (
        code.isascii()
        and code.isdigit()
        and len(code) in (8, 12, 13, 14)
        and with_check_digit(code[:-1]) == code
    )


def is_isrc(code: str) -> bool:
    return re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", code) is not None


def made_up_upc(*words: object) -> str:
    """A valid twelve-digit UPC under one invented company prefix."""
    return with_check_digit("859713" + f"{number_from('upc', *words) % 100_000:05d}")


def made_up_isrc(year: int, *words: object) -> str:
    """A well-formed ISRC under one invented registrant."""
    return f"QZUPB{year % 100:02d}{number_from('isrc', *words) % 100_000:05d}"
