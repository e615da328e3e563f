"""Reminders by e-mail: each a letter, handed to the operator's mail server over a few connections."""

from datetime import timedelta

from django.conf import settings

from upbeat.core.channels import EMAIL
from upbeat.core.outcome import Outcome, Reach, Verdict, done, later, refused
from upbeat.delivery.aside import aside
from upbeat.delivery.channels import ADDRESS_DEAD, UNCONFIRMED, Message
from upbeat.delivery.channels.letters import reminder
from upbeat.delivery.mail import Fate, Letter, NotSent, may_send
from upbeat.delivery.post import ANSWER_SECONDS, Line
from upbeat.providers.base import Token

DOWN_FOR = timedelta(seconds=60)
"""How long nobody's mail is handed over after the server was not there, or did not want any."""
_MOST_SECONDS = 2 * ANSWER_SECONDS


class Email:
    """The channel. Its connections are kept open while there is mail, and each serves one letter at a time."""

    name = EMAIL
    at_once = 4
    repeats_safely = False

    def __init__(self) -> None:
        where = settings.MAIL_SERVER
        host = f"{where.host}:{where.port}" if where is not None else ""
        self.rate = self.max_rate = settings.MAIL_PER_HOUR / 3600
        # The operator's own rate is in the name, so that a new one holds at once.
        self.key = f"{EMAIL}/{settings.MAIL_PER_HOUR}/{host}"
        self._idle: list[Line] = []

    @staticmethod
    def usable() -> bool:
        return may_send() and bool(settings.MAIL_FROM)

    async def remind(self, address: Token, message: Message) -> Outcome:
        return await self.hand_over(reminder(address.reveal(), message))

    async def hand_over(self, letter: Letter) -> Outcome:
        """What became of a letter."""
        line = self._idle.pop() if self._idle else Line()
        try:
            await aside(lambda: line.hand_over(letter), _MOST_SECONDS)
        except TimeoutError:
            return refused(UNCONFIRMED, "The mail server did not answer. It may have taken the message.")
        except NotSent as problem:
            self._idle.append(line)
            return _outcome(problem)
        self._idle.append(line)
        return done()

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for line in idle:
            await aside(line.close, 2.0)


def _outcome(problem: NotSent) -> Outcome:
    note = str(problem)
    match problem.fate:
        case Fate.DOWN:
            return Outcome(
                Verdict.LATER, "mail_server_down", note, DOWN_FOR, asked_to_wait=True, reach=Reach.APP
            )
        case Fate.LATER:
            return later("mailbox_busy", note)
        case Fate.NO_MAILBOX:
            return refused(ADDRESS_DEAD, note)
        case Fate.REFUSED:
            return refused("mail_refused", note)
        case Fate.UNKNOWN:
            return refused(UNCONFIRMED, f"{note} It is not sent a second time.")
