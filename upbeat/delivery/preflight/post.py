"""Mail: whether the server lets us in, and how long the reminders take at the operator's rate."""

from functools import partial

from django.conf import settings

from upbeat.core.channels import EMAIL
from upbeat.core.preflight import Level, Line
from upbeat.delivery import mail
from upbeat.delivery.aside import aside
from upbeat.delivery.pace import time_left
from upbeat.delivery.preflight.subject import Subject
from upbeat.delivery.preflight.wording import figures, span

_LONG_SECONDS = 3600.0


async def post(subject: Subject) -> list[Line]:
    """One line. What only a missing alarm would show is a warning; with reminders to send it is more."""
    waiting = reminders(subject)
    level = Level.STOP if waiting else Level.WARNING
    told = f"{_many(waiting)} cannot go out. " if waiting else ""
    if not mail.may_send():
        return [
            Line(
                "mail", level, "No mail server", f"{told}Alarms are shown here alone.",
                "Set UPBEAT_SMTP_URL and UPBEAT_MAIL_FROM, and the team is told at once.",
            )
        ]  # fmt: skip
    try:
        await aside(partial(mail.knock), 7)
    except (mail.NotSent, TimeoutError) as problem:
        why = str(problem) or "The mail server took too long to answer."
        return [Line("mail", level, "Mail does not work", f"{told}{why}", "Check UPBEAT_SMTP_URL.")]
    return [Line("mail", Level.FINE, "Mail", "the server has let us in")]


def takes(subject: Subject) -> list[Line]:
    """How long the reminders by e-mail take, where there are any."""
    paces = time_left(subject.campaign, subject.now, subject.wall.timestamp(), subject.found)
    mine = next((one for one in paces if one.service == EMAIL), None)
    if mine is None:
        return []
    seconds, rate = mine.seconds - mine.waits, figures(settings.MAIL_PER_HOUR)
    if seconds <= _LONG_SECONDS:
        return [
            Line(
                "mail_time",
                Level.FINE,
                "E-mail",
                f"{_many(mine.open)} in about {span(seconds)}",
                service=EMAIL,
            )
        ]
    return [
        Line(
            "mail_time", Level.WARNING, f"E-mail will take {span(seconds)}",
            f"{_many(mine.open)} at {rate} letters an hour.",
            "If your mail server allows more, raise UPBEAT_MAIL_PER_HOUR.", EMAIL,
        )
    ]  # fmt: skip


def reminders(subject: Subject) -> int:
    """How many wait for a reminder by e-mail."""
    found = subject.found.services.get(EMAIL)
    return found.fans.queued if found is not None else 0


def _many(number: int) -> str:
    return f"{figures(number)} reminder{'s' * (number != 1)}"
