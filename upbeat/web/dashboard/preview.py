"""The real fan page with a draft's data, in the phone beside the form: before, success, after."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from upbeat import clock
from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.campaigns.publish import suggested_slug
from upbeat.core.hosts import label_of
from upbeat.providers.registry import capabilities, names
from upbeat.web.connect.permission import offered_follows
from upbeat.web.dashboard import shell
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.fan import public
from upbeat.web.fan.sleeve import opens, sleeve
from upbeat.web.pages.render import Rendered, render_before, render_released, render_success
from upbeat.web.pages.view import (
    ConsentPart,
    Extras,
    FollowRow,
    PlaylistPart,
    ServiceRow,
    SuccessPage,
)
from upbeat.web.security import fan_csp

WHICH = ("before", "success", "after")
_NO_DATE_YET = timedelta(days=30)


@signed_in
@require_safe
@xframe_options_sameorigin
def preview(request: HttpRequest, id: int, which: str) -> HttpResponse:
    """One of the three, as a document of its own. Only our own pages may frame it."""
    campaign = campaign_or_404(request, id)
    if which not in WHICH:
        raise Http404
    now = clock.now()
    _stand_in(campaign, now)
    page = {"before": _before, "success": _success, "after": _after}[which](campaign, now)
    csp = fan_csp(page.style_hashes).replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return HttpResponse(page.html, headers={"Content-Security-Policy": csp})


@signed_in
@require_safe
def previews(request: HttpRequest, id: int) -> HttpResponse:
    """The preview on a page of its own: all a phone shows."""
    campaign = campaign_or_404(request, id)
    which = request.GET.get("show", "before")
    if which not in WHICH:
        raise Http404
    return shell.page(request, "dashboard/preview.html", campaign=campaign, which=which, all=WHICH)


def _stand_in(campaign: Campaign, now: datetime) -> None:
    """What a draft does not have yet, so that the page can be drawn. Never saved."""
    campaign.opens_at = campaign.opens_at or now + _NO_DATE_YET
    campaign.release.title = campaign.release.title or "Untitled"
    campaign.release.artist.name = campaign.release.artist.name or "The artist"
    campaign.slug = campaign.slug or suggested_slug(campaign)


def _before(campaign: Campaign, now: datetime) -> Rendered:
    page = public.before(campaign, now)
    return render_before(replace(page, sleeve=replace(page.sleeve, jump_url="")))


def _after(campaign: Campaign, now: datetime) -> Rendered:
    """As if every service had found it."""
    page = public.released(campaign)
    there = {row.service for row in page.services}
    rows = [
        ServiceRow(row.service, row.name, "play", row.url)
        for row in public.before(campaign, now).services
        if row.opens_sheet and row.service not in there
    ]
    return render_released(replace(page, services=(*page.services, *rows)))


def _success(campaign: Campaign, now: datetime) -> Rendered:
    rows = public.before(campaign, now).services
    service = next((row.service for row in rows if row.opens_sheet and row.verb != "remind"), names()[0])
    follows = tuple(
        FollowRow(
            str(one.pk),
            one.name,
            cast("Literal['artist', 'playlist', 'user']", one.kind),
            _picture(one),
            one.main or one.ticked,
        )
        for one in offered_follows(campaign, service)
    )
    extras = Extras(
        action=f"/{campaign.slug}/{service}/yours",
        follows=follows if capabilities(service).follow_now else (),
        playlist=PlaylistPart() if campaign.offers_playlist else None,
        consent=ConsentPart() if campaign.offers_email else None,
        follow_asks=campaign.strict,
    )
    page = SuccessPage(sleeve(campaign), service, label_of(service), opens(campaign), extras)
    return render_success(page)


def _picture(target: FollowTarget) -> str:
    return f"/media/{target.image}" if target.image else ""
