"""The pace of the night: how many tries each five seconds saw, and how many fans they served."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

from django.db import connection

from upbeat.core.channels import MAIN
from upbeat.core.outcome import Outcome
from upbeat.delivery.models import Delivery, Tally

# The rows come last in their transaction and in one order: all who work on a campaign × service meet in them.
_ADD = """
INSERT INTO delivery_tally (campaign_id, service, at, tried, delivered) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (campaign_id, service, at) DO UPDATE
   SET tried = delivery_tally.tried + excluded.tried, delivered = delivery_tally.delivered + excluded.delivered
"""


class Try(Protocol):
    """One try at a delivery, as far as it is counted."""

    @property
    def delivery(self) -> Delivery: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def at(self) -> datetime: ...


def tally(tried: Iterable[Try]) -> None:
    """Add these to their five seconds."""
    tries: Counter[tuple[int, str, datetime]] = Counter()
    served: Counter[tuple[int, str, datetime]] = Counter()
    for one in tried:
        row = one.delivery
        key = (row.campaign_id, row.service, _five_seconds(one.at))
        tries[key] += 1
        served[key] += one.outcome.good and row.action in MAIN
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        for key in sorted(tries):
            cursor.execute(_ADD, [*key[:2], adapt(key[2]), tries[key], served[key]])


def _five_seconds(at: datetime) -> datetime:
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % Tally.SECONDS, UTC)
