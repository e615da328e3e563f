"""The circuit of one credential: what its token endpoint says of grants, remembered for all processes.

Renewals that went well are counted in memory and written down each second, deaths at once. All times are the
installation's.
"""

import asyncio
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from django.db import transaction

from upbeat.campaigns.models import Campaign
from upbeat.core import circuit as rules
from upbeat.core.circuit import Record
from upbeat.core.outcome import Outcome, Reach, Verdict, later
from upbeat.delivery.alarms import end_alarm, raise_alarm
from upbeat.delivery.models import Circuit, Delivery
from upbeat.delivery.threads import beside
from upbeat.fans.models import Connection
from upbeat.fans.tokens import bury, doubt
from upbeat.providers.registry import capabilities, label

KNOWN_SECONDS = 1.0
"""What another process has found out is known here so soon."""
_WAIT = timedelta(seconds=60)
_FIELDS = tuple(asdict(Record()))


class Breaker:
    """One event loop's view of a credential's circuit."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._service = key.partition("/")[0]
        self._record: Record | None = None
        self._reading = asyncio.Lock()
        self._read_at = float("-inf")
        self._renewed, self._began = 0, 0.0

    async def refusal(self, now: datetime) -> Outcome | None:
        """Why no renewal may go out at this moment, or None if one may."""
        record, moment = await self._known(now), now.timestamp()
        if not record.is_open or record.speaks_for_itself(moment):
            return None
        if record.may_ask(moment) and await beside(claim_probe, self._key, moment):
            return None
        return circuit_open(self._service)

    async def renewed(self, began: datetime, now: datetime) -> None:
        """A grant was renewed by a call that went out at `began`."""
        self._renewed += 1
        self._began = max(self._began, began.timestamp())
        if (await self._known(now)).is_open:
            await self._write(now)

    async def _known(self, now: datetime) -> Record:
        """The record, as it was a second ago at the most; one of those who find it older reads it for all."""
        if self._record is None:
            async with self._reading:
                if self._record is None:
                    await self._write(now)
        elif time.monotonic() - self._read_at >= KNOWN_SECONDS:
            await self._write(now)
        assert self._record is not None
        return self._record

    async def called_dead(self, connection: Connection, answer: Outcome, now: datetime) -> Outcome:
        """The endpoint's word against a grant, as it was read: what it is worth. `answer` itself, if it is believed."""
        await self._write(now)
        said = await beside(judge, self._key, connection.pk, connection.token_version, answer, now)
        self._read_at = float("-inf")
        return said

    async def _write(self, now: datetime) -> None:
        """Tell the others what went well here, and read what they know."""
        count, began, self._renewed = self._renewed, self._began, 0
        self._read_at = time.monotonic()
        try:
            self._record = await beside(note, self._key, count, began, now)
        except BaseException:
            self._renewed += count
            raise


def circuit_open(service: str) -> Outcome:
    note = f"{label(service)} says of too many permissions at once that they have ended. We wait until that is over."
    return Outcome(Verdict.LATER, "circuit_open", note, _WAIT, asked_to_wait=True, reach=Reach.APP)


def note(key: str, renewed: int, began: float, now: datetime) -> Record:
    """Add renewals to the record, which may close the circuit. Returns the record."""
    if not renewed:
        row = Circuit.objects.filter(key=key).first()
        return Record() if row is None else _record(row)
    with transaction.atomic():
        row = _locked(key)
        before = _record(row)
        after = rules.renewed(before, renewed, now.timestamp(), began=began)
        _keep(row, after)
        if before.is_open and not after.is_open:
            _end_alarms(row.key.partition("/")[0], now)
    return after


def claim_probe(key: str, now: float) -> bool:
    """Whether this renewal is the one that tries whether an open circuit's endpoint has come to its senses."""
    due = Circuit.objects.filter(key=key, opened_at__gt=0, try_at__lte=now)
    return due.update(try_at=rules.probing(Record(), now).try_at) == 1


@transaction.atomic
def judge(key: str, connection_id: int, version: int, answer: Outcome, now: datetime) -> Outcome:
    """What a word against a grant is worth: doubt, patience, or the grant's end."""
    moment, service = now.timestamp(), key.partition("/")[0]
    read = Connection.objects.filter(pk=connection_id, token_version=version).first()
    if read is None:
        return _changed(connection_id, answer)
    row = _locked(key)
    record = _record(row)
    if record.is_open and not record.speaks_for_itself(moment):
        _raise_alarms(service, record, now)
        return circuit_open(service)
    first = rules.doubt(record, read.doubted_at.timestamp() if read.doubted_at else None)
    patience = capabilities(service).second_word.total_seconds()
    left = 0.0 if first is None else rules.wait_to_believe(record, first, moment, second_word=patience)
    if record.is_open or (first is not None and not left):
        return answer if bury(connection_id, version, now) else _changed(connection_id, answer)
    if first is not None:
        return _doubted(answer, left)
    doubt(connection_id, version, now)
    after = rules.died(record, moment)
    _keep(row, after)
    if after.is_open:
        _raise_alarms(service, after, now)
        return circuit_open(service)
    return _doubted(answer, patience)


def _doubted(answer: Outcome, seconds: float) -> Outcome:
    note = "The service says that the permission has ended. We ask once more before we believe it."
    again = timedelta(seconds=min(seconds, max(rules.ALONE, seconds) / 5))
    return Outcome(
        Verdict.LATER, "grant_doubted", note, max(again, timedelta(seconds=1)), asked_to_wait=True,
        status=answer.status,
    )  # fmt: skip


def _changed(connection_id: int, answer: Outcome) -> Outcome:
    """Somebody has written since the grant was read: buried it on the same word, or brought a new one."""
    if Connection.objects.filter(pk=connection_id, dead_at__isnull=False).exists():
        return answer
    return later("grant_changed", "The fan gave a new permission at this moment.")


def _locked(key: str) -> Circuit:
    Circuit.objects.get_or_create(key=key)
    return Circuit.objects.select_for_update().get(key=key)


def _record(row: Circuit) -> Record:
    return Record(**{name: getattr(row, name) for name in _FIELDS})


def _keep(row: Circuit, record: Record) -> None:
    Circuit.objects.filter(pk=row.pk).update(**asdict(record))


def _raise_alarms(service: str, record: Record, now: datetime) -> None:
    since = datetime.fromtimestamp(record.opened_at, UTC)
    sentence = (
        f"{label(service)} says of too many permissions at once that they have ended. Nobody is given up: the fans "
        f"wait, and we try one permission every half minute. It began at {since:%H:%M} UTC."
    )
    waiting = Delivery.objects.filter(service=service, next_at__isnull=False)
    for campaign in Campaign.objects.filter(pk__in=waiting.values("campaign").distinct()):
        raise_alarm(campaign, "circuit", sentence, now, service=service)


def _end_alarms(service: str, now: datetime) -> None:
    told = Campaign.objects.filter(alarms__kind="circuit", alarms__service=service, alarms__ended_at=None)
    for campaign in told.distinct():
        end_alarm(campaign, "circuit", now, service=service)
