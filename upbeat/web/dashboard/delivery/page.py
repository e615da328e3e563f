"""The delivery page, and the part of it that moves."""

import hashlib
import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.zones import city
from upbeat.web.dashboard import recent, shell, words
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.dashboard.delivery import (
    after,
    bar,
    before,
    held,
    midnights,
    night_words,
    pending,
    rate,
    rehearsal,
    score,
    service_rows,
    stats,
)
from upbeat.web.dashboard.delivery.headline import headline
from upbeat.web.dashboard.delivery.night import Night, Situation, labels, read
from upbeat.web.dashboard.notices import notices
from upbeat.web.dashboard.preflight import looking
from upbeat.web.dashboard.reasons import whys_of

EVERY_SECONDS, NEAR_SECONDS, CALM_SECONDS = 2, 15, 60
_NEAR = 3600
_PASSING = re.compile(r'(?P<what>data-(?:clock|until)="[^"]*">|name="csrfmiddlewaretoken" value=")[^<"]*')
"""What is another one in each answer, and no reason to send one: clocks, and the token of a form."""


@signed_in
@require_safe
def delivery(request: HttpRequest, id: int) -> HttpResponse:
    """The page. Its figures come again by themselves; without script a link fetches them."""
    campaign = campaign_or_404(request, id)
    return shown(request, campaign)


@signed_in
@require_safe
def moving(request: HttpRequest, id: int) -> HttpResponse:
    """What moves, alone; 304 while nothing has changed. `X-Now` is the campaign's clock either way."""
    campaign = campaign_or_404(request, id)
    now = clock.now()
    night = read(campaign, now)
    context = shell.sleeve(campaign, "delivery") | figures(night, request)
    body = render_to_string("dashboard/delivery/figures.html", context, request)
    lasting = _PASSING.sub(r"\g<what>", body)
    etag = f'"{hashlib.sha256(lasting.encode()).hexdigest()[:24]}"'
    headers = {"ETag": etag, "X-Every": str(context["every"]), "X-Now": _milliseconds(now)}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, headers=headers)


def shown(
    request: HttpRequest, campaign: Campaign, *, status: int = 200, paste: str = "", **more: Any
) -> HttpResponse:
    """The whole page; `more` is what a link that was pasted for the service `paste` leads to."""
    now = clock.now()
    context = figures(read(campaign, now), request, paste) | {"server_now": _milliseconds(now)} | more
    return shell.release_page(
        request, "dashboard/delivery/page.html", campaign, "delivery", status=status, **context
    )


def services_of(campaign: Campaign) -> set[str]:
    """The services on which anybody has pre-saved."""
    return set(recent.counts(campaign).services)


def figures(night: Night, request: HttpRequest, paste: str = "") -> dict[str, Any]:
    """Everything that moves."""
    fans, situation = night.fans, night.situation
    asked = request.GET
    return {
        "night": night,
        "situation": situation.value,
        "out": night.out,
        "headline": headline(night),
        "score": score.score(night),
        "fans_now": fans,
        "figure": bar.in_figures(fans),
        "bar": bar.bar(fans),
        "stats": stats.stats(night),
        "rows": service_rows.rows(night),
        "state_rows": service_rows.state_rows(night) if night.services else [],
        "curve": rate.curve(night) if night.out else None,
        "midnights": midnights.columns(night.midnights, night.now),
        "earlier": midnights.earlier(night.midnights, night.now),
        "held": held.held(night, asked.get("decide", "")),
        "confirm": asked.get("confirm", ""),
        "pending": pending.pending(night, paste or asked.get("paste", "")),
        "canary": after.canary(night) if night.out else None,
        "asked": asked.urlencode(),
        "notices": notices(night.campaign, on_the_delivery_page=True),
        "every": every(night),
    } | _clocks(night) | (_after(night) if night.out else _before(night))  # fmt: skip


def every(night: Night) -> int:
    """How often, in seconds, a page that is open asks again."""
    if night.moving or looking(night.campaign, night.now) or rehearsal.under_way(night):
        return EVERY_SECONDS
    coming = [at for at in (night.opens, *(one.at for one in night.midnights)) if at > night.now]
    near = coming and (min(coming) - night.now).total_seconds() < _NEAR
    return NEAR_SECONDS if near and night.published else CALM_SECONDS


def _clocks(night: Night) -> dict[str, Any]:
    coming = night.published and not night.out
    left = int((night.opens - night.now).total_seconds()) if coming else 0
    return {
        "seconds_left": left,
        "until_ms": _milliseconds(night.opens),
        "left": _left(left),
        "far": left >= 3600,
        "until": _until(night, left),
        "live": night.out and night.situation in (Situation.LIVE, Situation.HELD),
        "zone_name": night.zone,
        "zone_city": city(night.zone),
        "clock": words.clock_time(night.now, night.zone),
        "paste_by": night_words.day(night, night.closes),
        "closes": night_words.short_day(night, night.closes),
    }


def _before(night: Night) -> dict[str, Any]:
    return {
        "coming": before.will_happen(night) if night.published else [],
        "flight": before.flight(night),
        "looking": looking(night.campaign, night.now),
        "first_flight": before.first_flight(night) if night.published else "",
        "rehearsal": rehearsal.shown(night),
    }


def _after(night: Night) -> dict[str, Any]:
    return {
        "whys": whys_of(night.fans),
        "done": after.done(night),
        "verified": after.verified(night),
        "done_services": labels(night.services),
        "withdrawn": words.fans(night.fans.withdrawn) if night.fans.withdrawn else "",
    }


def _left(seconds: int) -> str:
    """`04:52`, `23 h 58 min`, `2 d 5 h`, as the script writes it."""
    minutes = seconds // 60
    if seconds < 3600:
        return f"{minutes:02}:{seconds % 60:02}"
    if minutes < 1440:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440} d {minutes // 60 % 24} h"


def _until(night: Night, left: int) -> str:
    opens = night.opens
    day = night_words.day(night, opens)
    at = words.clock_time(opens, night.zone) if left < 3600 else night_words.hours(night, opens)
    return f"until {day}, {at} in {city(night.zone)}"


def _milliseconds(now: datetime) -> str:
    return str(round(now.timestamp() * 1000))
