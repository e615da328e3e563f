"""Where a fan really is: on the receipt of a local release that is still to come the zone can be put right."""

from datetime import datetime

from django.db import transaction

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.zones import is_zone
from upbeat.delivery.plan import replan_fan
from upbeat.fans.models import PreSave
from upbeat.web import security
from upbeat.web.fan.cookies import receipts_of
from upbeat.web.fan.mine import by_key
from upbeat.web.fan.plain import nothing_here
from upbeat.web.outer.http import Answer, BadRequestError, Request, see_other
from upbeat.web.outer.threads import in_thread


async def correct(request: Request, key: str) -> Answer:
    """POST /r/<key>/zone: from now on this fan goes by that clock, and so does what is still to be delivered."""
    if not security.from_our_page(request):
        raise BadRequestError("This form came from another site. Open the page and try again.", 403)
    zone = (await request.form()).get("zone", [""])[0]
    now = await in_thread(clock.now)
    there = await in_thread(put_right, key, zone, request.cookies, now)
    return see_other(f"/r/{key}") if there else nothing_here()


def put_right(key: str, zone: str, cookies: dict[str, str], now: datetime) -> bool:
    """Write the zone, and move the fan's open deliveries to its instant, in one transaction.

    A zone that is none, or a release that is out for this fan already, changes nothing. False: no such receipt, or
    this browser may read it only.
    """
    own = by_key(key)
    if own is None or not may_change(own.pre_save, key, cookies):
        return False
    with transaction.atomic():
        pre_save = (
            PreSave.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=own.pre_save.pk)
        )
        campaign = pre_save.campaign
        ahead = campaign.state == Campaign.PUBLISHED and not campaign.is_out_for(pre_save.zone, now)
        if campaign.local and ahead and is_zone(zone) and zone != pre_save.zone:
            pre_save.zone = zone
            pre_save.save(update_fields=["zone"])
            replan_fan(pre_save, now)
    return True


def may_change(pre_save: PreSave, key: str, cookies: dict[str, str]) -> bool:
    """Whether this browser holds the receipt, and has not just been given its link."""
    return receipts_of(cookies, pre_save.campaign_id).get(pre_save.service) == key
