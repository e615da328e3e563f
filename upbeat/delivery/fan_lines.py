"""Every fan of a campaign as one line, read in steps: the memory it takes does not grow with their number."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.models import Delivery
from upbeat.providers.base import Action
from upbeat.providers.registry import names

_STEP = 1_000


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


def fan_lines(campaign: Campaign, wanted: Callable[[Delivery], bool] = lambda _: True) -> Iterator[FanLine]:
    """The wanted ones, service by service, in the order they came."""
    for service in names():
        last = 0
        while saves := _saves(campaign, service, last):
            last = saves[-1].pk
            chosen = [save for save in saves if wanted(save)]
            beside = _beside(chosen)
            for save in chosen:
                yield _line(save, beside[save.pre_save_id])


def _saves(campaign: Campaign, service: str, after: int) -> list[Delivery]:
    saves = campaign.deliveries.filter(service=service, action=Action.SAVE, id__gt=after)
    return list(saves.select_related("pre_save__fan").order_by("id")[:_STEP])


def _beside(saves: Sequence[Delivery]) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = defaultdict(list)
    wishes = [save.pre_save_id for save in saves]
    for row in Delivery.objects.filter(pre_save__in=wishes).exclude(action=Action.SAVE):
        found[row.pre_save_id].append(row)
    return found


def _line(save: Delivery, beside: Sequence[Delivery]) -> FanLine:
    wish = save.pre_save
    playlist = next((row for row in beside if row.action == Action.PLAYLIST), None)
    follows = Counter(row.state for row in beside if row.action == Action.FOLLOW)
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
        playlist=playlist.state if playlist else "",
        playlist_reason=playlist.reason if playlist else "",
        follows=sum(follows.values()) - follows[State.WITHDRAWN],
        follows_delivered=follows[State.DELIVERED] + follows[State.VERIFIED],
        language=wish.language,
        zone=wish.zone,
    )
