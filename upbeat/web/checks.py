"""What an installation needs and whether it has it, in sentences. `upbeat check` shows them, `upbeat run` obeys."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import DatabaseError, connection

from upbeat.campaigns.models import Cover
from upbeat.delivery.mail import NotSent, knock
from upbeat.env import SettingError
from upbeat.fans.sealing import SealError, open_seal, seal
from upbeat.providers.base import Asks
from upbeat.providers.registry import ServiceSettings, capabilities, credential, defaults, label, mistake
from upbeat.web.connect.speakers import redirect_uri


class Level(StrEnum):
    GOOD = "good"
    MISSING = "missing"
    """Runs, but something is not offered."""
    WRONG = "wrong"
    """Must not run like this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is, how it is, and what would be right."""

    what: str
    level: Level
    sentence: str
    advice: str = ""


def findings(*, ask: bool = False) -> list[Finding]:
    """All of them, in the order a person would go through them. `ask`: servers elsewhere are asked as well."""
    found = [_address(), _data(), _secret_key(), _sealing(), _database(), *_covers(), _mail(ask=ask)]
    for service in settings.SERVICES:
        found += _service(service)
    if settings.SANDBOX:
        found.append(
            Finding("Sandbox", Level.GOOD, "Sandbox mode is on, and every page says so. No music moves.")
        )
    return found


def forbidding() -> list[str]:
    """Why this installation must not start, in sentences; empty if it may."""
    return [
        f"{one.what}: {one.sentence} {one.advice}".strip() for one in findings() if one.level is Level.WRONG
    ]


def _address() -> Finding:
    what, url = "Address", urlsplit(settings.PUBLIC_URL)
    if (
        url.scheme not in ("http", "https")
        or not url.hostname
        or url.path
        or url.query
        or not _has_a_port(url)
    ):
        right = "It must be the whole public origin and nothing more, like https://music.example."
        return Finding(what, Level.WRONG, f"UPBEAT_URL is {settings.PUBLIC_URL}.", right)
    if url.scheme == "http" and not _is_local(url.hostname):
        advice = "Put a TLS proxy in front and set UPBEAT_URL to the https address."
        return Finding(
            what, Level.WRONG, f"{settings.PUBLIC_URL} is not encrypted, and fans give permissions.", advice
        )
    return Finding(what, Level.GOOD, f"Fans find this installation at {settings.PUBLIC_URL}.")


def _has_a_port(url: SplitResult) -> bool:
    """Whether the port is one, or left to the scheme."""
    try:
        return url.port != 0
    except ValueError:
        return False


def _data() -> Finding:
    folder = settings.DATA_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        usable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if not usable:
        advice = "Make it writable for the user that runs Upbeat, or choose another one with UPBEAT_DATA_DIR."
        return Finding("Data", Level.WRONG, f"{folder} cannot be written to.", advice)
    return Finding("Data", Level.GOOD, f"Covers, keys and (on SQLite) the database lie in {folder}.")


def _secret_key() -> Finding:
    if len(settings.SECRET_KEY) < 32 or len(set(settings.SECRET_KEY)) < 8:
        advice = "Leave UPBEAT_SECRET_KEY unset and Upbeat makes one, or set 50 random signs."
        return Finding("Secret key", Level.WRONG, "UPBEAT_SECRET_KEY is too short or too simple.", advice)
    return Finding(
        "Secret key", Level.GOOD, "Sessions and receipts are signed with a key of this installation."
    )


def _sealing() -> Finding:
    try:
        open_seal(seal("a test", context="check"), context="check")
    except (SettingError, SealError) as problem:
        return Finding("Sealing", Level.WRONG, str(problem))
    return Finding("Sealing", Level.GOOD, "Fans' permissions and addresses are sealed in the database.")


def _database() -> Finding:
    kind = "SQLite, in one process" if settings.EMBEDDED else "PostgreSQL"
    try:
        connection.ensure_connection()
    except DatabaseError as problem:
        advice = "Check UPBEAT_DATABASE_URL and that the server is up."
        return Finding("Database", Level.WRONG, f"{kind} does not answer: {type(problem).__name__}.", advice)
    return Finding("Database", Level.GOOD, f"{kind}.")


def _covers() -> Iterator[Finding]:
    """Nothing where they are there, or where there are none: on one machine they always are."""
    try:
        newest = Cover.objects.order_by("-id").first()
    except DatabaseError:  # no tables yet
        return
    if newest is not None and not (settings.MEDIA_ROOT / newest.path(480)).exists():
        yield Finding(
            "Covers",
            Level.MISSING,
            f"Covers are not in {settings.MEDIA_ROOT}, so pages on this machine show none.",
            "Share that folder with the machine where they were uploaded. A machine with a worker alone needs none.",
        )


def _mail(*, ask: bool) -> Finding:
    server = settings.MAIL_SERVER
    if server is None:
        advice = "Set UPBEAT_SMTP_URL and UPBEAT_MAIL_FROM, and the team is told at once."
        return Finding("Mail", Level.MISSING, "Alarms are shown in the dashboard alone.", advice)
    if not settings.MAIL_FROM:
        return Finding(
            "Mail", Level.WRONG, "UPBEAT_MAIL_FROM is missing: mail needs an address to come from."
        )
    if server.password and not (server.tls or server.starttls or _is_local(server.host)):
        advice = "Take ?starttls=0 out of UPBEAT_SMTP_URL, or use smtps://."
        return Finding("Mail", Level.WRONG, "The mail password would travel in the clear.", advice)
    if not ask:
        return Finding("Mail", Level.GOOD, f"Alarms go out through {server.host}.")
    try:
        knock()
    except NotSent as problem:
        return Finding(
            "Mail", Level.MISSING, str(problem), "Alarms wait until it works: check UPBEAT_SMTP_URL."
        )
    return Finding("Mail", Level.GOOD, f"Alarms go out through {server.host}, which has just let us in.")


def _service(service: str) -> Iterator[Finding]:
    has, what, start = settings.SERVICES[service], label(service), f"UPBEAT_{service.upper()}"
    away = [url for url in _addresses(has) if not _is_its_own(service, url)]
    if away and not settings.SANDBOX:
        yield Finding(
            what,
            Level.WRONG,
            f"{away[0]} is not {what} but a sandbox or somebody else.",
            f"Set UPBEAT_SANDBOX=1 if it is meant (every page then says so), or unset {start}_*_URL.",
        )
        return
    register, absent = _to_register(service), _absent(service, has)
    if not any((has.client_id, has.key_id, has.client_secret.reveal())):
        names = " and ".join((f"{start}_{absent[0]}", *(f"_{name}" for name in absent[1:])))
        yield Finding(what, Level.MISSING, f"No pre-saves on {what}: {names} are not set.", register)
    elif absent:
        other = " (or _FILE)" if absent[0] == credential(service).secret else ""
        yield Finding(what, Level.WRONG, f"{start}_{absent[0]}{other} is missing.", register)
    elif wrong := mistake(service, has):
        yield Finding(what, Level.WRONG, wrong, f"Look at {start}_*.")
    else:
        where = f" (sandbox at {urlsplit(has.api_url).netloc})" if away else ""
        yield Finding(what, Level.GOOD, f"Pre-saves are offered{where}.", register)


def _absent(service: str, has: ServiceSettings) -> list[str]:
    """The settings of a credential that are not there, by the end of their names."""
    called = credential(service)
    needed = {called.id: has.client_id, called.secret: has.client_secret.reveal()}
    if called.key_id:
        needed[called.key_id] = has.key_id
    return [name for name, value in needed.items() if not value]


def _to_register(service: str) -> str:
    """What has to be registered at the service; empty where that is nothing."""
    if capabilities(service).asks is Asks.MUSICKIT:
        return ""
    return f"Redirect URI to register there: {redirect_uri(service)}"


def _addresses(has: ServiceSettings) -> list[str]:
    return [url for url in (has.api_url, has.authorize_url, has.token_url, has.musickit_url) if url]


def _is_its_own(service: str, url: str) -> bool:
    """Whether an address is the service's own, by host and scheme."""
    hosts = {urlsplit(one).hostname for one in _addresses(defaults(service))}
    return urlsplit(url).scheme == "https" and urlsplit(url).hostname in hosts


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
