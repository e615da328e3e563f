"""The fans of a campaign: searched, narrowed, a page at a time (S29). Quick whatever their number."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upbeat.campaigns.models import Campaign
from upbeat.core.zones import city
from upbeat.delivery import listing
from upbeat.delivery.listing import Group
from upbeat.web.dashboard import shell
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.dashboard.fans_filter import Filter, chips, reasons, services
from upbeat.web.dashboard.fans_rows import Row, rows
from upbeat.web.dashboard.recent import recent

PAGE = 50
_DIGITS = 18
"""More are no id of ours: a cursor somebody made up begins at the first page."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and the address of those behind them."""

    rows: list[Row]
    more: str


@signed_in
@require_safe
def fans(request: HttpRequest, id: int) -> HttpResponse:
    """The list. htmx asks for what it found alone."""
    campaign = campaign_or_404(request, id)
    chosen = Filter.of(request.GET)
    groups = recent("groups", campaign, lambda: listing.groups(campaign))
    cursor = request.GET.get("after", "")
    found: dict[str, Any] = {
        "chosen": chosen,
        "page": _page(campaign, chosen, groups, cursor),
        "chips": chips(chosen, groups),
        "reasons": reasons(chosen, groups),
        "services": services(groups),
        "first": chosen.address() if cursor else "",
        "city": city(campaign.zone),
        "nobody": not groups,
    }
    if request.headers.get("HX-Request"):
        return render(request, "dashboard/fans_found.html", {"campaign": campaign, **found})
    return shell.release_page(request, "dashboard/fans.html", campaign, "fans", **found)


def _page(campaign: Campaign, chosen: Filter, groups: list[Group], cursor: str) -> Page:
    if chosen.says:
        return Page([], "")
    among = [group for group in groups if chosen.takes(group.service, group.state, group.reason)]
    if chosen.code:
        ours = cursor.isascii() and cursor.isprintable() and cursor.startswith(chosen.code)
        found, behind = listing.by_code(campaign, chosen.code, among, PAGE, cursor[:20] if ours else "")
    else:
        known = cursor.isascii() and cursor.isdecimal() and len(cursor) <= _DIGITS
        found = listing.newest(campaign, among, PAGE + 1, int(cursor) if known else None)
        behind = str(found[PAGE - 1]) if len(found) > PAGE else ""
        found = found[:PAGE]
    return Page(rows(campaign, found), chosen.address(after=behind) if behind else "")
