"""The fan's pages that wait for nothing but the database: Django's views, behind the fast path."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.clicks.counter import count
from upbeat.clicks.crawlers import is_crawler
from upbeat.clicks.models import HourlyCount
from upbeat.core.channels import EMAIL
from upbeat.core.hosts import label_of
from upbeat.core.outcome import Outcome
from upbeat.core.release_clock import Phase
from upbeat.fans.grants import connects_late
from upbeat.providers.registry import capabilities
from upbeat.web import security
from upbeat.web.connect import musickit
from upbeat.web.connect.permission import first_asks_follow
from upbeat.web.fan import personal, public
from upbeat.web.fan.calendar import FILE, GOOGLE, OUTLOOK, calendar_file, forms
from upbeat.web.fan.cookies import zone_of
from upbeat.web.fan.mine import Mine, by_key, mine, mine_beside, reminder
from upbeat.web.fan.receipt import receipt
from upbeat.web.fan.reminding import before_with_sheet, remind_sheet
from upbeat.web.fan.rescue import rescued
from upbeat.web.fan.rows import Fallen
from upbeat.web.fan.said import FALLS, Said, news_band
from upbeat.web.fan.zone import may_change
from upbeat.web.pages.render import (
    Rendered,
    render_before,
    render_calendar,
    render_receipt,
    render_released,
    render_sheet,
)
from upbeat.web.pages.view import BeforePage, CalendarSheet, NewsBand, PermissionSheet
from upbeat.web.standing import saves_at_once

View = Callable[..., HttpResponse]


def on_campaign(view: View) -> View:
    """Hand the published campaign at the address to a view that is only read; 404 where there is none."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, **more: str) -> HttpResponse:
        campaign = public.published(slug)
        if campaign is None:
            raise Http404
        return view(request, campaign, **more)

    return require_safe(found)


@on_campaign
def page(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """/<slug> for a fan with a receipt, or before the fast path knows of it."""
    now, own = clock.now(), mine(campaign, request.COOKIES)
    if request.method == "GET":
        crawler = is_crawler(request.headers.get("user-agent", ""))
        count(campaign.pk, HourlyCount.VIEW, crawler=crawler, now=now)
    if not campaign.is_out_for(_zone(request, own), now):
        asked = {service: band for service, one in own.items() if (band := personal.again(one))}
        ahead = public.before(campaign, now, done=own.keys() - asked.keys())
        ahead = replace(ahead, yours=next(iter(asked.values()), None))
        if key := reminder(campaign, request.COOKIES):
            ahead = replace(ahead, date=replace(ahead.date, remind_url=f"/r/{key}", reminded=True))
        return _shown(render_before(ahead))
    first = _first(own)
    if first is None:
        return _shown(render_released(public.released(campaign)))
    return _shown(
        render_released(public.released(campaign, yours=personal.yours(first), receipt_key=first.key))
    )


@on_campaign
def sheet(request: HttpRequest, campaign: Campaign, service: str) -> HttpResponse:
    """/<slug>/<service>: one sentence, and the form that starts the trip."""
    now, own = clock.now(), mine(campaign, request.COOKIES)
    if not public.offers_save(campaign, service, now):
        raise Http404
    asks_again = service in own and personal.yours(own[service]).state == "reconnect"
    out = campaign.is_out_for(_zone(request, own), now)
    asks_late = connects_late(service) and service not in own
    if out and not (asks_again or asks_late):
        return HttpResponseRedirect(f"/{campaign.slug}")
    on_the_day = not capabilities(service).follow_now
    permission = PermissionSheet(
        service=service,
        label=label_of(service),
        action=f"/{campaign.slug}/{service}",
        asks_follow=first_asks_follow(campaign, service) and not on_the_day,
        follows_on_the_day=on_the_day,
        at_once=out or saves_at_once(campaign, service, now),
        remind_url=f"/{campaign.slug}/remind?to={service}",
    )
    below = public.before(campaign, now, done=own)
    away = rescued(request, campaign, permission, now)
    if away is not None:
        return _shown(render_sheet(below, away))
    if musickit.asks_here(service):
        return _shown_with_musickit(request, below, permission, asks_again=asks_again)
    return _shown(render_sheet(below, permission))


@on_campaign
def became(request: HttpRequest, campaign: Campaign, service: str, said: str) -> HttpResponse:
    """/<slug>/<service>/cancelled and so on: what became of a trip that recorded nothing."""
    now, reason = clock.now(), FALLS.get(said)
    band = news_band(said, campaign, service, native=public.native_way(campaign, service) if reason else "")
    may_be = public.offers_save(campaign, service, now) or (reason and public.lets_in(campaign, service))
    if band is None or not may_be:
        raise Http404
    if said == Said.TRY_AGAIN and musickit.asks_here(service):
        band = replace(band, again_url=f"{band.again_url}?fresh=1")
    fallen = Fallen(service, reason) if reason else None
    done = mine(campaign, request.COOKIES)
    return _shown(render_before(public.before(campaign, now, done=done, fallen=fallen, band=band)))


@on_campaign
def remind(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """/<slug>/remind: the ways to be reminded; `?to=tidal` has chosen the service."""
    now, own = clock.now(), mine(campaign, request.COOKIES)
    if campaign.is_out_for(_zone(request, own), now):
        return HttpResponseRedirect(f"/{campaign.slug}")
    sheet = remind_sheet(campaign, request.GET.get("to", ""), now)
    return _shown(before_with_sheet(campaign, now, request.COOKIES, sheet))


@on_campaign
def asked(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """/<slug>/remind/sent: the letter is under way."""
    band = NewsBand("reminder_sent", EMAIL, label_of(EMAIL))
    own = mine(campaign, request.COOKIES)
    return _shown(render_before(public.before(campaign, clock.now(), done=own, band=band)))


@on_campaign
def calendar(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """/<slug>/calendar: which one?"""
    now, own = clock.now(), mine(campaign, request.COOKIES)
    if campaign.is_out_for(_zone(request, own), now):
        return HttpResponseRedirect(f"/{campaign.slug}")
    names = {GOOGLE: "Google Calendar", OUTLOOK: "Outlook.com"}
    sheet = CalendarSheet(
        file_url=f"/{campaign.slug}/release.ics",
        forms=tuple((name, f"/{campaign.slug}/calendar/{to}") for to, name in names.items()),
    )
    return _shown(render_calendar(public.before(campaign, now, done=own), sheet))


@on_campaign
def calendar_form(request: HttpRequest, campaign: Campaign, to: str) -> HttpResponse:
    """/<slug>/calendar/google and so on: to that calendar's own form, and nowhere else."""
    url = forms(campaign).get(to)
    if url is None:
        raise Http404
    _count(request, campaign, HourlyCount.CALENDAR, to)
    answer = HttpResponseRedirect(url)
    answer["Cache-Control"] = "no-store"
    return answer


@on_campaign
def release_ics(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """/<slug>/release.ics"""
    _count(request, campaign, HourlyCount.CALENDAR, FILE)
    answer = HttpResponse(calendar_file(campaign, clock.now()), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{campaign.slug}.ics"'
    answer["Cache-Control"] = "no-cache"
    return answer


@on_campaign
def way(request: HttpRequest, campaign: Campaign, kind: str, to: str) -> HttpResponse:
    """/<slug>/to/… and /play/… that the fast path does not know: to the stored address and nowhere else.

    Of a local release that is out for some, all ways are open: nobody's link depends on where it is opened.
    """
    now = clock.now()
    found = public.ways(campaign, Phase.OUT if campaign.is_out(now) else Phase.BEFORE).get(f"{kind}/{to}")
    if found is None:
        raise Http404
    url, what, subject = found
    count(campaign.pk, what, subject, crawler=is_crawler(request.headers.get("user-agent", "")), now=now)
    answer = HttpResponseRedirect(url)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def own_receipt(request: HttpRequest, key: str) -> HttpResponse:
    """/r/<key>: for whoever holds the link."""
    own = by_key(key)
    if own is None or own.pre_save.campaign.state == Campaign.DRAFT:
        raise Http404
    campaign = own.pre_save.campaign
    ahead = campaign.state == Campaign.PUBLISHED and not campaign.is_out_for(own.pre_save.zone, clock.now())
    holds = own.pre_save.withdrawn_at is None and may_change(own.pre_save, key, request.COOKIES)
    beside = mine_beside(own, request.COOKIES) if holds else []
    return _shown(render_receipt(receipt(own, changes=ahead and holds, beside=beside)))


def _count(request: HttpRequest, campaign: Campaign, what: str, subject: str = "") -> None:
    """A tap; nothing for who only asks whether there is something (HEAD)."""
    if request.method == "GET":
        crawler = is_crawler(request.headers.get("user-agent", ""))
        count(campaign.pk, what, subject, crawler=crawler, now=clock.now())


def _shown_with_musickit(
    request: HttpRequest, below: BeforePage, permission: PermissionSheet, *, asks_again: bool
) -> HttpResponse:
    """The sheet of a service that asks on it."""
    service, home = permission.service, below.sleeve.home
    name = below.sleeve.imprint_name or below.sleeve.artist
    part = musickit.part(service, name, fresh=asks_again or "fresh" in request.GET)
    if isinstance(part, Outcome):
        return HttpResponseRedirect(f"{home}/{service}/{Said.CLOSED}")
    rendered = render_sheet(below, replace(permission, musickit=part))
    answer = _shown(rendered)
    for header, value in musickit.headers(service, rendered.style_hashes).items():
        answer[header] = value
    return answer


def _first(own: dict[str, Mine]) -> Mine | None:
    """The fan's pre-save to show first: one that is in the library, if there is one."""
    return min(own.values(), key=lambda one: personal.yours(one).state != "in_library", default=None)


def _zone(request: HttpRequest, own: dict[str, Mine]) -> str:
    """Whose clock decides: the one of the fan's pre-save, else what this browser has told us."""
    kept = (one.pre_save.zone for one in own.values() if one.pre_save.zone)
    return next(kept, "") or zone_of(request.COOKIES)


def _shown(rendered: Rendered) -> HttpResponse:
    """A page for this fan alone."""
    answer = HttpResponse(rendered.html)
    answer["Content-Security-Policy"] = security.fan_csp(rendered.style_hashes)
    answer["Cache-Control"] = "no-store"
    return answer
