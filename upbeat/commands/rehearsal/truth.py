"""What the fans really have, on the services' own word, beside what was promised and what our books say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from upbeat.campaigns.models import Campaign
from upbeat.commands.rehearsal.control import Control
from upbeat.commands.rehearsal.guests import Guest, Music
from upbeat.commands.rehearsal.reminded import Reminders
from upbeat.core.channels import is_channel
from upbeat.core.delivery import State
from upbeat.delivery.models import Batch, Delivery
from upbeat.providers.base import Action
from upbeat.providers.registry import capabilities

MOST_NAMED = 20
_SECOND = timedelta(seconds=1)
_GOOD = (State.DELIVERED.value, State.VERIFIED.value)
_OPEN = {"waiting", "queued", "in_progress", "pending_source", "retrying"}


@dataclass
class Judgement:
    """Fans by what is wrong; each list empty where all is well. `wrong` names the first of them."""

    lost: set[int] = field(default_factory=set)
    """Could have been served, and do not have everything they were promised."""
    doubled: set[int] = field(default_factory=set)
    """Have something twice."""
    out_of_order: set[int] = field(default_factory=set)
    early: set[int] = field(default_factory=set)
    """Were served before their own instant."""
    untrue: set[int] = field(default_factory=set)
    """Our books say one thing, the service another."""
    wrong: list[str] = field(default_factory=list)
    saved: dict[str, int] = field(default_factory=dict)
    playlists: dict[str, int] = field(default_factory=dict)
    follows: dict[str, int] = field(default_factory=dict)
    needs_fan: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    """Reminders of which nobody knows whether they arrived: they are not sent twice, and our books say so."""
    read_back: dict[str, tuple[int, int]] = field(default_factory=dict)
    """How many saves Upbeat itself has read back, and of how many of them it found what it had delivered."""

    @property
    def passed(self) -> bool:
        return not (self.lost or self.doubled or self.out_of_order or self.early or self.untrue)

    def complain(self, whom: set[int], guest: Guest, what: str) -> None:
        whom.add(guest.number)
        if len(self.wrong) < MOST_NAMED:
            self.wrong.append(f"{guest.name}: {what}")


def judge(control: Control, campaign: Campaign, guests: list[Guest], music: Music) -> Judgement:
    """Fan by fan."""
    judgement = Judgement()
    states: dict[int, dict[tuple[str, str], str]] = {}
    reminders = Reminders(control, campaign)
    rows = Delivery.objects.values_list("pre_save_id", "action", "target__service_id", "state")
    for number, action, target, state in rows:
        states.setdefault(number, {})[action, target or ""] = state
    fans = {service: control.fans(service) for service in music.ids}
    for batch in Batch.objects.all():
        judgement.read_back[batch.service] = (batch.sample_read, batch.sample_good)
    for guest in guests:
        if is_channel(guest.service):
            _reminded(judgement, guest, reminders, campaign)
            continue
        has = fans[guest.service][guest.name]
        judge_fan(judgement, guest, has, states.get(guest.number, {}), music)
        opens = campaign.opens_for(guest.zone) - _SECOND  # the services tell whole seconds
        if any(datetime.fromisoformat(at) < opens for what, at in _times(has) if what in _own(guest, music)):
            judgement.complain(judgement.early, guest, f"was served before {guest.zone} had its day")
    return judgement


def _reminded(judgement: Judgement, guest: Guest, reminders: Reminders, campaign: Campaign) -> None:
    """A reminder arrived, once and not before its time; or nobody knows, and our books say that."""
    times, (state, unknown) = reminders.arrived(guest.service, guest.said), reminders.booked(guest.number)
    if times:
        _count(judgement.saved, guest)
    if unknown:
        _count(judgement.unknown, guest)
    else:
        _compare(judgement, guest, "no reminder arrived", bool(times), state)
    if len(times) > 1:
        judgement.complain(judgement.doubled, guest, f"was reminded {len(times)} times")
    if times and times[0] < campaign.opens_for(guest.zone) - _SECOND:
        judgement.complain(judgement.early, guest, f"was reminded before {guest.zone} had its day")


def _own(guest: Guest, music: Music) -> set[str]:
    return {music.ids[guest.service], *music.tracks[guest.service]}


def _times(has: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """When each thing came into the library or a playlist."""
    for shelf in (has["albums"], has["tracks"], *(one["tracks"] for one in has["playlists"] if one["own"])):
        yield from ((one["id"], one["at"]) for one in shelf)


def judge_fan(
    judgement: Judgement, guest: Guest, has: dict[str, Any], states: dict[tuple[str, str], str], music: Music
) -> None:
    state = states.get((Action.SAVE.value, ""), "nothing")
    tracks = music.tracks[guest.service]
    saved = music.ids[guest.service] in _ids(has["albums"]) or tracks[0] in _ids(has["tracks"])
    _compare(judgement, guest, "the release is not in the library", saved, state)
    if saved:
        _count(judgement.saved, guest)
    if state == State.NEEDS_FAN.value:
        _count(judgement.needs_fan, guest)
    followed = _ids(has["artists"]) | _ids(has["users"]) | _ids(has["playlists"])
    for whom in guest.follows:
        _follow(judgement, guest, whom in followed, states.get((Action.FOLLOW.value, whom), "nothing"))
    if not capabilities(guest.service).follow_now:
        there = music.artist[guest.service] in followed
        _follow(judgement, guest, there, states.get((Action.FOLLOW.value, ""), "nothing"))
    if guest.playlist:
        _playlist(judgement, guest, has, states.get((Action.PLAYLIST.value, ""), "nothing"), tracks)


def _compare(judgement: Judgement, guest: Guest, missing: str, there: bool, state: str) -> None:
    """What was promised against what is there; and our state against both."""
    if not there and not guest.revokes:
        judgement.complain(judgement.lost, guest, f"{missing}; our books say {state}")
    if (state in _GOOD) != there and state not in _OPEN:
        judgement.complain(judgement.untrue, guest, f"our books say {state}, the service says otherwise")
    elif state in _OPEN or (state == State.NEEDS_FAN.value and not guest.revokes):
        judgement.complain(judgement.lost, guest, f"our books say {state} in the end")


def _follow(judgement: Judgement, guest: Guest, there: bool, state: str) -> None:
    _compare(judgement, guest, "somebody is not followed", there, state)
    if there:
        _count(judgement.follows, guest)


def _playlist(judgement: Judgement, guest: Guest, has: dict[str, Any], state: str, tracks: list[str]) -> None:
    own = [one for one in has["playlists"] if one["own"]]
    mine = [
        one
        for one in own
        if (one["id"] == guest.playlist_id if guest.playlist_id else one["name"] == guest.playlist)
    ]
    lines = [track["id"] for one in mine for track in one["tracks"]]
    ours = [line for line in lines if line in set(tracks)]
    _compare(judgement, guest, "the playlist is not filled", set(ours) == set(tracks), state)
    if set(ours) == set(tracks):
        _count(judgement.playlists, guest)
    if len(mine) > 1:
        judgement.complain(judgement.doubled, guest, f"the playlist was made {len(mine)} times")
    elif len(ours) > len(set(ours)):
        judgement.complain(
            judgement.doubled, guest, f"{len(ours)} lines of {len(tracks)} tracks in the playlist"
        )
    elif ours and lines != [*guest.had, *tracks[: len(ours)]]:
        judgement.complain(judgement.out_of_order, guest, "the tracks are not in order, or others were moved")


def _ids(shelf: list[dict[str, Any]]) -> set[str]:
    return {one["id"] for one in shelf}


def _count(counted: dict[str, int], guest: Guest) -> None:
    counted[guest.service] = counted.get(guest.service, 0) + 1
