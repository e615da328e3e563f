"""One pre-flight: every check at the same time, each with its own patience, and what becomes of the lines."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from django.db import transaction

from upbeat.core.preflight import Level, Line, alarming, trouble_first, worst
from upbeat.delivery.alarms import Kind, end_alarm, raise_alarm
from upbeat.delivery.models import Alarm, PreFlight
from upbeat.delivery.preflight import grants, house, post
from upbeat.delivery.preflight.service_lines import no_answer, services
from upbeat.delivery.preflight.subject import Subject, read
from upbeat.delivery.preflight.tidy import tidy
from upbeat.delivery.threads import beside

logger = logging.getLogger(__name__)

SECONDS = 8.0
"""How long a check may take: a service that says nothing is a line, not a pre-flight that never ends."""
MOST_SECONDS = 60.0
"""And one of our own database, with millions of fans in it."""
_IN_THE_DATABASE = (
    grants.permissions,
    grants.seals,
    house.limits,
    post.takes,
    house.workers,
    house.queue,
    house.database,
)

Clock = Callable[[], datetime]


async def run(pre_flight_id: int, *, now: Clock, wall: Clock) -> None:
    """Make it. `wall` is the machine's clock, which services live by. Made again it changes nothing."""
    subject = await beside(_subject, pre_flight_id, now(), wall())
    lines = [] if subject is None else await look(subject)
    await beside(_keep, pre_flight_id, lines, now())


async def look(subject: Subject) -> list[Line]:
    """All lines, trouble first."""
    asked = [_patiently(services(subject, one), partial(no_answer, one)) for one in subject.services]
    ours = [
        _patiently(beside(check, subject), partial(_unknown, check.__name__), MOST_SECONDS)
        for check in _IN_THE_DATABASE
    ]
    outside = [
        _patiently(check(subject), partial(_unknown, check.__name__)) for check in (house.disk, post.post)
    ]
    found = await asyncio.gather(*asked, *ours, *outside)
    lines = [line for lines in found for line in lines]
    return trouble_first(tidy([*lines, *house.clock(subject)], subject))


async def _patiently(
    check: Awaitable[list[Line]], otherwise: Callable[[], list[Line]], seconds: float | None = None
) -> list[Line]:
    try:
        return await asyncio.wait_for(check, seconds or SECONDS)
    except TimeoutError:
        return otherwise()
    except Exception:
        logger.exception("A check before a release failed")
        return otherwise()


def _unknown(check: str) -> list[Line]:
    return [
        Line(
            check, Level.WARNING, f"We could not look at this: {check}",
            "It took too long, or failed; the log says more.", "Check again in a few minutes.",
        )
    ]  # fmt: skip


def _subject(pre_flight_id: int, now: datetime, wall: datetime) -> Subject | None:
    row = PreFlight.objects.select_related("campaign__release__artist__team")
    found = row.filter(pk=pre_flight_id, worst="").first()
    return None if found is None else read(found.campaign, now, wall)


@transaction.atomic
def _keep(pre_flight_id: int, lines: list[Line], now: datetime) -> None:
    row = PreFlight.objects.select_for_update().filter(pk=pre_flight_id, worst="").first()
    if row is None:
        return
    before = _before(row)
    row.lines, row.worst, row.at = [line.as_json() for line in lines], worst(lines).value, now
    row.save(update_fields=["lines", "worst", "at"])
    told = alarming(lines, before)
    if told:
        raise_alarm(row.campaign, Kind.PREFLIGHT, sentence(told), now)
    else:
        end_alarm(row.campaign, Kind.PREFLIGHT, now)


def sentence(told: list[Line]) -> str:
    """What an alarm says of these lines."""
    if len(told) == 1:
        return f"{told[0].what}. {told[0].sentence}"
    return f"{len(told)} things need you before the release: {'; '.join(line.what for line in told)}."


def _before(row: PreFlight) -> list[Line]:
    """The lines to compare with: of the last one, or of the last one before the alarm that is still open."""
    earlier = PreFlight.objects.filter(campaign=row.campaign).exclude(worst="").order_by("-at", "-id")
    alarm = Alarm.objects.filter(campaign=row.campaign, kind=Kind.PREFLIGHT, ended_at=None).first()
    if alarm is not None:
        earlier = earlier.filter(at__lt=alarm.raised_at)
    last = earlier.first()
    return [] if last is None else [Line.from_json(line) for line in last.lines]
