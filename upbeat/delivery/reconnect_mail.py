"""The letter that asks a fan to connect again, if they left an address: one for each permission and campaign.

It is about what they asked for, so nothing else is in it. As every letter it is handed over once: the row says so
before, and what nobody knows is not repeated (docs/decisions/0010).
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from upbeat.campaigns.models import Campaign
from upbeat.core.channels import EMAIL
from upbeat.core.hosts import label_of
from upbeat.core.outcome import Outcome, Verdict
from upbeat.core.retry import PATIENCE
from upbeat.delivery.channels.email import Email
from upbeat.delivery.channels.letters import Reconnecting, reconnecting
from upbeat.delivery.mail import Letter
from upbeat.delivery.messenger import messenger
from upbeat.delivery.reconnect import to_write_to
from upbeat.delivery.threads import beside
from upbeat.delivery.turns import Paused
from upbeat.fans.addresses import addresses
from upbeat.fans.codes import fingerprint, receipt_key
from upbeat.fans.grants import connects_late
from upbeat.fans.models import PreSave
from upbeat.providers.registry import names

logger = logging.getLogger(__name__)

AHEAD = timedelta(days=7)
"""How long before a release fans are written to: sooner, they would forget; and many come back by themselves."""
ROUND_SECONDS = 20.0
_AGAIN = timedelta(minutes=10)
"""When a mailbox that was busy is asked again."""


class ReconnectMail:
    """The worker's rounds. Each takes its turns with all other mail, and leaves the rest to the next one."""

    def __init__(self) -> None:
        self._not_before: dict[int, datetime] = {}

    async def turn(self, now: Callable[[], datetime], stop: asyncio.Event) -> int:
        """Write to those who must reconnect, until `stop` is set. Returns how many letters were handed over."""
        if not Email.usable():
            return 0
        sent, until = 0, time.monotonic() + ROUND_SECONDS
        for pre_save in await beside(self._in_need, now()):
            try:
                if time.monotonic() > until or not await _turn_comes(stop):
                    break
                sent += await self._write_to(pre_save, now)
            except Paused:
                break
        return sent

    def _in_need(self, now: datetime) -> list[PreSave]:
        """Of every release that is near, or out for less than our patience; as many as a round may write to."""
        near = Campaign.objects.filter(
            state=Campaign.PUBLISHED, opens_at__gt=now - PATIENCE, opens_at__lte=now + AHEAD
        )
        self._not_before = {pk: at for pk, at in self._not_before.items() if at > now}
        most = max(1, int(settings.MAIL_PER_HOUR * ROUND_SECONDS / 3600))
        found: list[PreSave] = []
        for campaign in near.select_related("release__artist"):
            waiting = to_write_to(campaign).exclude(pk__in=self._not_before)
            if not campaign.is_out(now):
                waiting = waiting.exclude(service__in=[name for name in names() if connects_late(name)])
            for pre_save in waiting[: most - len(found)]:
                pre_save.campaign = campaign
                found.append(pre_save)
        return found

    async def _write_to(self, pre_save: PreSave, now: Callable[[], datetime]) -> bool:
        voice = messenger(EMAIL)
        assert isinstance(voice.channel, Email)
        letter = await beside(_letter, pre_save, now())
        if not await beside(_take, pre_save, now()) or letter is None:
            return False
        outcome = await voice.channel.hand_over(letter)
        await voice.pace.heard(outcome)
        await beside(self._became, pre_save, outcome, now())
        return outcome.good

    def _became(self, pre_save: PreSave, outcome: Outcome, now: datetime) -> None:
        if outcome.good:
            return
        logger.warning("The letter that asks pre-save %s again was not sent: %s", pre_save.pk, outcome.note)
        if outcome.verdict is Verdict.LATER:
            self._not_before[pre_save.pk] = now + _AGAIN
            PreSave.objects.filter(pk=pre_save.pk).update(asked_again_at=None)


async def _turn_comes(stop: asyncio.Event) -> bool:
    """Whether it is our turn before the process is asked to end: at a few letters an hour that is a long wait."""
    coming = asyncio.ensure_future(messenger(EMAIL).pace.turn())
    ending = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
        if coming.done():
            coming.result()  # raises `Paused`
        return not stop.is_set()
    finally:
        coming.cancel()
        ending.cancel()


def _take(pre_save: PreSave, now: datetime) -> bool:
    """This letter is about to be handed over. False: somebody else has it."""
    return to_write_to(pre_save.campaign).filter(pk=pre_save.pk).update(asked_again_at=now) == 1


def _letter(pre_save: PreSave, now: datetime) -> Letter | None:
    """As it would be written now; None where the address does not open."""
    campaign, service = pre_save.campaign, pre_save.service
    out = campaign.is_out_for(pre_save.zone, now)
    given = next(addresses(campaign, pre_save.fan.code), None)
    if given is None or not given.email:
        return None
    about = Reconnecting(
        id=f"again-{pre_save.pk}-{pre_save.created_at.timestamp():.0f}",
        language=pre_save.language,
        service=label_of(service),
        title=campaign.release.title,
        artist=campaign.release.artist.name,
        opens_at=None if out else campaign.opens_for(pre_save.zone),
        zone=pre_save.zone or campaign.zone,
        url=_way(pre_save),
    )
    return reconnecting(given.email, about)


def _way(pre_save: PreSave) -> str:
    """To the fan's receipt, which has the button in any browser; to our page where its key is another one by now."""
    campaign, service = pre_save.campaign, pre_save.service
    key = receipt_key(campaign.pk, service, pre_save.connection.account_id)
    known = fingerprint(key) == pre_save.receipt
    return f"{settings.PUBLIC_URL}/r/{key}" if known else f"{settings.PUBLIC_URL}/{campaign.slug}"
