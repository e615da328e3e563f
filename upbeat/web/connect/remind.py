"""Remind me by e-mail: the address is taken, and asked whether it meant it."""

from django.db import transaction

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.clicks.counter import count
from upbeat.clicks.models import HourlyCount
from upbeat.core.channels import EMAIL
from upbeat.delivery import channels
from upbeat.delivery.confirming import have_asked
from upbeat.fans.reminders import ask
from upbeat.web import security
from upbeat.web.connect import asking_limit
from upbeat.web.connect.choices import LONGEST_EMAIL, Form, is_email
from upbeat.web.connect.mistakes import mistake
from upbeat.web.connect.start import NOT_OURS, zone_in
from upbeat.web.fan.plain import refusal, shown
from upbeat.web.fan.public import published
from upbeat.web.fan.reminding import before_with_sheet, leads_to, remind_sheet
from upbeat.web.outer.http import Answer, BadRequestError, Request, see_other
from upbeat.web.outer.threads import in_thread


async def asked(request: Request, slug: str) -> Answer | None:
    """POST /<slug>/remind: the same answer for an address we know and one we do not. None: no such page."""
    if not security.from_our_page(request):
        raise BadRequestError(NOT_OURS, 403)
    form = await request.form()
    return await in_thread(_asked, slug, form, request.visitor, request.cookies)


def _asked(slug: str, form: Form, visitor: str, cookies: dict[str, str]) -> Answer | None:
    campaign, now, zone = published(slug), clock.now(), zone_in(form)
    if campaign is None or EMAIL not in channels.usable():
        return None
    if campaign.is_out_for(zone, now):
        return see_other(f"/{campaign.slug}")
    email = form.get("email", [""])[0].strip()
    towards = leads_to(campaign, form.get("service", [""])[0])
    if not is_email(email):
        wrong = mistake(campaign.language, "email_wrong")
        sheet = remind_sheet(campaign, towards, now, email=email[:LONGEST_EMAIL], error=wrong)
        return shown(before_with_sheet(campaign, now, cookies, sheet), status=422)
    if not asking_limit.may_ask(visitor):
        again = str(asking_limit.SECONDS)
        return refusal(mistake(campaign.language, "asked_often"), 429).with_header("retry-after", again)
    count(campaign.pk, HourlyCount.TAP, EMAIL, crawler=False, now=now)
    _ask(campaign, email, towards, zone)
    return see_other(f"/{campaign.slug}/remind/sent")


def _ask(campaign: Campaign, email: str, towards: str, zone: str) -> None:
    with transaction.atomic():
        trip = ask(campaign, email, towards=towards, language=campaign.language, zone=zone, now=clock.now())
        if trip is not None:
            have_asked(trip)
