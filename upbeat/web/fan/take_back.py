"""A reminder is taken back, erased, or led to another service, for whoever holds its link. A GET shows a button."""

from datetime import datetime

from django.db import transaction

from upbeat import clock
from upbeat.delivery.withdraw import withdraw
from upbeat.fans.models import PreSave
from upbeat.fans.reminders import scrub
from upbeat.web import security
from upbeat.web.connect.start import NOT_OURS
from upbeat.web.fan.mine import Mine, by_key
from upbeat.web.fan.plain import nothing_here, shown
from upbeat.web.fan.reminding import leads_to
from upbeat.web.fan.sleeve import opens, sleeve
from upbeat.web.outer.http import MOST_BODY, Answer, BadRequestError, Request, see_other
from upbeat.web.outer.threads import in_thread
from upbeat.web.pages.render import render_ask
from upbeat.web.pages.view import Ask, AskPage


async def may_stop(request: Request, key: str) -> Answer:
    """GET /r/<key>/stop"""
    return await in_thread(_shown_for, key, "stop")


async def stopped(request: Request, key: str) -> Answer:
    """POST: without cookie and from anywhere, as mail programs send it (RFC 8058)."""
    await request.body(MOST_BODY)
    return await in_thread(take_back, key, await in_thread(clock.now))


async def may_erase(request: Request, key: str) -> Answer:
    """GET /r/<key>/erase"""
    return await in_thread(_shown_for, key, "erase")


async def erased(request: Request, key: str) -> Answer:
    """POST: nothing is left by which this fan could be known."""
    if not security.from_our_page(request):
        raise BadRequestError(NOT_OURS, 403)
    return await in_thread(_erase, key, await in_thread(clock.now))


async def led_elsewhere(request: Request, key: str) -> Answer:
    """POST /r/<key>/towards: the link shall lead to this service."""
    if not security.from_our_page(request):
        raise BadRequestError(NOT_OURS, 403)
    service = (await request.form()).get("service", [""])[0]
    return await in_thread(_lead, key, service)


def take_back(key: str, now: datetime) -> Answer:
    """Take the reminder back. Once more says the same."""
    own = _reminder(key)
    if own is None:
        return nothing_here()
    with transaction.atomic():
        withdraw(_locked(own), now)
    return _page(own, "stopped")


def _erase(key: str, now: datetime) -> Answer:
    own = _reminder(key)
    if own is None:
        return nothing_here()
    with transaction.atomic():
        pre_save = _locked(own)
        withdraw(pre_save, now)
        scrub(pre_save)
    return _page(own, "erased")


def _lead(key: str, service: str) -> Answer:
    own = _reminder(key)
    if own is None:
        return nothing_here()
    towards = leads_to(own.pre_save.campaign, service)
    PreSave.objects.filter(pk=own.pre_save.pk).update(towards=towards)
    return see_other(f"/r/{key}")


def _shown_for(key: str, what: Ask) -> Answer:
    own = _reminder(key)
    if own is None:
        return nothing_here()
    return _page(own, "stopped" if what == "stop" and own.pre_save.withdrawn_at else what)


def _reminder(key: str) -> Mine | None:
    """The reminder a receipt link opens."""
    own = by_key(key)
    return own if own is not None and own.pre_save.rung == PreSave.REMIND else None


def _locked(own: Mine) -> PreSave:
    return (
        PreSave.objects.select_for_update(of=("self",)).select_related("connection").get(pk=own.pre_save.pk)
    )


def _page(own: Mine, what: Ask) -> Answer:
    pre_save = own.pre_save
    campaign = pre_save.campaign
    return shown(render_ask(AskPage(sleeve(campaign), what, opens(campaign, pre_save.zone))))
