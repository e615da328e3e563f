"""The link of the letter: a GET shows a button and decides nothing, for scanners open links, too; a POST decides."""

from datetime import datetime

from django.db import transaction

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.delivery.plan import plan_reminder
from upbeat.fans.codes import fingerprint, receipt_key
from upbeat.fans.models import PreSave, Trip
from upbeat.fans.reminders import Remembered, address_of, forget_trip, record_reminder, same
from upbeat.web import security
from upbeat.web.connect.start import NOT_OURS
from upbeat.web.fan.cookies import receipts_of, set_receipt
from upbeat.web.fan.plain import nothing_here, shown
from upbeat.web.fan.sleeve import opens, sleeve
from upbeat.web.fan.take_back import take_back
from upbeat.web.outer.http import MOST_BODY, Answer, BadRequestError, Request, see_other
from upbeat.web.outer.threads import in_thread
from upbeat.web.pages.render import render_ask
from upbeat.web.pages.view import Ask, AskPage


async def may_confirm(request: Request, slug: str, key: str) -> Answer:
    """GET /<slug>/remind/confirm/<key>"""
    return await in_thread(_may_confirm, slug, key)


async def confirmed(request: Request, slug: str, key: str) -> Answer:
    """POST: from now on the reminder stands. Once more changes nothing."""
    if not security.from_our_page(request):
        raise BadRequestError(NOT_OURS, 403)
    return await in_thread(_confirmed, slug, key, request.cookies)


async def may_refuse(request: Request, slug: str, key: str) -> Answer:
    """GET /<slug>/remind/stop/<key>: for who did not ask for the letter."""
    return await in_thread(_may_refuse, slug, key)


async def refused(request: Request, slug: str, key: str) -> Answer:
    """POST: without cookie and from anywhere, as mail programs send it (RFC 8058)."""
    await request.body(MOST_BODY)
    return await in_thread(_refused, slug, key)


def _may_confirm(slug: str, key: str) -> Answer:
    trip, now = _trip(slug, key), clock.now()
    if trip is None:
        return nothing_here()
    if trip.pre_save is not None and trip.used_at is not None:
        return see_other(f"/r/{_key_of(trip.pre_save)}")
    if trip.campaign.is_out_for(trip.zone, now):
        return see_other(f"/{trip.campaign.slug}")
    return _page(trip, "confirm" if _waits(trip, now) else "run_out")


def _confirmed(slug: str, key: str, cookies: dict[str, str]) -> Answer:
    trip, now = _trip(slug, key), clock.now()
    if trip is None:
        return nothing_here()
    if trip.campaign.is_out_for(trip.zone, now):
        forget_trip(trip)
        return see_other(f"/{trip.campaign.slug}")
    if trip.pre_save is None and not _waits(trip, now):
        return _page(trip, "run_out")
    receipt = _record(trip, cookies, now)
    answer = see_other(f"/r/{receipt}")
    for cookie in set_receipt(cookies, trip.campaign_id, trip.service, receipt):
        answer.with_header("set-cookie", cookie)
    return answer


def _record(trip: Trip, cookies: dict[str, str], now: datetime) -> str:
    """Record it and plan its delivery, once; the key of the receipt."""
    with transaction.atomic():
        locked = Trip.objects.select_for_update(of=("self",)).select_related("pre_save__connection")
        fresh = locked.get(pk=trip.pk)
        if fresh.pre_save is not None:
            return _key_of(fresh.pre_save)
        kept = _remember(trip, cookies, now)
        plan_reminder(kept.recorded.pre_save, now)
        Trip.objects.filter(pk=trip.pk).update(pre_save=kept.recorded.pre_save, used_at=now)
        forget_trip(trip)
    return kept.key


def _remember(trip: Trip, cookies: dict[str, str], now: datetime) -> Remembered:
    keys = [fingerprint(one) for one in receipts_of(cookies, trip.campaign_id).values()]
    known = PreSave.objects.filter(campaign=trip.campaign, receipt__in=keys)
    email = address_of(trip)
    return record_reminder(
        trip.campaign,
        trip.service,
        known_by=same(email),
        address=email,
        towards=trip.choices.get("towards", ""),
        language=trip.language,
        zone=trip.zone,
        fan_code=known.values_list("fan__code", flat=True).first(),
        now=now,
    )


def _may_refuse(slug: str, key: str) -> Answer:
    trip = _trip(slug, key)
    if trip is None:
        return nothing_here()
    if trip.pre_save is not None:
        return see_other(f"/r/{_key_of(trip.pre_save)}/stop")
    return _page(trip, "stop" if trip.sealed_address else "stopped")


def _refused(slug: str, key: str) -> Answer:
    trip, now = _trip(slug, key), clock.now()
    if trip is None:
        return nothing_here()
    if trip.pre_save is not None:
        return take_back(_key_of(trip.pre_save), now)
    Trip.objects.filter(pk=trip.pk, used_at=None).update(used_at=now)
    forget_trip(trip)
    return _page(trip, "stopped")


def _trip(slug: str, key: str) -> Trip | None:
    related = (
        "campaign__release__artist__team",
        "campaign__release__cover",
        "pre_save__connection",
    )
    trips = Trip.objects.select_related(*related).filter(purpose=Trip.REMIND, campaign__slug=slug)
    return trips.filter(state_hash=fingerprint(key), campaign__state=Campaign.PUBLISHED).first()


def _waits(trip: Trip, now: datetime) -> bool:
    """Whether the letter may still be answered."""
    return trip.used_at is None and trip.expires_at > now and bool(trip.sealed_address)


def _key_of(pre_save: PreSave) -> str:
    return receipt_key(pre_save.campaign_id, pre_save.service, pre_save.connection.account_id)


def _page(trip: Trip, what: Ask) -> Answer:
    campaign = trip.campaign
    page = AskPage(sleeve(campaign), what, opens(campaign, trip.zone))
    return shown(render_ask(page), status=410 if what == "run_out" else 200)
