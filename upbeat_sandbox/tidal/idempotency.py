"""`Idempotency-Key`: a repeat with the same key and payload, within an hour of the first answer, gets that answer."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from upbeat_sandbox.call import Call, Refusal, Reply
from upbeat_sandbox.tidal.documents import refuse
from upbeat_sandbox.world import Service

LIFE = timedelta(hours=1)
LONGEST = 128
LOST_SECONDS = 5.0
"""A request that never came to its end is given up after so long."""
Key = tuple[str, str, str]


@dataclass(slots=True)
class Seen:
    """A key that was used: for what, and what came of it. `reply` None: nothing yet."""

    payload: str
    call: Call
    began: float
    reply: Reply | None = None
    at: datetime | None = None


_seen: WeakKeyDictionary[Service, dict[Key, Seen]] = WeakKeyDictionary()


def begin(call: Call) -> None:
    """Remembers that a request with a key is under way; before a fault strikes, so that a slow one is slow."""
    key = _key(call)
    if key is None:
        return
    book = _seen.setdefault(call.service, {})
    known = book.get(key)
    if known is None or _over(known, call):
        book[key] = Seen(_payload(call), call, time.monotonic())


def lost(call: Call) -> None:
    """It came to nothing: whoever repeats it is the first."""
    key, book = _key(call), _seen.get(call.service, {})
    if key is not None and key in book and book[key].call is call and book[key].reply is None:
        del book[key]


def once(call: Call, act: Callable[[], Reply]) -> Reply:
    """What `act` answers, or answered before: 409 while that is not known yet, 422 where something else was asked."""
    if len(call.headers.get("idempotency-key", "")) > LONGEST:
        raise refuse(400, f"The key has at most {LONGEST} characters", header="Idempotency-Key")
    key = _key(call)
    known = _seen.get(call.service, {}).get(key) if key is not None else None
    if known is None:
        return act()
    if known.payload != _payload(call):
        words = "Idempotency key reused with a different payload"
        raise refuse(422, words, code="IDEMPOTENT_REQUEST_PAYLOAD_MISMATCH", header="Idempotency-Key")
    if known.reply is not None:
        return known.reply
    if known.call is not call:
        words = "Request already in progress for this idempotency key"
        raise refuse(409, words, code="IDEMPOTENT_REQUEST_IN_PROGRESS", header="Idempotency-Key")
    try:
        known.reply = act()
    except Refusal as refusal:
        known.reply = refusal.reply
    known.at = call.now
    return known.reply


def _over(known: Seen, call: Call) -> bool:
    if known.at is None:
        return time.monotonic() - known.began > LOST_SECONDS
    return call.now >= known.at + LIFE


def _key(call: Call) -> Key | None:
    """Keys are an application's own, for each fan: whose they are is not written anywhere."""
    given = call.headers.get("idempotency-key", "")
    if not given or len(given) > LONGEST or call.method == "GET":
        return None
    fan = call.about()
    return call.client_id, fan.id if fan else "", given


def _payload(call: Call) -> str:
    return hashlib.sha256(b"\n".join((call.method.encode(), call.path.encode(), call.body))).hexdigest()
