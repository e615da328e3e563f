"""Handing a letter to the mail server, and what is wrong when that does not work, in words without an address."""

import smtplib
import ssl
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

SECONDS = 10.0
"""How long the server may take for one answer."""
MOST_SECONDS = 45.0
"""And for all of them."""
_REFUSED_FOR_GOOD = 500
_TROUBLES: tuple[tuple[type[Exception], str], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        "The mail server does not accept the user and password in UPBEAT_SMTP_URL.",
    ),
    (
        smtplib.SMTPNotSupportedError,
        "The mail server does not offer what UPBEAT_SMTP_URL asks for: encryption or signing in.",
    ),
    (TimeoutError, "The mail server took too long to answer."),
    (
        ssl.SSLError,
        "The mail server did not answer in TLS: is it smtps:// with port 465, or smtp:// with 587?",
    ),
    (smtplib.SMTPServerDisconnected, "The mail server closed the connection."),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. `id` makes its Message-ID: the same letter sent twice has the same."""

    to: str
    subject: str
    text: str
    id: str


class NotSent(Exception):  # noqa: N818 - most often it is sent a little later
    """The letter was not taken, or nobody knows. The message says why, and holds no address.

    `for_good`: the server does not know this mailbox, and will not know it later.
    """

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


def may_send() -> bool:
    """Whether this installation has a mail server."""
    return settings.MAIL_SERVER is not None


def send(letter: Letter) -> None:
    """Hand it over. Raises `NotSent`. Waits for the server, so not on an event loop."""
    host = settings.PUBLIC_URL.split("://", 1)[-1].split(":")[0]
    headers = {"Message-ID": f"<{letter.id}@{host}>", "Auto-Submitted": "auto-generated"}
    subject = " ".join(letter.subject.split())[:200]
    message = EmailMessage(subject, letter.text, settings.MAIL_FROM, [letter.to], headers=headers)
    try:
        _server().send_messages([message])
    except (smtplib.SMTPException, OSError) as problem:
        raise NotSent(_why(problem), for_good=_for_good(problem)) from None


def knock() -> None:
    """Connect, encrypt and sign in as `send` would, and say nothing. Raises `NotSent`."""
    server = _server()
    try:
        server.open()
        code = server.connection.noop()[0] if server.connection else 0
    except (smtplib.SMTPException, OSError) as problem:
        raise NotSent(_why(problem)) from None
    finally:
        server.close()
    if code >= 400:
        raise NotSent(f"The mail server answered {code}.")


def _server() -> EmailBackend:
    where = settings.MAIL_SERVER
    if where is None:
        raise NotSent("No mail server is set.")
    return EmailBackend(
        host=where.host,
        port=where.port,
        username=where.user,
        password=where.password,
        use_tls=where.starttls,
        use_ssl=where.tls,
        timeout=SECONDS,
    )


def _for_good(problem: Exception) -> bool:
    if not isinstance(problem, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= _REFUSED_FOR_GOOD for code, _ in problem.recipients.values())


def _why(problem: Exception) -> str:
    """What the server said stays with it: it may repeat the address."""
    match problem:
        case ssl.SSLCertVerificationError():
            return f"The mail server's certificate is not trusted: {problem.verify_message}."
        case smtplib.SMTPRecipientsRefused():
            codes = sorted({code for code, _ in problem.recipients.values()})
            return f"The mail server does not take mail for this mailbox ({codes[0]})."
    for kind, sentence in _TROUBLES:
        if isinstance(problem, kind):
            return sentence
    code = getattr(problem, "smtp_code", 0)
    return f"The mail server answered {code}." if code else "The mail server could not be reached."
