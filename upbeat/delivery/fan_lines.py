"""Every fan of a campaign as one line, read in steps: the memory it takes does not grow with their number."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from upbeat.campaigns.models import Campaign
from upbeat.core.channels import main_action
from upbeat.core.delivery import State
from upbeat.delivery.listing import everywhere
from upbeat.delivery.models import Delivery
from upbeat.providers.base import Action

_STEP = 1_000
_Stands = tuple[str, ...]
"""Action, state and reason of what a fan asked for besides their main action."""


@dataclass(frozen=True, slots=True)
class FanLine:
    """One pre-save and what became of it. No permission, no address, no account of the fan's."""

    fan: str
    service: str
    state: str
    reason: str
    note: str
    pre_saved_at: datetime
    completed_at: datetime | None
    withdrawn_at: datetime | None
    due_at: datetime
    settled_at: datetime | None
    next_at: datetime | None
    tries: int
    playlist: str
    playlist_reason: str
    follows: int
    follows_delivered: int
    language: str
    zone: str
    rung: str
    """save, or remind: then the service is the channel."""
    towards: str
    """Of a reminder: the service its link leads to."""


def fan_lines(campaign: Campaign, wanted: Callable[[Delivery], bool] = lambda _: True) -> Iterator[FanLine]:
    """The wanted ones, service by service, in the order they came."""
    for service in everywhere():
        last = 0
        while saves := _saves(campaign, service, last):
            last = saves[-1].pk
            chosen = [save for save in saves if wanted(save)]
            beside = _beside(chosen)
            for save in chosen:
                yield _line(save, beside[save.pre_save_id])


def _saves(campaign: Campaign, service: str, after: int) -> list[Delivery]:
    saves = campaign.deliveries.filter(service=service, action=main_action(service), id__gt=after)
    return list(saves.select_related("pre_save__fan").order_by("id")[:_STEP])


def _beside(saves: Sequence[Delivery]) -> dict[int, list[_Stands]]:
    found: dict[int, list[_Stands]] = defaultdict(list)
    wishes = [save.pre_save_id for save in saves]
    rows = Delivery.objects.filter(pre_save__in=wishes, action__in=(Action.PLAYLIST, Action.FOLLOW))
    for wish, *stands in rows.values_list("pre_save", "action", "state", "reason"):
        found[wish].append(tuple(stands))
    return found


def _line(save: Delivery, beside: Sequence[_Stands]) -> FanLine:
    wish = save.pre_save
    playlist = next(
        ((state, reason) for action, state, reason in beside if action == Action.PLAYLIST), ("", "")
    )
    follows = Counter(state for action, state, _ in beside if action == Action.FOLLOW)
    return FanLine(
        fan=wish.fan.code,
        service=save.service,
        state=save.state,
        reason=save.reason,
        note=save.note,
        pre_saved_at=wish.created_at,
        completed_at=wish.completed_at,
        withdrawn_at=wish.withdrawn_at,
        due_at=save.due_at,
        settled_at=save.settled_at,
        next_at=save.next_at,
        tries=save.attempts,
        playlist=playlist[0],
        playlist_reason=playlist[1],
        follows=sum(follows.values()) - follows[State.WITHDRAWN],
        follows_delivered=follows[State.DELIVERED] + follows[State.VERIFIED],
        language=wish.language,
        zone=wish.zone,
        rung=wish.rung,
        towards=wish.towards,
    )
