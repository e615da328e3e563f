"""Start with a link: what was pasted becomes a draft that is filled in as far as anybody knows."""

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from upbeat import clock
from upbeat.campaigns import setup
from upbeat.campaigns.describe import Described, Source, catalogues, describe, read_pasted
from upbeat.campaigns.fill_in import fill_in
from upbeat.core.problem import Problem
from upbeat.web.dashboard import shell
from upbeat.web.dashboard.access import person_of, signed_in, team_of
from upbeat.web.dashboard.rungs import stands
from upbeat.web.dashboard.suggestion import keep_suggestion


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new campaign, from what was pasted or empty."""
    if request.method != "POST":
        return start_page(request)
    text = request.POST.get("source", "")
    empty = request.POST.get("start") == "empty"
    source = Source() if empty else async_to_sync(read_pasted)(text)
    if isinstance(source, Problem):
        return start_page(request, typed=text, problem=source)
    described = None if empty else async_to_sync(ask)(source)
    campaign = setup.draft(team_of(request), zone=person_of(request).zone, now=clock.now())
    if described is not None:
        messages.info(request, fill_in(campaign, described, clock.now()))
        async_to_sync(keep_suggestion)(campaign.pk, described)
    return redirect("set_up", campaign.pk)


async def ask(source: Source) -> Described:
    """What the services of this installation know about it."""
    async with catalogues() as providers:
        return await describe(source, providers)


def start_page(request: HttpRequest, *, typed: str = "", problem: Problem | None = None) -> HttpResponse:
    """The field to paste into."""
    status = 422 if problem else 200
    return shell.page(
        request, "dashboard/start.html", status=status, typed=typed, problem=problem, stands=stands()
    )
