"""Whom fans may follow: added by link, URI or search, ticked or not at the start, removed."""

from asgiref.sync import async_to_sync
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from upbeat import clock
from upbeat.campaigns import avatars, follow_search, follow_targets, setup
from upbeat.campaigns.describe import catalogues
from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.campaigns.trouble import Trouble
from upbeat.core.problem import Problem
from upbeat.providers.base import Entity
from upbeat.web.dashboard import fragments, shell
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.dashboard.editor import editor

Answer = Entity | list[Entity] | Problem


@signed_in
@require_POST
def add_follow(request: HttpRequest, id: int) -> HttpResponse:
    """Add whoever the link names, or list who the words may mean. What cannot be added stays in the field."""
    campaign = campaign_or_404(request, id)
    text = request.POST.get("who", "")
    answer = async_to_sync(_find)(text)
    if isinstance(answer, list):
        _note(campaign, None, "")
        return _section(request, campaign, found=answer, searched=text)
    added = (
        answer if isinstance(answer, Problem) else _add(campaign, answer, main=bool(request.POST.get("main")))
    )
    _note(campaign, added if isinstance(added, Problem) else None, text)
    return _section(request, campaign)


@signed_in
@require_POST
def change_follow(request: HttpRequest, id: int, target_id: int) -> HttpResponse:
    """Tick or untick at the start, or take off the list."""
    campaign = campaign_or_404(request, id)
    if request.POST.get("do") == "remove":
        gone = follow_targets.remove(campaign, target_id)
        if gone is not None:
            _note(campaign, None, "")
    else:
        follow_targets.tick(campaign, target_id, request.POST.get("ticked") == "on")
    return _section(request, campaign)


async def _find(text: str) -> Answer:
    async with catalogues() as providers:
        return await follow_search.find(text, providers)


def _add(campaign: Campaign, entity: Entity, *, main: bool) -> FollowTarget | Problem:
    added = follow_targets.add(campaign, entity, main=main)
    if isinstance(added, FollowTarget) and entity.image_url and not added.image:
        path = async_to_sync(avatars.fetch)(entity)
        if path:
            follow_targets.keep_picture(added, path)
    return added


@transaction.atomic
def _note(campaign: Campaign, problem: Problem | None, text: str) -> None:
    setup.locked(campaign)
    if problem is None:
        setup.let_go(campaign, "follow")
    else:
        setup.keep(campaign, "follow", Trouble(problem, "who"), {"who": text[:1000]})


def _section(request: HttpRequest, campaign: Campaign, **more: object) -> HttpResponse:
    """The section anew. Without script a list of names found is a page of its own, everything else goes back."""
    if request.headers.get("HX-Request"):
        return fragments.section(request, campaign, "follows.html", **more)
    if more:
        context = editor(campaign, clock.now()) | more
        return shell.release_page(request, "dashboard/set_up.html", campaign, "page", **context)
    return redirect(reverse("set_up", args=[campaign.pk]) + "#follows")
