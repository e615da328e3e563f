"""The one tap of a fan whose permission has ended: from their receipt or their page straight to the service.

Whoever holds the receipt's link may press it, in any browser: it is in the letter that asks for it. What comes back is
recorded as any pre-save is, so another account makes another pre-save and changes nothing of this one.
"""

from datetime import datetime

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.clicks.counter import count
from upbeat.clicks.crawlers import is_crawler
from upbeat.clicks.models import HourlyCount
from upbeat.delivery.reconnect import must_reconnect
from upbeat.fans.models import PreSave
from upbeat.providers.base import Asks
from upbeat.providers.registry import capabilities
from upbeat.web import security
from upbeat.web.connect import trips
from upbeat.web.connect.permission import scopes_again
from upbeat.web.connect.start import NOT_OURS, leave
from upbeat.web.fan.cookies import browser_of, new_browser, set_receipt
from upbeat.web.fan.in_app import in_app
from upbeat.web.fan.mine import by_key
from upbeat.web.fan.plain import nothing_here
from upbeat.web.fan.public import offers_save
from upbeat.web.outer.http import Answer, BadRequestError, Request, see_other
from upbeat.web.outer.threads import in_thread


async def reconnect(request: Request, key: str) -> Answer:
    """POST /r/<key>/reconnect: 303 to the service's permission page, for all that the fan has chosen."""
    if not security.from_our_page(request):
        raise BadRequestError(NOT_OURS, 403)
    agent, now = request.headers.get("user-agent", ""), await in_thread(clock.now)
    pre_save = await in_thread(_asked, key, now)
    if pre_save is None:
        return nothing_here()
    if not await in_thread(must_reconnect, pre_save):
        return see_other(f"/r/{key}")
    service = pre_save.service
    if capabilities(service).asks is Asks.MUSICKIT or in_app(agent):
        return _to_the_sheet(request, pre_save, key)
    browser = browser_of(request.cookies) or new_browser()
    trip = await in_thread(_begin, pre_save, browser, now)
    count(pre_save.campaign_id, HourlyCount.TAP, service, crawler=is_crawler(agent), now=now)
    return leave(service, trip, browser)


def _to_the_sheet(request: Request, pre_save: PreSave, key: str) -> Answer:
    """Where the service asks on our page, or this browser cannot be asked: the sheet knows, and knows whose it is."""
    answer = see_other(f"/{pre_save.campaign.slug}/{pre_save.service}")
    for cookie in set_receipt(request.cookies, pre_save.campaign_id, pre_save.service, key):
        answer.with_header("set-cookie", cookie)
    return answer


def _asked(key: str, now: datetime) -> PreSave | None:
    """The pre-save of a receipt, where its service may be asked."""
    own = by_key(key)
    if own is None or own.pre_save.rung != PreSave.SAVE:
        return None
    campaign, service = own.pre_save.campaign, own.pre_save.service
    if campaign.state != Campaign.PUBLISHED or not offers_save(campaign, service, now):
        return None
    return own.pre_save


def _begin(pre_save: PreSave, browser: str, now: datetime) -> trips.Start:
    return trips.begin(
        campaign=pre_save.campaign,
        service=pre_save.service,
        browser=browser,
        scopes=scopes_again(pre_save),
        zone=pre_save.zone,
        now=now,
    )
