"""Rehearsals that a button has asked for: one at a time, never near a release, in a process of their own."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from upbeat.artists.models import Installation
from upbeat.campaigns.models import Campaign
from upbeat.core.release_clock import SPREAD
from upbeat.delivery.engine.queue import defer_in_transaction
from upbeat.delivery.models import Rehearsal
from upbeat.delivery.threads import beside

NEAR = timedelta(minutes=30)
"""So long before and after a release this machine has something else to do."""
LONGEST = timedelta(minutes=20)
"""Of a rehearsal: one that has no end after that has died."""
FAULTS = "mild"
LEAST_FANS, MOST_FANS = 200, 2_000
_SECONDS_TO_END = 45.0

ONE_AT_A_TIME = "A rehearsal is under way. The next one can begin when it is over."
CUT_SHORT = "It was cut short: Upbeat was stopped meanwhile."


def running(now: datetime) -> Rehearsal | None:
    """The rehearsal that is under way, of any campaign."""
    return Rehearsal.objects.filter(ended_at=None, began_at__gt=now - LONGEST).order_by("-began_at").first()


def refusal(now: datetime) -> str:
    """Why none can begin at this moment; "" if one can."""
    if running(now) is not None:
        return ONE_AT_A_TIME
    near = Q(opens_at__lte=now + NEAR, opens_at__gte=now - NEAR)
    waves = Q(local=True, opens_at__lte=now + NEAR, opens_at__gte=now - SPREAD - NEAR)
    soon = Campaign.objects.filter(near | waves, state=Campaign.PUBLISHED).select_related("release").first()
    if soon is None:
        return ""
    return (
        f"{soon.release.title} is too near: within half an hour of a release nothing is rehearsed, so that this "
        "machine has its hands free."
    )


@transaction.atomic
def ask(campaign: Campaign, now: datetime) -> str:
    """Have a campaign rehearsed with as many fans as wait (200 to 2,000). Returns why not, or "" if it will be."""
    Installation.the_one()
    list(Installation.objects.select_for_update())  # Two who press at once: the second finds one under way.
    problem = refusal(now)
    if problem:
        return problem
    waiting = campaign.pre_saves.filter(withdrawn_at=None).count()
    fans = min(max(waiting, LEAST_FANS), MOST_FANS)
    row = Rehearsal.objects.create(campaign=campaign, began_at=now, fans=fans, faults=FAULTS)
    defer_in_transaction("rehearse", rehearsal_id=row.pk)
    return ""


async def rehearse(rehearsal_id: int, now: Callable[[], datetime]) -> None:
    """Play it, in a process of its own that gives way to all others. Its row is closed, whatever happens."""
    row = await beside(_begin, rehearsal_id, now())
    if row is None:
        return
    said = CUT_SHORT
    try:
        said = await _play(row)
    finally:
        await asyncio.shield(beside(_close, rehearsal_id, said, now()))


async def _play(row: Rehearsal) -> str:
    """Returns what it complained about, if it did not come to its end."""
    words = [
        str(row.campaign_id),
        "--fans",
        str(row.fans),
        "--faults",
        row.faults,
        "--json",
        "--row",
        str(row.pk),
    ]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "upbeat", "rehearse", *words,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        _, complaint = await asyncio.wait_for(process.communicate(), LONGEST.total_seconds())
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
    said = complaint.decode(errors="replace").strip().splitlines()
    return said[-1].removeprefix("upbeat rehearse: ") if said else ""


def _begin(rehearsal_id: int, now: datetime) -> Rehearsal | None:
    """The row, if it is still to be played: one whose process died is not begun again."""
    fresh = Rehearsal.objects.filter(pk=rehearsal_id, ended_at=None, result={})
    if fresh.update(result={"state": "playing"}):
        return Rehearsal.objects.get(pk=rehearsal_id)
    _close(rehearsal_id, CUT_SHORT, now)
    return None


def _close(rehearsal_id: int, complaint: str, now: datetime) -> None:
    """Close a row that `upbeat rehearse` has not closed with a result."""
    Rehearsal.objects.filter(pk=rehearsal_id, passed=None).update(
        ended_at=now, result={"problem": complaint or CUT_SHORT}
    )
