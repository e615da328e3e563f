"""Letters, and what may become of one that is handed to the mail server, in words without an address."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

SECONDS = 10.0
"""How long the server may take for one answer."""
MOST_SECONDS = 45.0
"""And for all of them, where whoever waits would rather send the letter again."""
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

    to: str = field(repr=False)
    subject: str
    text: str
    id: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        """As it goes over the wire. What a release is called cannot make a header: line breaks become spaces."""
        host = settings.PUBLIC_URL.split("://", 1)[-1].split(":")[0]
        headers = {"Message-ID": f"<{self.id}@{host}>", "Auto-Submitted": "auto-generated", **self.headers}
        subject = " ".join(self.subject.split())[:200]
        mail = EmailMultiAlternatives(subject, self.text, settings.MAIL_FROM, [self.to], headers=headers)
        if self.html:
            mail.attach_alternative(self.html, "text/html")
        return mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]


class Fate(Enum):
    """What is known of a letter that was not taken."""

    LATER = auto()
    """Not now: this mailbox is to be asked again (greylisting, a full disk there)."""
    DOWN = auto()
    """Not now, and nobody else's either: the server cannot be reached, does not let us in, or has had enough of us."""
    REFUSED = auto()
    """The server does not want this letter, and will not want it later."""
    NO_MAILBOX = auto()
    """There is no such mailbox, and there will be none later."""
    UNKNOWN = auto()
    """All of it was sent and no answer came: it may have been taken."""


class NotSent(Exception):  # noqa: N818 - most often it is sent a little later
    """The letter was not taken, or nobody knows. The message says why, and holds no address."""

    def __init__(self, why: str, fate: Fate = Fate.DOWN) -> None:
        super().__init__(why)
        self.fate = fate

    @property
    def for_good(self) -> bool:
        """Whether the server does not know this mailbox, and will not know it later."""
        return self.fate is Fate.NO_MAILBOX


def may_send() -> bool:
    """Whether this installation has a mail server."""
    return settings.MAIL_SERVER is not None


def knock() -> None:
    """Connect, encrypt and sign in as a letter would, and say nothing. Raises `NotSent`."""
    server = open_server()
    try:
        code = server.noop()[0]
    except (smtplib.SMTPException, OSError) as problem:
        raise NotSent(why(problem)) from None
    finally:
        server.close()
    if code >= 400:
        raise NotSent(f"The mail server answered {code}.")


def open_server() -> smtplib.SMTP:
    """A connection, encrypted and signed in as the setting says. Raises `NotSent`."""
    where = settings.MAIL_SERVER
    if where is None:
        raise NotSent("No mail server is set.")
    backend = EmailBackend(
        host=where.host,
        port=where.port,
        username=where.user,
        password=where.password,
        use_tls=where.starttls,
        use_ssl=where.tls,
        timeout=SECONDS,
    )
    try:
        backend.open()
        assert backend.connection is not None
        server: smtplib.SMTP = backend.connection
        server.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError) as problem:
        raise NotSent(why(problem)) from None
    return server


def why(problem: Exception) -> str:
    """What the server said stays with it: it may repeat the address."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"The mail server's certificate is not trusted: {problem.verify_message}."
    for kind, sentence in _TROUBLES:
        if isinstance(problem, kind):
            return sentence
    code = getattr(problem, "smtp_code", 0)
    return f"The mail server answered {code}." if code else "The mail server could not be reached."
