"""Music into a playlist: intent, verify, do. What does not repeat safely is looked up before it is repeated."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, Verdict, already, refused
from upbeat.delivery.models import Delivery
from upbeat.delivery.speaker import Call
from upbeat.delivery.threads import beside
from upbeat.fans.models import Connection, PlaylistChoice
from upbeat.fans.writing import end_turn, take_turn
from upbeat.providers.base import Action, Playlist

VERIFY_AFTER = timedelta(seconds=30)
"""A service may show what it has just done only after a while: sooner, a look proves nothing."""

LOOKING = "An earlier try may have worked: we look before we repeat it."
BUSY = "Another release is going into this fan's playlists."
TURN = timedelta(seconds=2)
GONE = "The playlist the fan chose is no longer there."

Intend = Callable[[], Awaitable[bool]]
"""Writes the intent durably; False: somebody else is about to do this."""


async def add_to_playlist(
    row: Delivery, track_ids: Sequence[str], call: Call, intend: Intend
) -> Outcome | None:
    """Put the tracks into the fan's playlist: each one once, in order; what is in it already stays where it is.

    None: somebody else is doing it.
    """
    choice = row.pre_save.playlist_choice
    if choice.playlist_id and call.provider.capabilities.adds_repeat_safely:
        return await _add(choice, track_ids, call, perhaps_made=False)
    before = row.intended_at
    if before is not None and call.now() < before + VERIFY_AFTER:
        return Outcome(
            Verdict.LATER, "looking_first", LOOKING, before + VERIFY_AFTER - call.now(), asked_to_wait=True
        )
    if not await intend():
        return None
    outcome = await _add(choice, track_ids, call, perhaps_made=before is not None)
    if outcome.verdict is Verdict.LATER and (outcome.after is None or outcome.after < VERIFY_AFTER):
        return replace(outcome, after=VERIFY_AFTER)
    return outcome


async def _add(
    choice: PlaylistChoice, track_ids: Sequence[str], call: Call, *, perhaps_made: bool
) -> Outcome:
    there: Sequence[str] | Outcome = ()
    whole = call.provider.capabilities.writes_playlists_whole  # then adding reads for itself what is there
    if choice.playlist_id and not whole:
        there = await call(lambda access: call.provider.playlist_tracks(access, choice.playlist_id))
    elif not choice.playlist_id:
        found = await _find(choice, track_ids, call) if perhaps_made else None
        if isinstance(found, Outcome):
            return found
        made = (
            found[0]
            if found
            else await call(
                lambda access: call.provider.create_playlist(access, choice.name), Action.PLAYLIST
            )
        )
        if isinstance(made, Outcome):
            return made
        there = found[1] if found else ()
        await beside(_keep, choice, made.id)
    if isinstance(there, Outcome):
        return refused("playlist_gone", GONE, status=there.status) if there.reason == NOT_FOUND_YET else there
    missing = [track for track in dict.fromkeys(track_ids) if track not in set(there)]
    if not missing:
        return already()
    if whole:
        return await _alone(choice.pre_save.connection, call, partial(_put, call, choice, missing))
    return await _put(call, choice, missing)


async def _put(call: Call, choice: PlaylistChoice, missing: Sequence[str]) -> Outcome:
    """In order, so many with a call as the service takes: what is in when the day's budget ends stays in."""
    outcome, at_once = already(), call.provider.capabilities.adds_at_once
    for start in range(0, len(missing), at_once):
        add = partial(
            call.provider.add_tracks,
            playlist_id=choice.playlist_id,
            track_ids=missing[start : start + at_once],
        )
        outcome = await call(add, Action.PLAYLIST)
        if not outcome.good:
            break
    return outcome


async def _alone(connection: Connection, call: Call, put: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """One at a time for an account, whatever the campaign: of two that put a whole list back, one's tracks would be
    lost."""
    turn = await beside(take_turn, connection, call.now())
    if turn is None:
        return Outcome(Verdict.LATER, "playlist_busy", BUSY, TURN, asked_to_wait=True)
    try:
        return await put()
    finally:
        await beside(end_turn, turn)


async def _find(
    choice: PlaylistChoice, track_ids: Sequence[str], call: Call
) -> tuple[Playlist, Sequence[str]] | Outcome | None:
    """The playlist that an earlier try may have made: of this name, holding the beginning of our tracks or nothing."""
    playlists = await call(call.provider.playlists)
    if isinstance(playlists, Outcome):
        return playlists
    for one in playlists:
        if one.name != choice.name or one.size > len(track_ids):
            continue
        there = await call(partial(call.provider.playlist_tracks, playlist_id=one.id))
        if isinstance(there, Outcome):
            return there
        if list(there) == list(track_ids[: len(there)]):
            return one, there
    return None


def _keep(choice: PlaylistChoice, playlist_id: str) -> None:
    """Remember the new playlist before anything is put into it. Never fenced: it is a fact, whoever learnt it."""
    PlaylistChoice.objects.filter(pk=choice.pk, playlist_id="").update(playlist_id=playlist_id)
    choice.playlist_id = playlist_id
