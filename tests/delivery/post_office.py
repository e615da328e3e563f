"""A real SMTP server in the test process, with a certificate of its own making."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from upbeat.env import MailServer

USER, PASSWORD = "upbeat", "a ferry at midnight"


@dataclass
class PostOffice:
    """What it took, and what it is to answer: to RCPT and to DATA, in this order, then 250; and to some addresses."""

    where: MailServer
    certificate: Path
    taken: list[tuple[str, Message]] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    hang_up_after_data: int = 0
    """It takes the letter and hangs up without a word."""
    drop_after_data: int = 0
    """It hangs up without a word and has not taken it."""
    letters_a_connection: int = 0
    """Then it closes the line (0: never)."""
    seconds: float = 0.0
    """How long it takes over a letter."""
    peers: set[Any] = field(default_factory=set)

    @property
    def connections(self) -> int:
        """How many were opened."""
        return len(self.peers)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.peers.add(session.peer)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        said = getattr(session, "letters", 0)
        if self.letters_a_connection and said >= self.letters_a_connection:
            return "421 4.7.0 Too many messages on this connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        said = self.refuse.get(address) or (self.rcpt.pop(0) if self.rcpt else "250 OK")
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data:
            return self.data.pop(0)
        await asyncio.sleep(self.seconds)
        if self.drop_after_data:
            self.drop_after_data -= 1
            assert server.transport
            server.transport.abort()
            return "250 Never heard"
        session.letters = getattr(session, "letters", 0) + 1  # type: ignore[attr-defined]
        self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.original_content or b"")))
        if self.hang_up_after_data:
            self.hang_up_after_data -= 1
            assert server.transport
            server.transport.abort()
        return "250 Taken"

    def text(self, number: int = -1) -> str:
        payload = self.taken[number][1].get_payload(decode=True)
        assert isinstance(payload, bytes)
        return payload.decode().replace("\r\n", "\n")


def body_of(letter: Message) -> str:
    """Its plain text."""
    return _part(letter, "text/plain")


def html_of(letter: Message) -> str:
    return _part(letter, "text/html")


def _part(letter: Message, kind: str) -> str:
    part = next(one for one in letter.walk() if one.get_content_type() == kind)
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


def smtp_url(office: PostOffice) -> str:
    """The setting that leads to it."""
    scheme = "smtps" if office.where.tls else "smtp"
    end = "" if office.where.tls or office.where.starttls else "?starttls=0"
    return f"{scheme}://{USER}:{quote(PASSWORD)}@127.0.0.1:{office.where.port}{end}"


@contextmanager
def post_office(folder: Path, *, tls: bool = False, starttls: bool = False) -> Iterator[PostOffice]:
    """Open it on a free port of this machine."""
    certificate = _certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, folder / "key.pem")
    office = PostOffice(MailServer("127.0.0.1", 0, USER, PASSWORD, starttls, tls), certificate)
    controller = _Controller(
        office,
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if tls else None,
        tls_context=context if starttls else None,
        authenticator=_let_in,
        auth_required=tls or starttls,
        auth_require_tls=starttls,
        server_hostname="post.example",
    )
    controller.start()
    try:
        office.where = replace(office.where, port=controller.port)
        yield office
    finally:
        controller.stop()


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """The port is the one it was given."""
        assert self.server
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _let_in(server: SMTP, session: Session, envelope: Envelope, way: str, said: object) -> AuthResult:
    right = isinstance(said, LoginPassword) and (said.login, said.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


def _certificate(folder: Path) -> Path:
    """For 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "post.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "certificate.pem"
