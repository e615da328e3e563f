"""Continue to the service: the fan's form starts a trip, the answer is the way to the permission page."""

import json
from datetime import datetime

from upbeat import clock
from upbeat.clicks.counter import count
from upbeat.clicks.crawlers import is_crawler
from upbeat.clicks.models import HourlyCount
from upbeat.core.zones import is_zone
from upbeat.delivery.reconnect import must_reconnect
from upbeat.providers.base import Asks
from upbeat.providers.registry import capabilities
from upbeat.web import security
from upbeat.web.connect import trips
from upbeat.web.connect.permission import first_scopes, scopes_again
from upbeat.web.connect.speakers import redirect_uri, speaker
from upbeat.web.fan.cookies import browser_of, new_browser, set_browser
from upbeat.web.fan.mine import mine
from upbeat.web.fan.public import offers_save, published
from upbeat.web.outer.http import Answer, BadRequestError, Request, see_other
from upbeat.web.outer.threads import in_thread

NOT_OURS = "This form came from another site. Open the page and try again."


async def start(request: Request, slug: str, service: str) -> Answer | None:
    """POST /<slug>/<service>: 303 to the service's permission page, or the trip's state for a page that asks itself.

    None: there is no such pre-save here.
    """
    if not security.from_our_page(request):
        raise BadRequestError(NOT_OURS, 403)
    zone = zone_in(await request.form())
    browser = browser_of(request.cookies) or new_browser()
    now = await in_thread(clock.now)
    cookies = request.cookies
    trip = await in_thread(
        lambda: _begin(slug, service, browser=browser, cookies=cookies, zone=zone, now=now)
    )
    if trip is None:
        return None
    crawler = is_crawler(request.headers.get("user-agent", ""))
    count(trip.campaign_id, HourlyCount.TAP, service, crawler=crawler, now=now)
    if capabilities(service).asks is Asks.MUSICKIT:
        return handed_over(trip, browser)
    return leave(service, trip, browser)


def handed_over(trip: trips.Start, browser: str) -> Answer:
    """The state of a trip whose permission is asked on our own page, for that page's script."""
    answer = Answer(200, json.dumps({"state": trip.state}).encode())
    answer.with_header("content-type", "application/json").with_header("cache-control", "no-store")
    return answer.with_header("set-cookie", set_browser(browser))


def leave(service: str, trip: trips.Start, browser: str) -> Answer:
    """The way to the permission page, in the browser this trip is bound to."""
    url = speaker(service).authorize_url(
        redirect_uri=redirect_uri(service), state=trip.state, scopes=trip.scopes, challenge=trip.challenge
    )
    return see_other(url).with_header("set-cookie", set_browser(browser))


def zone_in(form: dict[str, list[str]]) -> str:
    """The fan's own zone, as the page's script filled it in; "" without script, or if it is none."""
    name = form.get("zone", [""])[0]
    return name if is_zone(name) else ""


def _begin(
    slug: str, service: str, *, browser: str, cookies: dict[str, str], zone: str, now: datetime
) -> trips.Start | None:
    campaign = published(slug)
    if campaign is None or not offers_save(campaign, service, now):
        return None
    own = mine(campaign, cookies).get(service)
    again = own is not None and must_reconnect(own.pre_save)
    return trips.begin(
        campaign=campaign,
        service=service,
        browser=browser,
        scopes=scopes_again(own.pre_save) if own and again else first_scopes(campaign, service),
        zone=zone,
        now=now,
    )
