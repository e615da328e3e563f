"""One at a time writes to a service account what is read first and put back whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from upbeat.fans.models import Connection

LEASE = timedelta(seconds=60)
"""How long one turn may take: reading, writing, and what the network may need for both. (One that ends later than twice
this is of another clock.)"""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is: the row that stands for the account, and until when."""

    connection_id: int
    until: datetime


def take_turn(connection: Connection, now: datetime) -> Turn | None:
    """The turn to write to the account behind a connection; None while somebody else has it. Of two teams' connections
    to one account, the older one stands for it. `end_turn` ends it; else it ends by itself."""
    same = Connection.objects.filter(service=connection.service, account_id=connection.account_id)
    turn = Turn(same.order_by("pk").values_list("pk", flat=True)[0], now + LEASE)
    free = Q(writing_until=None) | Q(writing_until__lte=now) | Q(writing_until__gt=now + 2 * LEASE)
    taken = Connection.objects.filter(free, pk=turn.connection_id).update(writing_until=turn.until)
    return turn if taken else None


def end_turn(turn: Turn) -> None:
    """End a turn, if it is still the one that was taken."""
    Connection.objects.filter(pk=turn.connection_id, writing_until=turn.until).update(writing_until=None)
