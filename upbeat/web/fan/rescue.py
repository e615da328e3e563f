"""5: a fan in the browser inside another app, where a service's permission page does not open or does not come back.

The sheet hands them over to the real browser with their choice, or to the next rung of the ladder. How many came so far
is counted: that loss shows in the funnel.
"""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from upbeat.campaigns.models import Campaign
from upbeat.clicks.counter import count
from upbeat.clicks.crawlers import is_crawler
from upbeat.clicks.models import HourlyCount
from upbeat.core.ladder import Fan, Rung
from upbeat.web.fan import public
from upbeat.web.fan.in_app import in_app, way_out
from upbeat.web.pages.view import InAppPart, PermissionSheet
from upbeat.web.standing import stand


def rescued(
    request: HttpRequest, campaign: Campaign, permission: PermissionSheet, now: datetime
) -> PermissionSheet | None:
    """The sheet with the ways out; None in a browser of its own."""
    agent, service = request.headers.get("User-Agent", ""), permission.service
    app = in_app(agent)
    if not app:
        return None
    if request.method == "GET":
        count(campaign.pk, HourlyCount.FELL, f"{service} in-app", crawler=is_crawler(agent), now=now)
    here = f"{settings.PUBLIC_URL}/{campaign.slug}/{service}"
    below = stand(campaign, service, now, Fan(in_app=app)).rung
    return replace(
        permission,
        in_app=InAppPart(app, here, *way_out(here, agent)),
        native_url=public.native_way(campaign, service) if below is Rung.NATIVE else "",
    )
