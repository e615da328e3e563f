"""How the delivery stands: the four headline figures, in total and per service, moving while it runs."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.campaigns.setup import KINDS
from upbeat.core.delivery import Headline
from upbeat.core.hosts import label_of
from upbeat.core.zones import city
from upbeat.delivery.counts import Counts, Standing, counts
from upbeat.delivery.models import Limiter
from upbeat.web.dashboard import shell, words
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.dashboard.reasons import whys

EVERY_SECONDS, NEAR_SECONDS, CALM_SECONDS = 2, 15, 60
_HEADLINES = tuple(headline.value for headline in Headline)
_LEAST_SHARE = 0.9
"""Per cent a count above none takes on the bar at least, so that it is seen."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a progress bar, in per cent of its length."""

    name: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service: its bar, its figures, and what it is doing."""

    service: str
    label: str
    standing: Standing
    figures: dict[str, str]
    bar: list[Part]
    now: str
    waits_until: str
    playlists: int
    follows: int


@signed_in
@require_safe
def delivery(request: HttpRequest, id: int) -> HttpResponse:
    """The page. Its figures come again by themselves; without script a link fetches them."""
    campaign = campaign_or_404(request, id)
    return shell.release_page(
        request, "dashboard/delivery.html", campaign, "delivery", **figures(campaign, clock.now())
    )


@signed_in
@require_safe
def moving(request: HttpRequest, id: int) -> HttpResponse:
    """The figures alone; 304 while none has changed."""
    campaign = campaign_or_404(request, id)
    shown = figures(campaign, clock.now())
    told = repr([value for key, value in sorted(shown.items()) if key not in ("seconds_left", "clock")])
    etag = f'"{hashlib.sha256(told.encode()).hexdigest()[:24]}"'
    headers = {"ETag": etag, "X-Every": str(shown["every"])}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    body = render_to_string("dashboard/figures.html", shell.sleeve(campaign, "delivery") | shown, request)
    return HttpResponse(body, headers=headers)


def figures(campaign: Campaign, now: datetime) -> dict[str, Any]:
    """Everything that moves."""
    found = counts(campaign)
    fans, opens = found.all.fans, campaign.opens_at
    out = campaign.state == Campaign.PUBLISHED and campaign.is_out(now)
    pauses = _pauses(now, campaign.zone) if out and fans.queued else {}
    rows = [_row(service, found, pauses, out) for service in _in_order(found)]
    return {
        "out": out,
        "fans_now": fans,
        "figure": _in_figures(fans),
        "bar": bar(fans),
        "rows": rows,
        "playlists": found.all.playlists.delivered,
        "follows": found.all.follows.delivered,
        "whys": whys(campaign) if fans.could_not_be_delivered else [],
        "head": _head(fans, campaign, out),
        "detail": _detail(fans, out),
        "share": _share(fans),
        "seconds_left": int((opens - now).total_seconds()) if opens and not out else 0,
        "zone_city": city(campaign.zone),
        "clock": words.clock_time(now, campaign.zone),
        "kind_done": f"{KINDS.get(campaign.release.kind, 'Release')}s",
        "every": _every(fans, opens, now, out),
    }


def bar(standing: Standing) -> list[Part]:
    """Delivered, queued, pending, could not: in this order, each count in sight."""
    amounts = {name: amount for name in _HEADLINES if (amount := getattr(standing, name))}
    if not amounts:
        return []
    shares = {name: max(_LEAST_SHARE, 100 * amount / standing.total) for name, amount in amounts.items()}
    scale, x, parts = 100 / sum(shares.values()), 0.0, []
    for name, share in shares.items():
        parts.append(Part(name, f"{x:.3f}%", f"{share * scale:.3f}%"))
        x += share * scale
    return parts


def _share(fans: Standing) -> str:
    """`98.8 %`"""
    return f"{100 * fans.delivered / fans.total:.1f} %" if fans.total else ""


def _in_figures(standing: Standing) -> dict[str, str]:
    return {name: words.in_figures(getattr(standing, name)) for name in _HEADLINES}


def _in_order(found: Counts) -> list[str]:
    """The services in the order the pages list them."""
    return sorted(
        found.services, key=lambda name: (name not in settings.SERVICES, list(settings.SERVICES).index(name))
    )


def _row(service: str, found: Counts, pauses: dict[str, str], out: bool) -> ServiceRow:
    standings = found.services[service]
    fans = standings.fans
    waits = pauses.get(service, "") if fans.queued else ""
    word = "waiting" if not out else "waits" if waits else "delivering" if fans.queued else "looks again"
    if out and not fans.queued and not fans.pending_source:
        word = "done"
    return ServiceRow(
        service, label_of(service), fans, _in_figures(fans), bar(fans), word, waits,
        standings.playlists.delivered, standings.follows.delivered,
    )  # fmt: skip


def _pauses(now: datetime, zone_name: str) -> dict[str, str]:
    """The services that asked us to wait, and until when by the clocks of the zone."""
    keys = {f"{name}/{has.client_id}"[:80]: name for name, has in settings.SERVICES.items() if has.client_id}
    paused = Limiter.objects.filter(key__in=keys, paused_until__gt=now.timestamp())
    return {
        keys[one.key]: words.clock_time(datetime.fromtimestamp(one.paused_until, UTC), zone_name)
        for one in paused
    }


def _head(fans: Standing, campaign: Campaign, out: bool) -> str:
    """Is it all right, and must I do something?"""
    if campaign.state != Campaign.PUBLISHED:
        return "Nothing to deliver yet"
    if not out:
        return "Ready. Delivery starts by itself."
    if not fans.total:
        return "It is out, and nobody waits"
    return f"Delivered to {words.in_figures(fans.delivered)} of {words.fans(fans.total)}"


def _detail(fans: Standing, out: bool) -> str:
    if not out:
        return _detail_before(fans.total)
    if not fans.total:
        return "Whoever pre-saves from now on is served at once."
    if fans.queued:
        return "Nothing to press, and you may close this page."
    if fans.pending_source:
        return "The others follow by themselves as soon as their service shows the release. None is lost."
    if fans.could_not_be_delivered:
        lost = words.in_figures(fans.could_not_be_delivered)
        return f"{_share(fans)}. {lost} could not be delivered, each with a reason below."
    return "Everybody who asked has it."


def _detail_before(waiting: int) -> str:
    if not waiting:
        return "Nobody waits yet. Fans who pre-save are served at the release, without a press of yours."
    wait = "waits" if waiting == 1 else "wait"
    return f"{words.fans(waiting)} {wait}. You do not have to press anything, and you may close this page."


def _every(fans: Standing, opens: datetime | None, now: datetime, out: bool) -> int:
    """How often, in seconds, a page that is open asks again."""
    if out and fans.queued:
        return EVERY_SECONDS
    near = opens is not None and not out and (opens - now).total_seconds() < 3600
    return NEAR_SECONDS if near else CALM_SECONDS
