"""One reminder is tried: intent, hand over, once (docs/decisions/0010).

A message cannot be looked up after it was sent, and a second one is noticed. So the intent is written before it leaves,
and where one is found with no result beside it the delivery ends as unconfirmed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from upbeat.core.outcome import Outcome, later, refused
from upbeat.delivery.channels import ADDRESS_DEAD, UNCONFIRMED
from upbeat.delivery.lease import Lease, LeaseOver
from upbeat.delivery.messenger import UNKNOWN, Intend, Messenger
from upbeat.delivery.models import Delivery
from upbeat.delivery.settle import Fenced, Tried
from upbeat.delivery.telling import Says
from upbeat.delivery.threads import beside
from upbeat.delivery.turns import Paused
from upbeat.fans.tokens import access_token, bury

logger = logging.getLogger(__name__)

GONE = "We no longer have the address."


@dataclass(frozen=True, slots=True)
class Hand:
    """What a reminder is tried with: its channel, what it tells, and whether the chunk is still ours."""

    voice: Messenger
    says: Says
    lease: Lease
    now: Callable[[], datetime]


async def remind(row: Delivery, hand: Hand, intend: Intend, put: Callable[[Tried], None]) -> None:
    """Try a reminder; what came of it is `put`, unless it was somebody else's to do.

    Raises what ends the whole chunk's work: `Paused`, `LeaseOver`, `Fenced`.
    """
    grant, dead = row.pre_save.connection, list[bool]()

    def told(outcome: Outcome, seconds: float = 0.0) -> None:
        put(Tried(row, outcome, hand.now(), round(seconds * 1000), f"remind by {row.service}"))
        dead.append(outcome.reason == ADDRESS_DEAD)

    try:
        address = access_token(grant, hand.now())
        if row.intended_at is not None and not hand.voice.channel.repeats_safely:
            told(refused(UNCONFIRMED, UNKNOWN))
        elif address is None:
            told(refused("address_gone", GONE))
        else:
            await hand.voice.hand_over(address, hand.says(row), hand.lease, intend, told)
    except (Paused, LeaseOver, Fenced):
        raise
    except Exception:
        logger.exception("Delivery %s could not be tried.", row.pk)
        told(later("error", "Something on our side went wrong."))
    if any(dead):
        await beside(bury, grant.pk, grant.token_version, hand.now())
