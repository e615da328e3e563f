"""Lists of saves, a page at a time, of campaigns of any size.

Saves that stand alike (service, state, reason) lie side by side in the index `delivery_by_state`, in the order of
their ids: a page is the newest of each such group, put together. No page is found by counting those before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.db.models import Count

from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.providers.base import Action
from upbeat.providers.registry import names

_MANY = 20_000
_FRESH_SECONDS = 3
"""How long the groups of a campaign with many fans are as good as counted now."""

_NEWEST = """
SELECT id FROM (
    SELECT id FROM delivery_delivery
     WHERE campaign_id = %s AND service = %s AND action = %s AND state = %s AND reason = %s AND id < %s
     ORDER BY id DESC LIMIT %s
) AS stand_alike
"""
_HIGHEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Group:
    """Saves that stand alike, and how many they are."""

    service: str
    state: State
    reason: str
    number: int


def groups(campaign: Campaign) -> list[Group]:
    """Every pre-save is in one of these. Of a campaign with many fans it may be a count of three seconds ago."""
    key = f"groups:{campaign.pk}"
    kept: list[Group] | None = cache.get(key)
    if kept is not None:
        return kept
    found = [group for service in names() for group in _groups(campaign, service)]
    if sum(group.number for group in found) > _MANY:
        cache.set(key, found, _FRESH_SECONDS)
    return found


def newest(campaign: Campaign, among: Sequence[Group], most: int, before: int | None = None) -> list[int]:
    """The ids of the newest saves in these groups, newest first; `before`: of those with a smaller id."""
    if not among:
        return []
    below = _HIGHEST if before is None else before
    values: list[object] = []
    for group in among:
        values += [campaign.pk, group.service, Action.SAVE, group.state.value, group.reason, below, most]
    sql = " UNION ALL ".join([_NEWEST] * len(among)) + " ORDER BY id DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, most])
        return [row[0] for row in cursor.fetchall()]


def _groups(campaign: Campaign, service: str) -> list[Group]:
    """Service by service: so the index gives the groups one after the other, and none has to be sorted."""
    saves = campaign.deliveries.filter(service=service, action=Action.SAVE).order_by()
    rows = saves.values_list("state", "reason").annotate(number=Count("id"))
    return [Group(service, State(state), reason, number) for state, reason, number in rows]
