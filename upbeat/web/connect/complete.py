"""COMPLETE: what the fan chose is recorded and planned in one transaction; follows happen before the next page."""

from datetime import datetime

from django.db import transaction

from upbeat import clock
from upbeat.campaigns.models import FollowTarget
from upbeat.core.outcome import Outcome
from upbeat.delivery.plan import plan_completion
from upbeat.fans.models import PreSave, Trip
from upbeat.fans.record import WantedPlaylist, complete
from upbeat.providers.base import Action
from upbeat.web.connect.at_once import perform_now
from upbeat.web.connect.choices import Choices, of_json
from upbeat.web.connect.permission import allows, kinds_of
from upbeat.web.connect.speakers import playlists_of
from upbeat.web.fan.said import Said
from upbeat.web.outer.http import Answer, see_other
from upbeat.web.outer.threads import in_thread


def needs(pre_save: PreSave, choices: Choices) -> list[Action]:
    """The actions these choices need and the fan has not allowed yet. For a thread."""
    wanted = [Action.FOLLOW] if choices.follows else []
    wanted += [Action.PLAYLIST] if choices.playlist != "no" else []
    kinds = kinds_of(FollowTarget.objects.filter(campaign=pre_save.campaign_id, pk__in=choices.follows))
    granted, service = pre_save.connection.scopes, pre_save.service
    return [action for action in wanted if not allows(granted, service, action, kinds)]


async def go_on(trip: Trip) -> Answer:
    """Back with more permission: finish the COMPLETE the fan left with, or show the page they asked for."""
    page = f"/{trip.campaign.slug}/{trip.service}/yours"
    pre_save, choices = await in_thread(_of, trip), of_json(trip.choices)
    if not trip.choices.get("complete"):
        saw = allows(pre_save.connection.scopes, trip.service, Action.PLAYLIST)
        return see_other(f"{page}?change=1" if saw else f"{page}?said={Said.WITHHELD}")
    if await in_thread(needs, pre_save, choices):
        return see_other(f"{page}?said={Said.WITHHELD}")
    playlist = await wanted_playlist(pre_save, choices)
    if isinstance(playlist, Said):
        return see_other(f"{page}?said={playlist}")
    await finish(pre_save, choices.follows, playlist)
    return see_other(page)


async def wanted_playlist(pre_save: PreSave, choices: Choices) -> WantedPlaylist | Said | None:
    """The playlist these choices name. One of the fan's own must be among those the service lists."""
    if choices.playlist == "new":
        return WantedPlaylist(choices.name)
    if choices.playlist != "mine":
        return None
    theirs = await playlists_of(pre_save.connection)
    if isinstance(theirs, Outcome):
        return Said.TRY_AGAIN
    names = {one.id: one.name for one in theirs}
    if choices.playlist_id not in names:
        return Said.NO_SUCH_PLAYLIST
    return WantedPlaylist(names[choices.playlist_id][:100], choices.playlist_id)


async def finish(pre_save: PreSave, follows: tuple[int, ...], playlist: WantedPlaylist | None) -> None:
    """Record, plan, and follow at once what is to be followed now (S20)."""
    now = await in_thread(clock.now)
    chunk_id = await in_thread(_record, pre_save, follows, playlist, now)
    await perform_now(chunk_id, pre_save.pk)


def _record(
    pre_save: PreSave, follows: tuple[int, ...], playlist: WantedPlaylist | None, now: datetime
) -> int | None:
    with transaction.atomic():
        targets = FollowTarget.objects.filter(
            campaign=pre_save.campaign_id, service=pre_save.service, pk__in=follows
        )
        complete(pre_save, follows=targets, playlist=playlist, now=now)
        chunk = plan_completion(pre_save, now)
    return chunk.pk if chunk else None


def _of(trip: Trip) -> PreSave:
    return PreSave.objects.select_related("connection", "campaign").get(trip=trip)
