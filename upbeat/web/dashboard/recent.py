"""Figures that are dear to read are kept for a while: reading them takes a twentieth of a process's time at most.

A reading is good for twenty times what it cost. What costs next to nothing is read each time, so a small campaign is
always shown as it stands; half a million fans are shown as they stood some seconds ago. Nothing is counted up or down
beside the rows: a figure can be a little old, never wrong.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from upbeat.campaigns.models import Campaign
from upbeat.delivery import counts as delivery_counts
from upbeat.delivery.counts import Counts
from upbeat.fans.models import PreSave

T = TypeVar("T")

WORTH = 20
"""How many times its cost a reading is good for."""
CHEAP_SECONDS = 0.025
"""What costs less than this is not kept."""


@dataclass(slots=True)
class _Kept:
    value: object = None
    until: float = 0.0


_kept: dict[tuple[str, int], _Kept] = {}
_reading: dict[tuple[str, int], Lock] = {}


def recent(what: str, campaign: Campaign, read: Callable[[], T]) -> T:
    """What `read` says, or said a moment ago. Whoever asks while it is being read waits for that one reading."""
    key = (what, campaign.pk)
    with _reading.setdefault(key, Lock()):
        kept = _kept.get(key)
        if kept is not None and time.monotonic() < kept.until:
            return kept.value  # type: ignore[return-value]
        began = time.monotonic()
        value = read()
        ended = time.monotonic()
        if ended - began > CHEAP_SECONDS:
            _kept[key] = _Kept(value, ended + WORTH * (ended - began))
        else:
            _kept.pop(key, None)
        return value


def counts(campaign: Campaign) -> Counts:
    """How the deliveries stand."""
    return recent("counts", campaign, lambda: delivery_counts.counts(campaign))


def fans(campaign: Campaign) -> int:
    """How many have pre-saved and not taken it back."""
    mine = PreSave.objects.filter(campaign=campaign, withdrawn_at=None)
    return recent("fans", campaign, mine.count)
