"""What htmx swaps in: parts of the page by their id, and nothing else."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.campaigns.setup import Settled
from upbeat.web.dashboard import shell
from upbeat.web.dashboard.editor import editor, question

_FOLDER = "dashboard/set_up/"
WHOLE = {
    "when": "when.html",
    "slug": "slug.html",
}
"""The template of a question whose fields a remedy changes."""


def answered(
    request: HttpRequest, campaign: Campaign, settled: Mapping[str, Settled], *, whole: str = ""
) -> HttpResponse:
    """The words below each field that was answered (or all of the `whole` question), and the page's standing."""
    context = _context(campaign)
    parts = []
    for key, one in settled.items():
        shown = question(campaign, key, one.said)
        template = WHOLE[whole] if key == whole else "says.html"
        parts.append(_part(request, template, context | {"one": shown, "q": context["q"] | {key: shown}}))
    if "kind" in settled or "upc" in settled:
        parts.append(_part(request, "isrc.html", context | {"one": context["q"]["isrc"]}))
    return _answer(request, context, parts)


def section(request: HttpRequest, campaign: Campaign, template: str, **more: Any) -> HttpResponse:
    """A whole section anew (links, follows), and the page's standing."""
    context = _context(campaign) | more
    return _answer(request, context, [_part(request, template, context)])


def _context(campaign: Campaign) -> dict[str, Any]:
    return shell.sleeve(campaign, "page") | editor(campaign, clock.now())


def _part(request: HttpRequest, template: str, context: dict[str, Any]) -> str:
    return render_to_string(_FOLDER + template, context | {"swap": True}, request)


def _answer(request: HttpRequest, context: dict[str, Any], parts: list[str]) -> HttpResponse:
    parts.append(_part(request, "standing.html", context))
    return HttpResponse("".join(parts), headers={"HX-Trigger": "page-changed"})
