"""The jobs of the deliveries. Shells: what they do stands elsewhere."""

from datetime import UTC, datetime, timedelta
from functools import partial

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.channels import is_channel
from upbeat.delivery import rehearsing
from upbeat.delivery.alarm_mail import tell
from upbeat.delivery.confirming import ask_address
from upbeat.delivery.cut import cut
from upbeat.delivery.engine.blueprint import tasks
from upbeat.delivery.engine.retry import Later, UntilDone
from upbeat.delivery.limiter import paused_for
from upbeat.delivery.messenger import pace_of
from upbeat.delivery.models import Chunk
from upbeat.delivery.perform import perform_chunk
from upbeat.delivery.plan import AHEAD
from upbeat.delivery.preflight.run import run
from upbeat.delivery.source import look_around
from upbeat.delivery.threads import beside
from upbeat.delivery.turns import LONG_SECONDS
from upbeat.delivery.verify import read_some

SOON = timedelta(seconds=30)
"""A chunk's job comes back by itself for what is due so soon. For the rest the reconciler gives the chunk a new one:
a job that waits for hours would hide that some of it has come due earlier."""


@tasks.task(name="release", retry=UntilDone(clock.cached_now))
async def release(campaign_id: int) -> None:
    """Cut a campaign's deliveries, a minute ahead and once more at the instant for those who came meanwhile.

    A local release does this for each wave of its night.
    """
    campaign, now = await beside(Campaign.objects.filter(pk=campaign_id).first), await beside(clock.now)
    if campaign is None or campaign.state != Campaign.PUBLISHED or campaign.opens_at is None:
        return
    if campaign.opens_at - AHEAD > now:
        return  # It was moved later, and has another job for that.
    await beside(cut, campaign, now)
    wave = campaign.next_opens_at(now)
    if wave is not None:
        raise Later(wave - AHEAD if wave - AHEAD > now else wave)


@tasks.task(name="chunk", retry=UntilDone(clock.cached_now))
async def chunk(chunk_id: int) -> None:
    """Work through a chunk; its release is looked for first, if that is due.

    While the service wants to be left alone the job waits until that is over: with an hour to wait, ten thousand
    chunks must not be read again and again.
    """
    service = await beside(Chunk.objects.filter(pk=chunk_id).values_list("service", flat=True).first)
    if service is None:
        return  # The release has moved, or the fan has been served.
    pause = await beside(paused_for, pace_of(service).key)
    if pause > LONG_SECONDS:
        raise Later(clock.cached_now() + timedelta(seconds=pause))
    if not is_channel(service):
        await look_around(clock.cached_now, service)
    left = await perform_chunk(chunk_id, now=clock.cached_now)
    if left is not None and left <= clock.cached_now() + SOON:
        raise Later(left)


@tasks.task(name="preflight", retry=UntilDone(clock.cached_now))
async def preflight(pre_flight_id: int) -> None:
    """Look whether everything is ready for a release."""
    await run(pre_flight_id, now=clock.cached_now, wall=partial(datetime.now, UTC))


@tasks.task(name="verify", retry=UntilDone(clock.cached_now))
async def verify(campaign_id: int, service: str) -> None:
    """Read back a sample of what was delivered, after everybody has been served."""
    again = await read_some(campaign_id, service, now=clock.cached_now)
    if again is not None:
        raise Later(again)


@tasks.task(name="rehearse")
async def rehearse(rehearsal_id: int) -> None:
    """Play a campaign's release day in the sandbox. One that is cut short is not begun again."""
    await rehearsing.rehearse(rehearsal_id, clock.cached_now)


@tasks.task(name="alarm", retry=UntilDone(clock.cached_now))
async def alarm(alarm_id: int, person_id: int) -> None:
    """Tell one member of the team by e-mail, if this installation can send any."""
    again = await tell(alarm_id, person_id, now=clock.cached_now)
    if again is not None:
        raise Later(again)


@tasks.task(name="confirm", retry=UntilDone(clock.cached_now))
async def confirm(trip_id: int) -> None:
    """Ask an address by e-mail whether it wants to be reminded."""
    again = await ask_address(trip_id, now=clock.cached_now)
    if again is not None:
        raise Later(again)
