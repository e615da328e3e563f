"""Results go into the rows: many at a time, in one transaction, and only while the chunk is still ours."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from upbeat.core.delivery import Claimed, Settled, State, settle
from upbeat.core.outcome import Outcome
from upbeat.core.retry import PATIENCE
from upbeat.delivery.models import Chunk, Delivery
from upbeat.delivery.plan import CALLED_OFF
from upbeat.delivery.tallies import tally
from upbeat.fans.models import Connection, PreSave
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


# An open delivery is one with a `next_at`: what was withdrawn meanwhile has none.
_SETTLE = """
UPDATE delivery_delivery SET state = %s, reason = %s, note = %s, next_at = %s, failures = %s, attempts = %s,
       settled_at = %s
 WHERE id = %s AND attempts = %s AND next_at IS NOT NULL
"""

_LOG = """
INSERT INTO delivery_attempt (delivery_id, at, asked, verdict, reason, note, status, milliseconds)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
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


def forget_unneeded(connection_ids: Iterable[int], now: datetime) -> int:
    """Forget those of these permissions that have done what they were given for. Returns how many."""
    return forget(_unneeded(Connection.objects.filter(pk__in=sorted(set(connection_ids))), now))


def forget_the_rest(now: datetime, ids: range | None = None) -> int:
    """Forget the tokens that `commit` kept because their fan might still have been choosing: of all, or of these."""
    some = (
        Connection.objects.all()
        if ids is None
        else Connection.objects.filter(id__gte=ids[0], id__lte=ids[-1])
    )
    return forget(_unneeded(some, now))


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


def _unneeded(connections: QuerySet[Connection], now: datetime) -> QuerySet[Connection]:
    """Those with tokens for which nothing is left to deliver or to read back (PRODUCT §3.6)."""
    # What was called off may be taken up again, with everybody: so long they need not be asked anew.
    called_off = Q(reason=CALLED_OFF, state=State.WITHDRAWN, settled_at__gt=now - PATIENCE)
    owed = Delivery.objects.filter(Q(next_at__isnull=False) | called_off, pre_save__connection=OuterRef("pk"))
    to_read = Delivery.objects.filter(
        pre_save__connection=OuterRef("pk"),
        sample=True,
        state=State.DELIVERED,
        settled_at__gt=now - KEPT_FOR_READING,
    )
    choosing = PreSave.objects.filter(connection=OuterRef("pk"), completed_at=None)
    return (
        connections.exclude(sealed_access=b"", sealed_refresh=b"")
        .filter(~Exists(owed), ~Exists(to_read), granted_at__lte=now - JUST_GIVEN)
        .exclude(Exists(choosing), granted_at__gt=now - TIME_TO_COMPLETE)
    )
