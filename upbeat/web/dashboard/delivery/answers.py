"""What the team answers on the night: this is right, this is the link, look again."""

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from upbeat import clock
from upbeat.artists.models import Person
from upbeat.campaigns.describe import lengthened
from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.core.hosts import label_of
from upbeat.core.problem import Problem
from upbeat.delivery import guard
from upbeat.delivery.models import Batch
from upbeat.web.dashboard.access import campaign_or_404, person_of, signed_in
from upbeat.web.dashboard.delivery import page
from upbeat.web.dashboard.delivery.pasted import Leads, leads, read_link

_LONGEST = 1000


@signed_in
@require_POST
def right(request: HttpRequest, id: int) -> HttpResponse:
    """ "It is right": what is held goes out, the canary first."""
    campaign = campaign_or_404(request, id)
    service = _service(request, campaign)
    link = campaign.release.links.filter(service=service, held_at__isnull=False).first()
    batch = Batch.objects.filter(campaign=campaign, service=service, held_at__isnull=False).first()
    person, now = person_of(request), clock.now()
    went_on = False
    if link is not None:
        went_on = guard.approve(link, person, now)
    elif batch is not None:
        went_on = guard.release_batch(batch, person, now)
    label = label_of(service)
    messages.info(request, f"{label} goes on." if went_on else f"{label} was not held any more.")
    return redirect("delivery", id)


@signed_in
@require_POST
def link(request: HttpRequest, id: int) -> HttpResponse:
    """A link was pasted: show what it leads to, or, once that has been seen, use it."""
    campaign = campaign_or_404(request, id)
    service, text = _service(request, campaign), request.POST.get("url", "")[:_LONGEST]
    read = read_link(async_to_sync(lengthened)(text), service)
    if isinstance(read, Problem):
        return page.shown(request, campaign, status=422, paste=service, pasted=text, problem=read)
    shown = leads(read, campaign.release)
    if request.POST.get("do") != "deliver":
        return page.shown(request, campaign, paste=service, pasted=text, leads=shown)
    _use(campaign, shown, person_of(request))
    if shown.found is None:
        messages.info(request, f"We look for this link on {label_of(service)}, again and again.")
    else:
        messages.info(request, f"The link is right: {label_of(service)} goes on.")
    return redirect("delivery", id)


@signed_in
@require_POST
def look(request: HttpRequest, id: int) -> HttpResponse:
    """Look for the release now. Whoever delivers does so within a second or two."""
    campaign = campaign_or_404(request, id)
    service = _service(request, campaign)
    missing = campaign.release.links.filter(service=service, found_at=None, held_at=None)
    if missing.update(next_look_at=None):
        messages.info(request, f"We look on {label_of(service)} again, now.")
    return redirect("delivery", id)


@transaction.atomic
def _use(campaign: Campaign, shown: Leads, person: Person) -> None:
    """What has just been looked at needs no second look; who presses the button has seen where it differs."""
    now = clock.now()
    mine, _ = ServiceLink.objects.get_or_create(release=campaign.release, service=shown.link.service)
    guard.use_link(mine, shown.link, person, now)
    if shown.found is None:
        return
    mine = ServiceLink.objects.select_related("release__artist").get(pk=mine.pk)
    if not guard.take(mine, shown.found, now):
        guard.approve(mine, person, now)


def _service(request: HttpRequest, campaign: Campaign) -> str:
    service = request.POST.get("service", "")
    if campaign.state != Campaign.PUBLISHED or service not in page.services_of(campaign):
        raise Http404
    return service
