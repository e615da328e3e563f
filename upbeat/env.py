"""Typed readers of environment variables. A secret may also stand in a file named by `<NAME>_FILE`."""

import os
from collections.abc import Callable
from pathlib import Path


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


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise SettingError(f"{name} must be a whole number.") from None


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
