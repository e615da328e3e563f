"""`upbeat check`: what this installation can do, what is missing, and what to do about it."""

import argparse
import json
import shutil
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Weight(StrEnum):
    FINE = "fine"
    WARNING = "warning"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check: what about, how grave, what is so, and what to do."""

    about: str
    weight: Weight
    what: str
    do: str = ""


_FREE_BYTES = 500_000_000
_SIGNS = {Weight.FINE: "[green]✓[/]", Weight.WARNING: "[yellow]![/]", Weight.STOP: "[red]✗[/]"}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("check", help="say what is missing, and which redirect URI to register")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import django

    django.setup()
    found = findings()
    stopped = any(finding.weight is Weight.STOP for finding in found)
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        _print(found, stopped)
    return int(stopped)


def _print(found: list[Finding], stopped: bool) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for finding in found:
        console.print(f"{_SIGNS[finding.weight]} [bold]{finding.about}[/]  {finding.what}")
        if finding.do:
            console.print(f"  [dim]→[/] {finding.do}", soft_wrap=True)
    console.print("\nThis installation cannot run yet." if stopped else "\nThis installation can run.")


def findings() -> list[Finding]:
    """Everything worth saying, trouble included."""
    from upbeat.providers import registry

    return [_address(), _data(), _database(), *(_service(name) for name in registry.names())]


def redirect_uri(service: str) -> str:
    """What to register with the service, to the letter."""
    from django.conf import settings

    return f"{settings.PUBLIC_URL}/connect/{service}/callback"


def _address() -> Finding:
    from django.conf import settings

    if settings.SECURE:
        return Finding("Address", Weight.FINE, settings.PUBLIC_URL)
    if settings.PUBLIC_URL.startswith(("http://127.0.0.1", "http://[::1]")):
        return Finding(
            "Address", Weight.WARNING, f"{settings.PUBLIC_URL} is only seen by this machine.",
            "For fans, set UPBEAT_URL to the https address of your page.",
        )  # fmt: skip
    return Finding(
        "Address", Weight.STOP, f"{settings.PUBLIC_URL} is not safe: services refuse it, and cookies need https.",
        "Set UPBEAT_URL to an https address, or to http://127.0.0.1:8000 to try things out.",
    )  # fmt: skip


def _data() -> Finding:
    from django.conf import settings

    try:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError as problem:
        return Finding(
            "Data", Weight.STOP, f"{settings.DATA_DIR} cannot be used: {problem.strerror}.",
            "Set UPBEAT_DATA_DIR to a folder that Upbeat may write to.",
        )  # fmt: skip
    if free < _FREE_BYTES:
        return Finding(
            "Data", Weight.WARNING, f"{settings.DATA_DIR} has {free // 1_000_000} MB left.", "Make room."
        )
    return Finding("Data", Weight.FINE, str(settings.DATA_DIR))


def _database() -> Finding:
    from django.conf import settings
    from django.db import DatabaseError, connection

    name = "SQLite, in the data folder" if settings.EMBEDDED else "PostgreSQL"
    try:
        connection.ensure_connection()
    except DatabaseError:
        return Finding("Database", Weight.STOP, f"{name} does not answer.", "Look at UPBEAT_DATABASE_URL.")
    return Finding("Database", Weight.FINE, name)


def _service(name: str) -> Finding:
    from django.conf import settings

    from upbeat.providers import registry

    label, has = registry.label(name), settings.SERVICES[name]
    start = f"UPBEAT_{name.upper()}"
    register = f"Redirect URI to register with {label}, to the letter: {redirect_uri(name)}"
    missing = [key for key, value in _credential(has).items() if not value]
    if len(missing) == 2:
        return Finding(
            label, Weight.WARNING, "no app: fans cannot pre-save here, the page can still link to it.",
            f"Set {start}_CLIENT_ID and {start}_CLIENT_SECRET. {register}",
        )  # fmt: skip
    if missing:
        return Finding(
            label,
            Weight.STOP,
            f"{start}_{missing[0]} is missing.",
            f"Set it, or take the other one away. {register}",
        )
    played = " (played by the sandbox)" if settings.SANDBOX else ""
    return Finding(label, Weight.FINE, f"an app is set up{played}.", register)


def _credential(has: Any) -> dict[str, str]:
    return {"CLIENT_ID": has.client_id, "CLIENT_SECRET": has.client_secret.reveal()}
