"""The page everybody sees: before the release the pre-save, after it the smart link."""

from collections.abc import Container
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from upbeat import clock
from upbeat.campaigns.listed import is_listed, is_native, native_of
from upbeat.campaigns.models import Campaign, Offer, ServiceLink
from upbeat.clicks.models import HourlyCount
from upbeat.core.ladder import Rung
from upbeat.core.release_clock import Phase
from upbeat.providers.registry import defaults
from upbeat.web.connect.speakers import can_save
from upbeat.web.directory import Face
from upbeat.web.fan import rows
from upbeat.web.fan.sleeve import date_line, sleeve
from upbeat.web.fastpath import Rendered, Way
from upbeat.web.pages.render import render_before, render_released
from upbeat.web.pages.view import BeforePage, NewsBand, ReleasedPage, Sleeve, Yours
from upbeat.web.standing import stand

NEAR = timedelta(days=2)
"""How long before a local release its page begins to ask browsers for their time zone."""


def published(slug: str) -> Campaign | None:
    """The published campaign at an address, with what its page needs."""
    return _with_all().filter(slug=slug, state=Campaign.PUBLISHED).first()


def offers_save(campaign: Campaign, service: str, now: datetime) -> bool:
    """Whether a fan may set out to this service's permission page (after the release: to connect again)."""
    return is_listed(campaign, service) and stand(campaign, service, now).rung is Rung.SAVE


def lets_in(campaign: Campaign, service: str) -> bool:
    """Whether fans of this page may have come back from the service's permission page, wherever it stands by now."""
    return can_save(service) and is_listed(campaign, service)


def native_way(campaign: Campaign, service: str) -> str:
    """The counted way to the service's own page, where the team gave its link."""
    offer = native_of(campaign, service)
    return f"/{campaign.slug}/to/{offer.pk}" if offer else ""


def before(
    campaign: Campaign,
    now: datetime,
    *,
    done: Container[str] = (),
    fallen: rows.Fallen | None = None,
    band: NewsBand | None = None,
) -> BeforePage:
    """1 and 6: before the release. `done`: the services where this fan has pre-saved."""
    return BeforePage(
        sleeve=with_jump(campaign),
        date=date_line(campaign),
        services=rows.services_before(campaign, now, done, fallen),
        shops=rows.shops_before(campaign),
        asks_email=campaign.offers_email,
        band=band,
    )


def released(campaign: Campaign, *, yours: Yours | None = None, receipt_key: str = "") -> ReleasedPage:
    """8: out now. With `yours`, the pre-saver's page."""
    return ReleasedPage(
        sleeve=sleeve(campaign, receipt_key=receipt_key),
        services=rows.services_after(campaign, yours.service if yours and yours.play_url else ""),
        shops=rows.shops_after(campaign),
        songs=campaign.release.track_count,
        yours=yours,
    )


def with_jump(campaign: Campaign) -> Sleeve:
    """The sleeve of a page before the release; in sandbox mode with the way to jump there."""
    jump = f"/_demo/jump?to={campaign.slug}" if settings.SANDBOX else ""
    return replace(sleeve(campaign), jump_url=jump)


def render(campaign_id: int, face: Face) -> Rendered:
    """The page's bytes for the fast path. For a thread."""
    campaign, now = _with_all().get(pk=campaign_id), clock.cached_now()
    if face.phase is Phase.BEFORE:
        ahead = before(campaign, now)
        page = render_before(replace(ahead, sleeve=_asking(ahead.sleeve, campaign, face, now)))
    else:
        out = released(campaign)
        page = render_released(replace(out, sleeve=_asking(out.sleeve, campaign, face, now)))
    return Rendered(page.html.encode(), page.style_hashes, ways(campaign, face.phase))


def _asking(sleeve: Sleeve, campaign: Campaign, face: Face, now: datetime) -> Sleeve:
    """With the question for the browser's time zone, where its answer matters now or soon."""
    near = campaign.local and face.phase is Phase.BEFORE and campaign.is_out(now + NEAR)
    if face.mixed:
        return replace(sleeve, own_time="mixed")
    return replace(sleeve, own_time="near") if near else sleeve


def ways(campaign: Campaign, phase: Phase) -> dict[str, Way]:
    """Where each counted click of a page leads: to the stored addresses and nowhere else."""
    offers = {f"to/{offer.pk}": (offer.url, *_counted(offer, phase)) for offer in campaign.offers.all()}
    links = rows.playable(campaign) if phase is Phase.OUT else []
    plays = {f"play/{link.service}": (_opened(link), str(HourlyCount.PLAY), link.service) for link in links}
    return offers | plays


def _counted(offer: Offer, phase: Phase) -> tuple[str, str]:
    """As what a click counts, and for whom. What a service's own page did before the release, it plays after."""
    if not is_native(offer):
        return str(HourlyCount.OFFER), str(offer.pk)
    return str(HourlyCount.NATIVE if phase is Phase.BEFORE else HourlyCount.PLAY), offer.service


def _with_all() -> QuerySet[Campaign]:
    related = Campaign.objects.select_related("release__artist__team", "release__cover")
    return related.prefetch_related("offers", "follow_targets")


def _opened(link: ServiceLink) -> str:
    """The release's address at the service, or at the sandbox where that plays it."""
    has = settings.SERVICES.get(link.service)
    if has is None:
        return link.url
    own = defaults(link.service).open_url
    return link.url.replace(own, has.open_url, 1) if link.url.startswith(f"{own}/") else link.url
