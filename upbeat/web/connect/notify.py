"""Notify this phone: the subscription of the fan's browser is taken, and the reminder stands at once.

Nothing has to be confirmed: the browser has asked the fan, and only this browser can read what is sent to it.
"""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.channels import PUSH
from upbeat.delivery import channels
from upbeat.delivery.channels.subscription import Subscription, read
from upbeat.delivery.channels.vapid import public_key
from upbeat.delivery.plan import plan_reminder
from upbeat.fans.codes import fingerprint
from upbeat.fans.models import PreSave
from upbeat.fans.reminders import record_reminder
from upbeat.web import security
from upbeat.web.connect import asking_limit
from upbeat.web.connect.choices import Form
from upbeat.web.connect.mistakes import mistake
from upbeat.web.connect.start import NOT_OURS, zone_in
from upbeat.web.fan.cookies import receipts_of, set_receipt
from upbeat.web.fan.plain import nothing_here, refusal, shown
from upbeat.web.fan.public import published
from upbeat.web.fan.reminding import before_with_sheet, leads_to, remind_sheet
from upbeat.web.outer.http import Answer, BadRequestError, Request, see_other
from upbeat.web.outer.threads import in_thread
from upbeat.web.pages.render import Rendered

IN_THE_WAY = ("app", "home", "cannot", "blocked", "again", "failed")
"""What `push.js` may find: another app's browser, a page that is not on the home screen, …"""


async def may_notify(request: Request, slug: str) -> Answer:
    """GET /<slug>/remind/push: where the row leads without script, which a notification needs. `?why=` is what the
    script found to be in the way."""
    return await in_thread(_why_not, slug, request.query.get("why", ""), request.cookies)


async def notified(request: Request, slug: str) -> Answer:
    """POST /<slug>/remind/push: a subscription, as the page's script got it from the browser."""
    if not security.from_our_page(request):
        raise BadRequestError(NOT_OURS, 403)
    form = await request.form()
    return await in_thread(_notified, slug, form, request.visitor, request.cookies)


def _why_not(slug: str, why: str, cookies: dict[str, str]) -> Answer:
    campaign, now = published(slug), clock.now()
    if campaign is None or PUSH not in channels.usable():
        return nothing_here()
    if campaign.is_out_for("", now):
        return see_other(f"/{campaign.slug}")
    return shown(
        _sheet(campaign, now, cookies, "", f"push_{why}" if why in IN_THE_WAY else "push_needs_script")
    )


def _notified(slug: str, form: Form, visitor: str, cookies: dict[str, str]) -> Answer:
    campaign, now, zone = published(slug), clock.now(), zone_in(form)
    if campaign is None or PUSH not in channels.usable():
        return nothing_here()
    if campaign.is_out_for(zone, now):
        return see_other(f"/{campaign.slug}")
    towards = leads_to(campaign, form.get("service", [""])[0])
    to = _subscription(form)
    if to is None:
        return shown(_sheet(campaign, now, cookies, towards, "push_refused"), status=422)
    # A whole town may come from one address. Only towards addresses that anybody may have made up it is few.
    if not to.of_known_service and not asking_limit.may_ask(visitor):
        again = str(asking_limit.SECONDS)
        return refusal(mistake(campaign.language, "asked_often"), 429).with_header("retry-after", again)
    key = _record(campaign, to, towards, zone, cookies)
    answer = see_other(f"/r/{key}")
    for cookie in set_receipt(cookies, campaign.pk, PUSH, key):
        answer.with_header("set-cookie", cookie)
    return answer


def _sheet(campaign: Campaign, now: datetime, cookies: dict[str, str], chosen: str, note: str) -> Rendered:
    """The ways to be reminded, with the reason why this one is off."""
    sheet = replace(remind_sheet(campaign, chosen, now), push_note=note)
    return before_with_sheet(campaign, now, cookies, sheet)


def _subscription(form: Form) -> Subscription | None:
    endpoint, p256dh, auth = (form.get(name, [""])[0] for name in ("endpoint", "p256dh", "auth"))
    return read(endpoint, p256dh, auth, key=public_key(), plain_http=settings.SANDBOX)


@transaction.atomic
def _record(campaign: Campaign, to: Subscription, towards: str, zone: str, cookies: dict[str, str]) -> str:
    """Record it and plan its delivery; the key of the receipt."""
    keys = [fingerprint(one) for one in receipts_of(cookies, campaign.pk).values()]
    known = PreSave.objects.filter(campaign=campaign, receipt__in=keys)
    now = clock.now()
    kept = record_reminder(
        campaign,
        PUSH,
        known_by=to.endpoint,
        address=to.as_json(),
        towards=towards,
        language=campaign.language,
        zone=zone,
        fan_code=known.values_list("fan__code", flat=True).first(),
        now=now,
    )
    plan_reminder(kept.recorded.pre_save, now)
    return kept.key
