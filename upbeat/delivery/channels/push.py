"""Reminders as notifications of the fan's own browser: Web Push (RFC 8030, 8291, 8292).

Encrypted and signed by http-ece and py-vapid, the two halves of pywebpush. The calls are our own: pywebpush brings
`requests`, which blocks and would ask private addresses, too (docs/decisions/0011).
"""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from upbeat import clock
from upbeat.core.channels import PUSH
from upbeat.core.outcome import Outcome, Reach, later, refused, wait
from upbeat.delivery.channels import ADDRESS_DEAD, Message
from upbeat.delivery.channels.push_answers import LABEL, read
from upbeat.delivery.channels.resting import Resting
from upbeat.delivery.channels.subscription import Subscription, of_json, raw
from upbeat.delivery.channels.vapid import ours
from upbeat.delivery.channels.words import Words
from upbeat.providers.base import Token
from upbeat.providers.http import Answer, Door

LIFE = timedelta(days=14)
"""How long a push service keeps a message for a phone that is off: as long as we try. It is out then, too."""
_LONGEST_LINE, _LONGEST_LINK = 150, 1500
_OPERATOR_MENDS = timedelta(minutes=30)


class Push:
    """The channel. `now` is the installation's clock, by which a statement ends."""

    name = key = PUSH
    rate = max_rate = 300.0
    at_once = 64
    repeats_safely = True
    """A message of the same topic takes the place of one that was not fetched yet, and a notification with the same
    tag that of one that is still on the screen. Who wiped the first away before the second came sees two."""

    def __init__(self, now: Callable[[], datetime] = clock.cached_now) -> None:
        self._now, self._vapid = now, ours()
        self._door = Door(LABEL, settings.SANDBOX)
        self._resting = Resting(time.monotonic)

    @staticmethod
    def usable() -> bool:
        """Browsers have service workers where a page is encrypted, and on their own machine."""
        return settings.SECURE or settings.SANDBOX

    async def remind(self, address: Token, message: Message) -> Outcome:
        to = of_json(address.reveal())
        if to.key != self._vapid.public:
            note = "This subscription was made for another key than UPBEAT_VAPID_KEY. Put that key back."
            return later("app_refused", note, after=_OPERATOR_MENDS)
        if rest := self._resting.left(to.origin):
            after = timedelta(seconds=rest)
            return wait(f"{LABEL} is left alone for a while.", after=after, reach=Reach.FAN)
        answer = await self._send(to, message)
        if isinstance(answer, Outcome):
            self._resting.failed(to.origin)
            return answer
        self._resting.heard(to.origin)
        outcome = read(answer)
        if outcome.asked_to_wait and outcome.after is not None:
            self._resting.rest(to.origin, outcome.after.total_seconds())
        return outcome

    async def _send(self, to: Subscription, message: Message) -> Answer | Outcome:
        tag = sha256(message.id.encode()).hexdigest()[:32]
        body = encrypted(to, notification(message, tag))
        if body is None:
            return refused(ADDRESS_DEAD, "The subscription's keys cannot be used.")
        headers = {
            "Authorization": self._vapid.authorization(to.origin, self._now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(LIFE.total_seconds())),
            "Urgency": "high",
            "Topic": tag,
        }
        return await self._door.ask("POST", to.endpoint, headers=headers, body=body)

    async def close(self) -> None:
        """The door's connections belong to the event loop, which closes them."""


def notification(message: Message, tag: str) -> bytes:
    """What the service worker shows (`web/pages/static/pages/push-worker.js`), as JSON."""
    words = Words(message.language)
    opens = words.say("open_on", service=message.service) if message.service else words.say("open_page")
    shown = {
        "title": words.say("out_head", title=message.title[:_LONGEST_LINE]),
        "body": f"{message.artist[:_LONGEST_LINE]} · {opens}",
        "url": message.url if len(message.url) <= _LONGEST_LINK else message.page,
        "icon": message.cover,
        "lang": message.language,
        "tag": tag,
    }
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def encrypted(to: Subscription, text: bytes) -> bytes | None:
    """The text as only this browser can read it: one record, with a key made for it alone. None: its keys are none."""
    point, auth = raw(to.p256dh), raw(to.auth)
    try:
        own = ec.generate_private_key(ec.SECP256R1())
        return bytes(http_ece.encrypt(text, private_key=own, dh=point, auth_secret=auth))
    except (ValueError, TypeError, http_ece.ECEException):
        return None
