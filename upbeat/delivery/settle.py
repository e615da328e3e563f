"""Results go into the rows: many at a time, in one transaction, and only while the chunk is still ours."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from upbeat.core.channels import REMIND
from upbeat.core.delivery import Claimed, Settled, settle
from upbeat.core.outcome import Outcome
from upbeat.core.retry import PATIENCE
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.plan import CALLED_OFF
from upbeat.delivery.tallies import tally
from upbeat.fans.models import Connection
from upbeat.fans.tokens import forget

TIME_TO_COMPLETE = timedelta(hours=1)
"""A permission outlives its deliveries by so much while the fan may still be on the page, choosing."""
JUST_GIVEN = timedelta(seconds=30)
"""So young a permission may belong to a pre-save that is being recorded at this moment."""

KEPT_FOR_READING = timedelta(days=1)
"""A permission outlives its deliveries by so much at the most, where one of them is to be read back."""


class Fenced(Exception):  # noqa: N818 - it is no error
    """Somebody else works on this chunk now, or it is gone. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One try at a delivery, with what came of it. `asked` says in the attempt log what was asked for."""

    delivery: Delivery
    outcome: Outcome
    at: datetime
    milliseconds: int
    asked: str = ""

    def settle(self) -> Settled:
        """What the delivery becomes."""
        row = self.delivery
        return settle(
            Claimed(row.due_at, row.attempts + 1, row.failures), self.outcome, self.at, random.random()
        )


@dataclass(frozen=True, slots=True)
class Intent:
    """What is written before an action that does not repeat safely, so that we look before we do it again."""

    delivery: Delivery
    at: datetime


# An open delivery is one with a `next_at`: what was withdrawn meanwhile has none. The intent of a reminder that has
# certainly not gone out is taken back: where one stands there alone, nobody knows (docs/decisions/0010).
_SETTLE = """
UPDATE delivery_delivery SET state = %s, reason = %s, note = %s, next_at = %s, failures = %s, attempts = %s,
       settled_at = %s, intended_at = CASE WHEN %s THEN NULL ELSE intended_at END
 WHERE id = %s AND attempts = %s AND next_at IS NOT NULL
"""

_LOG = """
INSERT INTO delivery_attempt (delivery_id, at, asked, verdict, reason, note, status, milliseconds)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""

# Written out, because it is asked with every commit and takes the ORM longer to put into words than to run.
# What was called off may be taken up again, with everybody: so long they need not be asked anew.
_UNNEEDED = """
SELECT grant_.id FROM fans_connection AS grant_
 WHERE grant_.id IN ({ids}) AND NOT (grant_.sealed_access = %s AND grant_.sealed_refresh = %s)
   AND grant_.granted_at <= %s
   AND NOT EXISTS (
       SELECT 1 FROM delivery_delivery AS one JOIN fans_presave AS wish ON wish.id = one.pre_save_id
        WHERE wish.connection_id = grant_.id AND (one.next_at IS NOT NULL
              OR (one.state = 'withdrawn' AND one.reason = %s AND one.settled_at > %s)
              OR (one.state = 'delivered' AND one.sample AND one.settled_at > %s)))
   AND NOT (grant_.granted_at > %s AND EXISTS (
       SELECT 1 FROM fans_presave AS wish WHERE wish.connection_id = grant_.id AND wish.completed_at IS NULL))
"""


@transaction.atomic
def commit(chunk_id: int, epoch: int, tried: Sequence[Tried], intents: Sequence[Intent]) -> set[int]:
    """Write what came of the tries, if the chunk's epoch is still this one; `Fenced` and nothing written if not.

    A delivery that was withdrawn or settled by somebody else meanwhile stays as it is. Returns the ids of the
    deliveries whose intent was written; one that is missing is somebody else's to do.
    """
    if not Chunk.objects.filter(pk=chunk_id, epoch=epoch).update(epoch=epoch):
        raise Fenced
    ended = _settle(tried)
    if ended:
        forget_unneeded(ended, max(one.at for one in tried))
    written = {intent.delivery.pk for intent in intents if _intend(intent)}
    tally(tried)
    return written


def is_ours(chunk_id: int, epoch: int) -> bool:
    """Whether nobody else has begun with the chunk, and it is still there."""
    return Chunk.objects.filter(pk=chunk_id, epoch=epoch).exists()


def forget_unneeded(connection_ids: Iterable[int], now: datetime) -> int:
    """Forget those of these permissions that have done what they were given for. Returns how many."""
    ids = _unneeded(sorted(set(connection_ids)), now)
    return forget(Connection.objects.filter(pk__in=ids)) if ids else 0


def forget_the_rest(now: datetime, ids: range | None = None) -> int:
    """Forget the tokens that `commit` kept because their fan might still have been choosing: of all, or of these."""
    kept = Connection.objects.exclude(sealed_access=b"", sealed_refresh=b"")
    if ids is not None:
        kept = kept.filter(id__gte=ids[0], id__lte=ids[-1])
    found = list(kept.values_list("id", flat=True))
    return sum(forget_unneeded(found[start : start + 1000], now) for start in range(0, len(found), 1000))


def _settle(tried: Iterable[Tried]) -> list[int]:
    """Write the rows and their attempts. Returns the connections of those that have ended."""
    rows, attempts, ended = [], [], []
    for one in tried:
        row, settled = one.delivery, one.settle()
        if not settled.state.is_open:
            ended.append(row.pre_save.connection_id)
        rows.append(
            (
                settled.state.value,
                settled.reason[:40],
                settled.note[:300],
                connection.ops.adapt_datetimefield_value(settled.next_at),
                settled.failures,
                row.attempts + 1,
                None if settled.state.is_open else connection.ops.adapt_datetimefield_value(one.at),
                settled.state.is_open and row.action == REMIND,
                row.pk,
                row.attempts,
            )
        )
        attempts.append(_attempt(one))
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_SETTLE, rows)
            cursor.executemany(_LOG, attempts)
    return ended


def _attempt(one: Tried) -> tuple[str | int | None, ...]:
    row, outcome = one.delivery, one.outcome
    return (
        row.pk,
        connection.ops.adapt_datetimefield_value(one.at),
        (one.asked or row.action)[:60],
        outcome.verdict.value,
        outcome.reason[:40],
        outcome.note[:300],
        outcome.status,
        one.milliseconds,
    )


def _intend(intent: Intent) -> bool:
    """One winner: who finds the row as we read it."""
    row = intent.delivery
    as_read = Delivery.objects.filter(
        pk=row.pk, attempts=row.attempts, intended_at=row.intended_at, next_at__isnull=False
    )
    return as_read.update(intended_at=intent.at) == 1


def _unneeded(ids: Sequence[int], now: datetime) -> list[int]:
    """Those of these connections with tokens for which nothing is left to deliver or to read back (PRODUCT §3.6)."""
    if not ids:
        return []
    adapt = connection.ops.adapt_datetimefield_value
    given = [
        b"", b"", adapt(now - JUST_GIVEN),
        CALLED_OFF, adapt(now - PATIENCE), adapt(now - KEPT_FOR_READING), adapt(now - TIME_TO_COMPLETE),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UNNEEDED.format(ids=", ".join(["%s"] * len(ids))), [*ids, *given])
        return [row[0] for row in cursor.fetchall()]
