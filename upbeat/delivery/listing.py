"""Lists of fans by their main action (the save, or the reminder), a page at a time, of campaigns of any size.

Those that stand alike (service, state, reason) lie side by side in the index `delivery_by_state`, in the order of
their ids: a page is the newest of each such group, put together. No page is found by counting those before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet

from upbeat.campaigns.models import Campaign
from upbeat.core.channels import CHANNELS, MAIN, main_action
from upbeat.core.delivery import State
from upbeat.delivery.models import Delivery
from upbeat.fans.models import Fan
from upbeat.providers.registry import names

_NEWEST = """
SELECT id FROM (
    SELECT id FROM delivery_delivery
     WHERE campaign_id = %s AND service = %s AND action = %s AND state = %s AND reason = %s AND id < %s
     ORDER BY id DESC LIMIT %s
) AS stand_alike
"""
_HIGHEST = 2**63 - 1
_FEW = 2_000
_STEP, _LONGEST_STEP, _MOST_STEPS = 100, 2_000, 14
"""How many codes are looked at in the first go, at most in one, and in how many goes: more than one sign's share of
half a million fans."""


@dataclass(frozen=True, slots=True)
class Group:
    """Saves that stand alike, and how many they are."""

    service: str
    state: State
    reason: str
    number: int


def everywhere() -> tuple[str, ...]:
    """Every service and every channel a pre-save may be on, in the order they are listed."""
    return (*names(), *CHANNELS)


def groups(campaign: Campaign) -> list[Group]:
    """Every pre-save is in one of these."""
    return [group for service in everywhere() for group in _groups(campaign, service)]


def newest(campaign: Campaign, among: Sequence[Group], most: int, before: int | None = None) -> list[int]:
    """The ids of the newest saves in these groups, newest first; `before`: of those with a smaller id."""
    if not among:
        return []
    below = _HIGHEST if before is None else before
    values: list[str | int] = []
    for group in among:
        action = main_action(group.service)
        values += [campaign.pk, group.service, action, group.state.value, group.reason, below, most]
    sql = " UNION ALL ".join([_NEWEST] * len(among)) + " ORDER BY id DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, most])
        return [row[0] for row in cursor.fetchall()]


def _groups(campaign: Campaign, service: str) -> list[Group]:
    """Service by service: so the index gives the groups one after the other, and none has to be sorted."""
    saves = campaign.deliveries.filter(service=service, action=main_action(service)).order_by()
    rows = saves.values_list("state", "reason").annotate(number=Count("*"))
    return [Group(service, State(state), reason, number) for state, reason, number in rows]


def by_code(
    campaign: Campaign, prefix: str, among: Sequence[Group], most: int, after: str = ""
) -> tuple[list[int], str]:
    """The saves in these groups of fans whose code begins so, in the order of the codes; `after`: behind this one.

    Returns their ids (all of a fan's, so they may be a few more than `most`), and the code to go on after; empty: there
    are no more. Few saves are looked through for the codes; among many, the codes are looked through for saves.
    """
    if sum(group.number for group in among) <= _FEW:
        codes = _codes_of(newest(campaign, among, _FEW), prefix, after)
        found, last = _first(codes, most)
        return found, last if len(found) < len(codes) else ""
    wanted = {(group.service, group.state.value, group.reason) for group in among}
    walked: list[tuple[str, int]] = []
    step = _STEP
    for _ in range(_MOST_STEPS):
        fans = list(codes_from(prefix, after).values_list("id", "code")[:step])
        walked += _saves(campaign, dict(fans), wanted)
        found, last = _first(walked, most)
        if len(found) < len(walked):
            return found, last
        if len(fans) < step:
            return found, ""
        after, step = fans[-1][1], min(2 * step, _LONGEST_STEP)
    return found, after


def _first(saves: Sequence[tuple[str, int]], most: int) -> tuple[list[int], str]:
    """The first fans' saves until they are `most`, and the last of these fans' codes."""
    found: list[int] = []
    last = ""
    for code, save in saves:
        if len(found) >= most and code != last:
            break
        found.append(save)
        last = code
    return found, last


def _codes_of(ids: Sequence[int], prefix: str, after: str) -> list[tuple[str, int]]:
    rows = Delivery.objects.filter(pk__in=ids).values_list("pre_save__fan__code", "id")
    return sorted((code, save) for code, save in rows if code.startswith(prefix) and code > after)


def _saves(
    campaign: Campaign, codes: dict[int, str], wanted: set[tuple[str, str, str]]
) -> list[tuple[str, int]]:
    """What these fans want of the campaign. It is not asked for in SQL, or SQLite would go through all its fans."""
    saves = Delivery.objects.filter(pre_save__fan__in=list(codes), action__in=MAIN)
    rows = saves.values_list("pre_save__fan", "id", "campaign", "service", "state", "reason")
    mine = [
        (codes[fan], save) for fan, save, of, *stands in rows if of == campaign.pk and tuple(stands) in wanted
    ]
    place = {code: number for number, code in enumerate(codes.values())}
    return sorted(mine, key=lambda one: (place[one[0]], one[1]))


def codes_from(prefix: str, after: str) -> QuerySet[Fan]:
    """Fans whose code begins so, in the order of their codes: a range of the unique index, which SQLite would not use
    for a pattern."""
    codes = Fan.objects.filter(code__gte=prefix, code__lte=prefix + "Z" * 8, code__startswith=prefix)
    if after:
        codes = codes.filter(code__gt=after)
    return codes.order_by("code")
