"""Lists of saves, a page at a time, of campaigns of any size.

Saves that stand alike (service, state, reason) lie side by side in the index `delivery_by_state`, in the order of
their ids: a page is the newest of each such group, put together. No page is found by counting those before it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet

from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery.models import Delivery
from upbeat.fans.models import Fan
from upbeat.providers.base import Action
from upbeat.providers.registry import names

_NEWEST = """
SELECT id FROM (
    SELECT id FROM delivery_delivery
     WHERE campaign_id = %s AND service = %s AND action = %s AND state = %s AND reason = %s AND id < %s
     ORDER BY id DESC LIMIT %s
) AS stand_alike
"""
_HIGHEST = 2**63 - 1
_STEP, _MOST_STEPS = 500, 40
"""How many codes are looked at in one go, and in how many goes: more than one sign's share of half a million fans."""


@dataclass(frozen=True, slots=True)
class Group:
    """Saves that stand alike, and how many they are."""

    service: str
    state: State
    reason: str
    number: int


def groups(campaign: Campaign) -> list[Group]:
    """Every pre-save is in one of these."""
    return [group for service in names() for group in _groups(campaign, service)]


def newest(campaign: Campaign, among: Sequence[Group], most: int, before: int | None = None) -> list[int]:
    """The ids of the newest saves in these groups, newest first; `before`: of those with a smaller id."""
    if not among:
        return []
    below = _HIGHEST if before is None else before
    values: list[str | int] = []
    for group in among:
        values += [campaign.pk, group.service, Action.SAVE, group.state.value, group.reason, below, most]
    sql = " UNION ALL ".join([_NEWEST] * len(among)) + " ORDER BY id DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, most])
        return [row[0] for row in cursor.fetchall()]


def _groups(campaign: Campaign, service: str) -> list[Group]:
    """Service by service: so the index gives the groups one after the other, and none has to be sorted."""
    saves = campaign.deliveries.filter(service=service, action=Action.SAVE).order_by()
    rows = saves.values_list("state", "reason").annotate(number=Count("*"))
    return [Group(service, State(state), reason, number) for state, reason, number in rows]


def by_code(
    campaign: Campaign, prefix: str, wanted: Callable[[Delivery], bool], most: int, after: str = ""
) -> tuple[list[int], str]:
    """The wanted saves of fans whose code begins so, in the order of the codes; `after`: behind this one.

    Returns their ids (all of a fan's, so they may be a few more than `most`), and the code to go on after; empty: there
    are no more. Walks the codes and looks up what they asked for: the first are there at once in any campaign.
    """
    found: list[int] = []
    last = ""
    for _ in range(_MOST_STEPS):
        fans = list(codes_from(prefix, after).values_list("id", "code")[:_STEP])
        mine = _saves(campaign, [fan for fan, _ in fans], wanted)
        for fan, code in fans:
            if fan not in mine:
                continue
            if len(found) >= most:
                return found, last
            found, last = found + mine[fan], code
        if len(fans) < _STEP:
            return found, ""
        after = fans[-1][1]
    return found, after


def _saves(campaign: Campaign, fans: list[int], wanted: Callable[[Delivery], bool]) -> dict[int, list[int]]:
    saves = Delivery.objects.filter(pre_save__fan__in=fans, action=Action.SAVE).select_related("pre_save")
    mine: dict[int, list[int]] = defaultdict(list)
    for save in saves.only("state", "reason", "service", "campaign", "pre_save__fan").order_by("id"):
        if save.campaign_id == campaign.pk and wanted(save):
            mine[save.pre_save.fan_id].append(save.pk)
    return mine


def codes_from(prefix: str, after: str) -> QuerySet[Fan]:
    """Fans whose code begins so, in the order of their codes: a range of the unique index, which SQLite would not use
    for a pattern."""
    codes = Fan.objects.filter(code__gte=prefix, code__lte=prefix + "Z" * 8, code__startswith=prefix)
    if after:
        codes = codes.filter(code__gt=after)
    return codes.order_by("code")
