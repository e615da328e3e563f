"""The lines of a list of fans: who, what they asked for, how it stands and since when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from upbeat.campaigns.models import Campaign
from upbeat.core.channels import MAIN
from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.delivery.models import Attempt, Delivery
from upbeat.fans.models import PlaylistChoice, PreSave
from upbeat.providers.base import Action
from upbeat.web.dashboard.fans_words import STATES, moment, sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One fan's pre-save on one service."""

    code: str
    service: str
    label: str
    asked: str
    glyph: str
    state: str
    why: str
    when: str


def rows(campaign: Campaign, ids: Sequence[int]) -> list[Row]:
    """The lines of these saves, in their order."""
    related = ("pre_save__fan", "pre_save__playlist_choice")
    saves = Delivery.objects.select_related(*related).in_bulk(ids)
    wishes = [save.pre_save_id for save in saves.values()]
    beside: dict[int, list[Delivery]] = defaultdict(list)
    for row in Delivery.objects.filter(pre_save__in=wishes).exclude(action__in=MAIN).select_related("target"):
        beside[row.pre_save_id].append(row)
    tries = _last_tries(ids)
    return [
        _row(campaign, saves[one], beside[saves[one].pre_save_id], tries.get(one))
        for one in ids
        if one in saves
    ]


def asked_for(save: Delivery, beside: Iterable[Delivery], artist: str) -> str:
    """`Library · playlist “Rainy Sundays” · follows 2`; what has ended otherwise than wished says so."""
    parts, follows = [_main(save.pre_save)], []
    for row in beside:
        if row.action == Action.PLAYLIST:
            parts.append(_playlist(save, row))
        elif row.action == Action.FOLLOW and row.state != State.WITHDRAWN:
            follows.append(row)
    if len(follows) == 1:
        name = follows[0].target.name if follows[0].target else artist
        parts.append(f"follows {name}{_otherwise(follows[0])}")
    elif follows:
        lost = sum(bool(_otherwise(row)) for row in follows)
        parts.append(f"follows {len(follows)}" + (f" ({lost} could not be)" if lost else ""))
    return " · ".join(parts)


def _row(campaign: Campaign, save: Delivery, beside: Sequence[Delivery], tried: datetime | None) -> Row:
    wish, state = save.pre_save, State(save.state)
    at = save.settled_at or tried or wish.completed_at or wish.created_at
    return Row(
        wish.fan.code,
        save.service,
        label_of(save.service),
        asked_for(save, beside, campaign.release.artist.name),
        state.value,
        STATES[state],
        sentence(save, campaign.zone),
        moment(at, campaign.zone, campaign.opens_at),
    )


def _main(wish: PreSave) -> str:
    """The library, or the reminder and where it leads."""
    if wish.rung != PreSave.REMIND:
        return "Library"
    return f"Reminder, link to {label_of(wish.towards)}" if wish.towards else "Reminder"


def _playlist(save: Delivery, row: Delivery) -> str:
    choice: PlaylistChoice | None = getattr(save.pre_save, "playlist_choice", None)
    name = "playlist" if choice is None else f"playlist “{choice.name}”"
    return (
        f"new {name}{_otherwise(row)}" if choice is not None and choice.is_new else f"{name}{_otherwise(row)}"
    )


def _otherwise(row: Delivery) -> str:
    ended = State(row.state) in (State.NEEDS_FAN, State.REFUSED, State.EXPIRED, State.WITHDRAWN)
    return f" ({STATES[State(row.state)].lower()})" if ended else ""


def _last_tries(ids: Sequence[int]) -> dict[int, datetime]:
    tries = Attempt.objects.filter(delivery__in=ids).order_by().values_list("delivery")
    return dict(tries.annotate(last=Max("at")))
