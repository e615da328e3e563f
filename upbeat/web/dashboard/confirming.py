"""The team's word on a release that a service shows and that is not quite what was announced."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from upbeat import clock
from upbeat.campaigns import confirm
from upbeat.web.dashboard import fragments
from upbeat.web.dashboard.access import campaign_or_404, person_of, signed_in


@signed_in
@require_POST
def answer_found(request: HttpRequest, id: int, service: str) -> HttpResponse:
    """ "It is this one", or "Not this one"."""
    campaign = campaign_or_404(request, id)
    if request.POST.get("do") == "confirm":
        confirm.confirm(campaign, service, person_of(request), clock.now())
    elif request.POST.get("do") == "reject":
        confirm.reject(campaign, service)
    if request.headers.get("HX-Request"):
        return fragments.section(request, campaign, "found.html")
    return redirect(reverse("set_up", args=[campaign.pk]) + "#found")
