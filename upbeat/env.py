"""Typed readers of environment variables. A secret may also stand in a file named by `<NAME>_FILE`."""

import base64
import binascii
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit


class SettingError(Exception):
    """A setting is wrong. The message names it, says what is wrong and what would be right; never its value."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise SettingError(f"{name} must be 1 or 0.")


def one_of(name: str, *values: str) -> str:
    """One of these values, in capitals; the first where it is not set."""
    value = text(name, values[0]).upper()
    if value not in values:
        raise SettingError(f"{name} must be one of {', '.join(values)}.")
    return value


def number(name: str, default: int, *, least: int | None = None) -> int:
    value = text(name)
    if not value:
        return default
    try:
        given = int(value)
    except ValueError:
        raise SettingError(f"{name} must be a whole number.") from None
    if least is not None and given < least:
        raise SettingError(f"{name} must be {least} or more.")
    return given


def secret(name: str, default: str = "") -> str:
    """The value of `name`, or the contents of the file that `<name>_FILE` points to."""
    path = text(f"{name}_FILE")
    if path and text(name):
        raise SettingError(f"{name} and {name}_FILE are both set. Keep one of them.")
    if not path:
        return text(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise SettingError(f"{name}_FILE cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingError(f"{name}_FILE is no text. It must hold the secret alone, in UTF-8.") from None


def kept_secret(name: str, path: Path, make: Callable[[], str]) -> str:
    """The secret from the environment; else the one kept at `path`; else a new one, made and kept there (mode 600).

    So that an installation has keys of its own without a step by hand, and never a default one.
    """
    given = secret(name)
    if given:
        return given
    try:
        if path.exists():
            return path.read_text(encoding="utf-8").strip()
        made = make()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(made)
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is no text"
        raise SettingError(
            f"{path} cannot be used: {why}. UPBEAT_DATA_DIR must be a folder that Upbeat may write to."
        ) from None
    return made


_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def new_vapid_key(secret_key: str) -> str:
    """A private key on P-256 for notifications, as base64url of its 32 bytes.

    It follows from the secret key, so machines that are given the same one make the same; it is kept all the same, so
    that a new secret key does not silence the browsers that subscribed.
    """
    made = hashlib.sha512(f"upbeat/vapid/{secret_key}".encode()).digest()
    number = int.from_bytes(made, "big") % (_P256_ORDER - 1) + 1
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def vapid_key(name: str, value: str) -> str:
    """The key as it is kept, without padding."""
    bare = value.rstrip("=")
    try:
        number = int.from_bytes(base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)), "big")
    except (binascii.Error, ValueError):
        number = 0
    if len(bare) != 43 or not 0 < number < _P256_ORDER:
        raise SettingError(f"{name} must be a private key on P-256: base64url of its 32 bytes.")
    return bare


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `starttls`: encrypted after a first word in the clear; `tls`: from the first byte."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    tls: bool = False


def mail_server(name: str) -> MailServer | None:
    """The mail server that an address names: `smtp://user:password@host:587`, encrypted by STARTTLS unless
    `?starttls=0` says otherwise, or `smtps://…`. None where it is not set."""
    value = secret(name)
    if not value:
        return None
    right = SettingError(
        f"{name} must be like smtp://user:password@mail.example:587 or smtps://user:password@mail.example:465."
    )
    try:
        parts, port = urlsplit(value), urlsplit(value).port
    except ValueError:
        raise right from None
    known = parts.scheme in ("smtp", "smtps") and parts.hostname and port != 0
    if not known or parts.path.strip("/") or parts.fragment:
        raise right
    if bool(parts.username) != bool(parts.password):
        raise SettingError(f"{name} must have a user and a password, or neither.")
    starttls = _starttls(name, parts.query, tls=parts.scheme == "smtps")
    usual = 465 if parts.scheme == "smtps" else 587 if starttls else 25
    return MailServer(
        parts.hostname or "", port or usual, unquote(parts.username or ""), unquote(parts.password or ""),
        starttls, parts.scheme == "smtps",
    )  # fmt: skip


def _starttls(name: str, query: str, *, tls: bool) -> bool:
    if query not in ("", "starttls=1", "starttls=0"):
        raise SettingError(f"{name} may end in ?starttls=0 or ?starttls=1, and in nothing else.")
    if tls and query == "starttls=1":
        raise SettingError(f"{name}: smtps:// is encrypted from the first byte. Take ?starttls=1 away.")
    return not tls and query != "starttls=0"


def mail_address(name: str) -> str:
    """The address mail comes from, as `Upbeat <upbeat@music.example>` or bare; "" where it is not set."""
    value = text(name)
    address = parseaddr(value)[1] if value.isprintable() else ""
    before, at, domain = address.rpartition("@")
    if value and not (before and at and domain and " " not in address):
        raise SettingError(
            f"{name} must be an address like upbeat@music.example, or Upbeat <upbeat@music.example>."
        )
    return value
