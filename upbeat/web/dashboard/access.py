"""Who may see what: signed-in people, the campaigns of their own teams, and nothing of anybody else's."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect

from upbeat.artists.models import Person, Team
from upbeat.campaigns.models import Campaign

P = ParamSpec("P")


def signed_in(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Only for people who are signed in; others are sent to the door and come back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_the_door(request)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


def person_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def team_of(request: HttpRequest) -> Team:
    """The team a new campaign belongs to: the person's first."""
    team = Team.objects.filter(members__person=person_of(request)).order_by("members__id").first()
    if team is None:
        raise Http404
    return team


def campaigns_of(request: HttpRequest) -> Any:
    """All campaigns of the person's teams."""
    mine = Campaign.objects.filter(release__artist__team__members__person=person_of(request))
    return mine.select_related("release__artist__team", "release__cover")


def campaign_or_404(request: HttpRequest, id: int) -> Campaign:
    """The campaign, if it is one of the person's teams'. Another team's does not exist for them."""
    campaign: Campaign | None = campaigns_of(request).filter(pk=id).first()
    if campaign is None:
        raise Http404
    return campaign


def _to_the_door(request: HttpRequest) -> HttpResponseBase:
    if not Person.objects.exists():
        return redirect("first_run")
    here = (
        request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else ""
    )
    door = f"{settings.LOGIN_URL}?{urlencode({'next': here})}" if here else settings.LOGIN_URL
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": door})
    return HttpResponseRedirect(door)
