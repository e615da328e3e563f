"""The team's word on where the release is: the link a service has to be told, and whether what one shows is it."""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from upbeat import clock
from upbeat.artists.models import Person
from upbeat.campaigns import confirm
from upbeat.campaigns.fill_in import add_link
from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.core.link import Link
from upbeat.core.problem import Problem
from upbeat.delivery import guard
from upbeat.providers.base import Found
from upbeat.web.dashboard import fragments
from upbeat.web.dashboard.access import campaign_or_404, person_of, signed_in
from upbeat.web.dashboard.delivery.pasted import leads, read_link

_LONGEST = 1000


@signed_in
@require_POST
def add_found(request: HttpRequest, id: int, service: str) -> HttpResponse:
    """The link of the release on a service that finds nothing by a code. It is looked at, and compared, at once."""
    campaign, text = campaign_or_404(request, id), request.POST.get("url", "")[:_LONGEST]
    link = read_link(text, service)
    if isinstance(link, Problem):
        return _refused(request, campaign, service, text, link)
    found, now = leads(link, campaign.release).found, clock.now()
    if campaign.state == Campaign.PUBLISHED:
        _use(campaign, link, found, person_of(request), now)
    else:
        add_link(campaign, link, found, now)
    return fragments.section(request, campaign, "found.html") if _is_htmx(request) else _back(id)


def _refused(
    request: HttpRequest, campaign: Campaign, service: str, text: str, wrong: Problem
) -> HttpResponse:
    if _is_htmx(request):
        said = {"wrong": wrong, "wrong_on": service, "wrong_url": text}
        return fragments.section(request, campaign, "found.html", **said)
    messages.error(request, f"{wrong.wrong} {wrong.right}")
    return _back(campaign.pk)


@transaction.atomic
def _use(campaign: Campaign, link: Link, found: Found | None, person: Person, now: datetime) -> None:
    """Fans may wait for it: who does goes at once, or is held where it is not what was announced."""
    mine, _ = ServiceLink.objects.get_or_create(release=campaign.release, service=link.service)
    guard.use_link(mine, link, person, now)
    if found is not None:
        guard.take(ServiceLink.objects.select_related("release__artist").get(pk=mine.pk), found, now)


def _is_htmx(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _back(id: int) -> HttpResponse:
    return redirect(reverse("set_up", args=[id]) + "#found")


@signed_in
@require_POST
def answer_found(request: HttpRequest, id: int, service: str) -> HttpResponse:
    """ "It is this one", or "Not this one"."""
    campaign = campaign_or_404(request, id)
    if request.POST.get("do") == "confirm":
        confirm.confirm(campaign, service, person_of(request), clock.now())
    elif request.POST.get("do") == "reject":
        confirm.reject(campaign, service)
    return fragments.section(request, campaign, "found.html") if _is_htmx(request) else _back(id)
