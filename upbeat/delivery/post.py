"""Handing letters to the mail server: many over one connection, and of each it is known what became of it.

A letter is the server's from the moment it has answered 250 to the end of the text. Before that end was sent nothing
has happened; between the two nobody knows (`Fate.UNKNOWN`).
"""

import re
import smtplib
import time
from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.core.mail.message import sanitize_address

from upbeat.delivery.mail import Fate, Letter, NotSent, open_server, why

ANSWER_SECONDS = 60.0
"""How long the server may take to answer to the whole text: to give up sooner would be to not know."""
_IDLE_SECONDS = 15.0
"""A connection that was not used for so long may be gone: a new one is opened."""
_CLOSING = 421
_DOT = re.compile(rb"(?m)^\.")
_NO_MAILBOX = re.compile(r"5\.1\.\d")
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def send(letter: Letter) -> None:
    """Hand one letter over. Raises `NotSent`. Waits for the server, so not on an event loop."""
    line = Line()
    try:
        line.hand_over(letter)
    finally:
        line.close()


class Line:
    """A connection to the mail server, opened when it is needed. For one thread at a time."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None
        self._used_at = 0.0

    def hand_over(self, letter: Letter) -> None:
        """Raises `NotSent`. A connection that the server has closed meanwhile is opened again: nothing was said."""
        text = _DOT.sub(b"..", letter.as_bytes())
        if time.monotonic() - self._used_at > _IDLE_SECONDS:
            self.close()
        try:
            server = self._greeted(letter) if self._server is None else self._greeted_again(letter)
        except (smtplib.SMTPException, OSError) as problem:
            self.close()
            raise NotSent(why(problem)) from None
        self._finish(server, text)
        self._used_at = time.monotonic()

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    def _greeted_again(self, letter: Letter) -> smtplib.SMTP:
        """The same over a connection that was used before: if the server has had enough of it, over a new one."""
        try:
            return self._greeted(letter, reused=True)
        except (smtplib.SMTPException, OSError):
            self.close()
        return self._greeted(letter)

    def _greeted(self, letter: Letter, *, reused: bool = False) -> smtplib.SMTP:
        """The server, ready for the text of the letter."""
        server = self._server = self._server or open_server()
        sender = sanitize_address(settings.MAIL_FROM, "utf-8")
        options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
        said = server.mail(parseaddr(sender)[1], options)
        if said[0] == _CLOSING and reused:
            raise smtplib.SMTPServerDisconnected
        self._expect(said, Fate.DOWN, Fate.DOWN)
        said = server.rcpt(sanitize_address(letter.to, "utf-8"))
        self._expect(said, Fate.LATER, _refusal(*said), "this mailbox")
        self._expect(server.docmd("DATA"), Fate.LATER, Fate.REFUSED)
        return server

    def _finish(self, server: smtplib.SMTP, text: bytes) -> None:
        try:
            if server.sock is not None:
                server.sock.settimeout(ANSWER_SECONDS)
            # In one piece: a second one would wait until the first is acknowledged, 40 ms for each letter (RFC 896).
            server.send((text if text.endswith(b"\r\n") else text + b"\r\n") + b".\r\n")
            said = server.getreply()
            if server.sock is not None:
                server.sock.settimeout(server.timeout)
        except (smtplib.SMTPException, OSError) as problem:
            self.close()
            raise NotSent(f"{why(problem)} It may have taken the letter.", Fate.UNKNOWN) from None
        if said[0] < 200:
            self.close()
            raise NotSent("The mail server answered in no words we know.", Fate.UNKNOWN)
        self._expect(said, Fate.LATER, Fate.REFUSED)

    def _expect(self, said: tuple[int, bytes], later: Fate, never: Fate, what: str = "the letter") -> None:
        """Raise what an answer means that does not let us go on; the next letter begins anew."""
        code = said[0]
        if 200 <= code < 400:
            return
        self._start_over(code)
        if code == _CLOSING:
            raise NotSent("The mail server asked us to come back later (421).", Fate.DOWN)
        fate = later if code < 500 else never
        if fate is Fate.DOWN:
            raise NotSent(f"The mail server does not take mail from UPBEAT_MAIL_FROM now ({code}).", fate)
        raise NotSent(f"The mail server does not take {what} ({code}).", fate)

    def _start_over(self, code: int) -> None:
        if code == _CLOSING or self._server is None:
            return self.close()
        try:
            self._server.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


def _refusal(code: int, words: bytes) -> Fate:
    """Whether a 5xx to a mailbox says that it does not exist, or that it does not want this (policy, full)."""
    enhanced = _ENHANCED.search(words.decode("ascii", "replace"))
    if enhanced is not None:
        return Fate.NO_MAILBOX if _NO_MAILBOX.match(enhanced[0]) else Fate.REFUSED
    return Fate.NO_MAILBOX if code in (550, 551, 553) else Fate.REFUSED
