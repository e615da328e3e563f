"""All fans of a person's teams, and the search in the top bar: a release by its name, a fan by their code."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from upbeat.artists.models import Team
from upbeat.campaigns.models import Campaign
from upbeat.core.channels import MAIN
from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.delivery.listing import codes_from
from upbeat.delivery.models import Delivery
from upbeat.fans.models import Fan
from upbeat.web.dashboard import shell
from upbeat.web.dashboard.access import campaigns_of, person_of, signed_in
from upbeat.web.dashboard.fans_filter import Filter
from upbeat.web.dashboard.fans_words import STATES

_PAGE, _RELEASES = 50, 20
_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Wish:
    """One pre-save of a fan."""

    campaign_id: int
    title: str
    service: str
    label: str
    glyph: str
    state: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fan, and what they wanted."""

    code: str
    wishes: list[Wish]


@signed_in
@require_safe
def everyone(request: HttpRequest) -> HttpResponse:
    """The newest fans, or what was searched for. A code that is one fan's leads straight to their story."""
    chosen, after = Filter.of(request.GET), request.GET.get("after", "")
    teams = list(Team.objects.filter(members__person=person_of(request)).values_list("id", flat=True))
    fans = _fans(teams, chosen, after)
    rows = _rows(fans[:_PAGE])
    if (
        len(rows) == 1
        and rows[0].code == chosen.code
        and len({wish.campaign_id for wish in rows[0].wishes}) == 1
    ):
        return redirect("fan_story", rows[0].wishes[0].campaign_id, rows[0].code)
    more = ""
    if len(fans) > _PAGE:
        more = chosen.address(after=rows[-1].code if chosen.code else str(fans[_PAGE - 1].pk))
    return shell.page(
        request, "dashboard/everyone.html", typed=chosen.typed, rows=rows, more=more,
        releases=_releases(request, chosen.typed), at_fans=True, first=bool(after),
    )  # fmt: skip


def _fans(teams: Sequence[int], chosen: Filter, after: str) -> list[Fan]:
    """One more than a page, so that it is known whether there are more."""
    if chosen.typed and not chosen.code:
        return []
    if chosen.code:
        behind = after[:20] if after.isascii() and after.startswith(chosen.code) else ""
        return list(codes_from(chosen.code, behind).filter(team__in=teams)[: _PAGE + 1])
    fans = Fan.objects.filter(team__in=teams).order_by("-id")
    if after.isascii() and after.isdecimal() and len(after) <= _DIGITS:
        fans = fans.filter(id__lt=int(after))
    return list(fans[: _PAGE + 1])


def _rows(fans: Sequence[Fan]) -> list[Row]:
    related = ("pre_save", "campaign__release")
    saves = Delivery.objects.filter(pre_save__fan__in=fans, action__in=MAIN).select_related(*related)
    wishes: dict[int, list[Wish]] = defaultdict(list)
    for save in saves.order_by("-id"):
        title = save.campaign.release.title or "Untitled"
        label, state = label_of(save.service), STATES[State(save.state)]
        wish = Wish(save.campaign_id, title, save.service, label, save.state, state)
        wishes[save.pre_save.fan_id].append(wish)
    return [Row(fan.code, wishes[fan.pk]) for fan in fans]


def _releases(request: HttpRequest, typed: str) -> list[Campaign]:
    if not typed or "\0" in typed:
        return []
    named = Q(release__title__icontains=typed) | Q(release__artist__name__icontains=typed)
    return list(campaigns_of(request).filter(named).distinct().order_by("-opens_at", "-id")[:_RELEASES])
