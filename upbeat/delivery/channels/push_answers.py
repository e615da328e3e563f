"""What a push service's answers mean. Pure: an answer goes in, an outcome comes out.

Sources: RFC 8030 (5, 7.3 and 8.4), RFC 8292 (2 and 4.2); Mozilla's table of errors
(mozilla-services.github.io/autopush-rs/errors.html); for Apple, Google and Microsoft what their push services were
seen to answer. All of it as of 2026-11-23.

Every wait is one fan's. A push service is whatever address a browser names, so one that asks for a day may be one
that somebody made up; how long an honest one wants to be left alone is kept by host (`resting`).
"""

from dataclasses import replace
from datetime import timedelta

from upbeat.core.outcome import Outcome, Reach, done, later, refused
from upbeat.delivery.channels import ADDRESS_DEAD
from upbeat.providers.faults import fault
from upbeat.providers.http import Answer

LABEL = "The push service"
_OPERATOR_MENDS = timedelta(minutes=30)


def read(answer: Answer) -> Outcome:
    """The outcome of handing a message over."""
    if 200 <= answer.status < 300:
        return done(answer.status)
    trouble = fault(answer, LABEL)
    return replace(trouble, reach=Reach.FAN) if trouble else _refusal(answer.status)


def _refusal(status: int) -> Outcome:
    match status:
        case 404 | 410:
            return refused(ADDRESS_DEAD, "The browser has ended its subscription.", status=status)
        case 400 | 401 | 403:
            note = f"{LABEL} did not accept this installation's key or statement (UPBEAT_VAPID_KEY)."
            return later("app_refused", note, after=_OPERATOR_MENDS, status=status)
        case 413:
            return refused("too_large", f"{LABEL} found the message too large.", status=status)
    return refused("push_refused", f"{LABEL} answered {status}.", status=status)
