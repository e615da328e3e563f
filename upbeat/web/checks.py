"""What an installation needs and whether it has it, in sentences. `upbeat check` shows them, `upbeat run` obeys."""

import os
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import DatabaseError, connection

from upbeat.campaigns.models import Cover
from upbeat.delivery.channels.push import Push
from upbeat.delivery.channels.vapid import contact
from upbeat.delivery.mail import NotSent, knock
from upbeat.env import SettingError
from upbeat.fans.sealing import SealError, open_seal, seal
from upbeat.web.findings import Finding, Level
from upbeat.web.service_checks import service_findings

__all__ = ["Finding", "Level", "findings", "forbidding"]


def findings(*, ask: bool = False) -> list[Finding]:
    """All of them, in the order a person would go through them. `ask`: servers elsewhere are asked as well."""
    found = [_address(), _data(), _secret_key(), _sealing(), _database(), *_covers(), _mail(ask=ask)]
    found.append(_notifications())
    found += service_findings(ask=ask)
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
        advice = (
            "Set UPBEAT_SMTP_URL and UPBEAT_MAIL_FROM: fans can be reminded, and the team is told at once."
        )
        return Finding(
            "Mail",
            Level.MISSING,
            "No reminders by e-mail, and alarms are shown in the dashboard alone.",
            advice,
        )
    if not settings.MAIL_FROM:
        return Finding(
            "Mail", Level.WRONG, "UPBEAT_MAIL_FROM is missing: mail needs an address to come from."
        )
    if server.password and not (server.tls or server.starttls or _is_local(server.host)):
        advice = "Take ?starttls=0 out of UPBEAT_SMTP_URL, or use smtps://."
        return Finding("Mail", Level.WRONG, "The mail password would travel in the clear.", advice)
    if not ask:
        return Finding("Mail", Level.GOOD, _goes_out(server.host))
    try:
        knock()
    except NotSent as problem:
        return Finding(
            "Mail",
            Level.MISSING,
            str(problem),
            "Reminders and alarms wait until it works: check UPBEAT_SMTP_URL.",
        )
    return Finding("Mail", Level.GOOD, f"{_goes_out(server.host)} It has just let us in.")


def _notifications() -> Finding:
    if not Push.usable():
        advice = "Put a TLS proxy in front and set UPBEAT_URL to the https address."
        return Finding("Notifications", Level.MISSING, "Browsers allow them to encrypted pages only.", advice)
    told = f"Fans may have their browser notify them. Push services learn who sends: {contact()}."
    return Finding("Notifications", Level.GOOD, told)


def _goes_out(host: str) -> str:
    return f"Reminders and alarms go out through {host}, {settings.MAIL_PER_HOUR:,} reminders an hour at the most."


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
