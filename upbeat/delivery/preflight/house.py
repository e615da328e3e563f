"""Our own side: the limits and how long they let it take, workers, queue, database, disk, clock and mail."""

import shutil
import time
from datetime import timedelta

from django.conf import settings
from django.db import connection

from upbeat.core.channels import EMAIL
from upbeat.core.hosts import label_of
from upbeat.core.preflight import Level, Line
from upbeat.core.retry import PATIENCE
from upbeat.delivery.aside import aside
from upbeat.delivery.budget import budget_of
from upbeat.delivery.living import late_jobs, living_workers
from upbeat.delivery.models import PreFlight
from upbeat.delivery.pace import ServicePace, time_left
from upbeat.delivery.preflight.subject import Subject
from upbeat.delivery.preflight.wording import fans, figures, listed, size, span
from upbeat.delivery.speaker import speaker

_LONG = timedelta(hours=12)
_LATE = timedelta(minutes=5)
_SLOW_SECONDS = 1.0
_LEAST_FREE, _ENOUGH_FREE = 200_000_000, 1_000_000_000
_BYTES_A_FAN = 4_000
"""What a fan's deliveries and the record of their tries take, with room to spare."""
_OFF_SECONDS, _FAR_OFF_SECONDS = 2.0, 30.0


def limits(subject: Subject) -> list[Line]:
    """How long everybody takes at the pace the services allow; of mail another line tells (`post.takes`)."""
    left = time_left(subject.campaign, subject.now, subject.wall.timestamp(), subject.found)
    paces = [one for one in left if one.service != EMAIL]
    lines = []
    for pace in paces:
        seconds, name = pace.seconds - pace.waits, label_of(pace.service)
        if seconds > _LONG.total_seconds():
            level = Level.STOP if seconds > PATIENCE.total_seconds() else Level.WARNING
            how, advice = _pace_in_words(subject, pace)
            lines.append(
                Line("limits", level, f"{name} will take {span(seconds)}", how, advice, pace.service)
            )
    if lines or not paces:
        return lines
    longest = max(pace.seconds - pace.waits for pace in paces)
    return [Line("limits", Level.FINE, "Rate limits", f"everyone is served within about {span(longest)}")]


def _pace_in_words(subject: Subject, pace: ServicePace) -> tuple[str, str]:
    """What sets the pace, and what could be done about it."""
    name = label_of(pace.service)
    budget = budget_of(pace.service, subject.opens_at)
    if budget is None:
        how = f"{figures(pace.open)} actions at the pace the service allows this installation."
        return how, f"Ask {name} for a higher limit, or tell fans that it takes a while."
    waiting = subject.found.services[pace.service].fans.queued
    how = (
        f"{fans(waiting)} wait{'s' * (waiting == 1)}, and {name} lets us serve about {budget.purse.fans_a_day} a day. "
        "Saves go first, then follows and playlists."
    )
    setting = f"UPBEAT_{pace.service.upper()}_UNITS_A_DAY"
    return how, f"Tell fans that it takes a while. With a larger quota from {name}, set {setting}."


def workers(_subject: Subject) -> list[Line]:
    number = living_workers()
    if number == 0:
        return [no_worker()]
    return [Line("workers", Level.FINE, f"{number} worker{'s' * (number != 1)}")]


def no_worker() -> Line:
    return Line(
        "workers", Level.STOP, "No worker is running", "Nothing is delivered until one runs.",
        "Start it: `upbeat run`, or `upbeat worker` where the worker is a process of its own.",
    )  # fmt: skip


def queue(subject: Subject) -> list[Line]:
    late = late_jobs(subject.now - _LATE)
    if not late:
        return [Line("queue", Level.FINE, "Queue")]
    jobs = f"{figures(late)} job{'s' * (late != 1)}"
    return [
        Line(
            "queue", Level.WARNING, "The queue is behind", f"{jobs} should have begun five minutes ago or earlier.",
            "Look into the worker's log, or start another worker.",
        )
    ]  # fmt: skip


def database(subject: Subject) -> list[Line]:
    """One row is written, as every delivery writes some."""
    began = time.perf_counter()
    PreFlight.objects.filter(campaign=subject.campaign, worst="").update(at=subject.now)
    took = time.perf_counter() - began
    if took > _SLOW_SECONDS:
        return [
            Line(
                "database", Level.WARNING, "The database is slow",
                f"Writing one row took {took:.1f} s.", "Look whether the disk or another program holds it up.",
            )
        ]  # fmt: skip
    return [Line("database", Level.FINE, "Database", "" if settings.EMBEDDED else f"{_database_size()} used")]


async def disk(subject: Subject) -> list[Line]:
    free = (await aside(lambda: shutil.disk_usage(settings.DATA_DIR), 5)).free
    needed = _BYTES_A_FAN * sum(service.fans for service in subject.services) if settings.EMBEDDED else 0
    if free > max(_ENOUGH_FREE, needed):
        return [Line("disk", Level.FINE, "Disk", f"{size(free)} free")]
    level = Level.STOP if free < max(_LEAST_FREE, needed // 2) else Level.WARNING
    return [
        Line(
            "disk", level, f"The disk is almost full: {size(free)} free",
            f"{size(max(_ENOUGH_FREE, needed))} should be free before the night.",
            f"Make room on the disk that holds {settings.DATA_DIR}.",
        )
    ]  # fmt: skip


def clock(subject: Subject) -> list[Line]:
    """Ours against the services', as their answers tell it: who agrees with one of them is right."""
    told = {
        service.label: difference
        for service in subject.services
        if (difference := speaker(service.name).provider.clock_difference) is not None
    }
    if not told:
        return []
    ours = 0.0 if settings.SANDBOX else (subject.wall - subject.now).total_seconds()
    off = min((difference + ours for difference in told.values()), key=abs)
    if abs(off) <= _OFF_SECONDS:
        return [Line("clock", Level.FINE, "Clock", f"{max(abs(off) - 0.5, 0):.0f} s off")]
    late = "behind" if off > 0 else "ahead"
    return [
        Line(
            "clock", Level.STOP if abs(off) > _FAR_OFF_SECONDS else Level.WARNING,
            f"This machine's clock is {span(abs(off))} {late}", f"{listed(list(told))} say so.",
            "Set the clock, and let it be kept by NTP: the release turns by it.",
        )
    ]  # fmt: skip


def _database_size() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return size(int(cursor.fetchone()[0]))
