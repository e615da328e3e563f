"""Back from the service's permission page. Every end of the way is a clear page; only one of them records anything.

Nothing waits in a thread: the service is asked on the event loop, the rows are read and written in short pieces beside
it. The answer is a redirect (303) to a clean address wherever the trip is this browser's, so no code stays behind in
an address bar.
"""

import asyncio
from datetime import datetime, timedelta

from upbeat import clock
from upbeat.clicks.counter import count
from upbeat.clicks.models import HourlyCount
from upbeat.core.outcome import Outcome, Verdict
from upbeat.delivery.budget import count_look
from upbeat.fans.models import Trip
from upbeat.providers.base import Account, Action, Asks, Grant
from upbeat.providers.registry import capabilities
from upbeat.web.connect import arrive, trips
from upbeat.web.connect.at_once import perform_now
from upbeat.web.connect.complete import go_on
from upbeat.web.connect.ending import When, when
from upbeat.web.connect.permission import allows
from upbeat.web.connect.speakers import can_save, redirect_uri, speaker
from upbeat.web.connect.trips import Lost
from upbeat.web.fan.cookies import browser_of, receipts_of, set_receipt
from upbeat.web.fan.plain import astray
from upbeat.web.fan.said import FALLS, Said
from upbeat.web.outer.http import Answer, Request, see_other
from upbeat.web.outer.threads import in_thread

PATIENCE = 20.0
"""Seconds a fan may have to wait for the service's word."""
_REFUSALS = {
    "access_denied": Said.CANCELLED,
    "user_denied": Said.CANCELLED,  # Deezer's word for it
    "server_error": Said.DOWN,
    "temporarily_unavailable": Said.DOWN,
    **dict.fromkeys(("unauthorized_client", "unsupported_response_type", "invalid_scope"), Said.CLOSED),
}
"""What an authorization page says instead of a code (RFC 6749 §4.1.2.1). Every other word: the way back failed."""
_TWIN = timedelta(seconds=15)
"""A doubled callback this soon after the first one waits for what becomes of that."""


async def callback(request: Request, service: str) -> Answer | None:
    """GET /connect/<service>/callback."""
    if not can_save(service) or capabilities(service).asks is not Asks.REDIRECT:
        return None
    return await land(request, service, request.said_once)


async def land(request: Request, service: str, said: dict[str, str]) -> Answer:
    """The end of a trip: what the service, or the fan's browser for it, says of this `state`."""
    state, browser = said.get("state", ""), browser_of(request.cookies)
    now = await in_thread(clock.now)
    back = await in_thread(trips.come_back, state=state, browser=browser, service=service, now=now)
    trip = back.trip
    if trip is None or back.lost is Lost.ELSEWHERE:
        return await in_thread(astray, trip.campaign if trip else None)
    if back.lost is Lost.USED:
        return await _again(request, trip, now)
    asked = Said.EXPIRED if back.lost is Lost.STALE else await _asked(said, trip)
    if isinstance(asked, Said):
        return await _nothing(trip, asked, now)
    return await _arrive(request, trip, *asked)


async def _asked(query: dict[str, str], trip: Trip) -> tuple[Account, Grant] | Said:
    """What the service says about this way back, within our patience."""
    if query.get("error_reason") or query.get("error") or not query.get("code"):
        return _REFUSALS.get(query.get("error_reason") or query.get("error", ""), Said.TRY_AGAIN)
    try:
        async with asyncio.timeout(PATIENCE):
            return await _ask(trip, query["code"])
    except TimeoutError:
        return Said.DOWN


async def _ask(trip: Trip, code: str) -> tuple[Account, Grant] | Said:
    """Turn the code into a grant, and ask whose it is."""
    provider = speaker(trip.service)
    verifier = await in_thread(trips.verifier_of, trip)
    grant = await provider.exchange(code=code, redirect_uri=redirect_uri(trip.service), verifier=verifier)
    if isinstance(grant, Outcome):
        return _why_not(grant)
    if not allows(grant.scopes, trip.service, Action.SAVE):
        return Said.WITHHELD
    await in_thread(lambda: count_look(trip.service, clock.cached_now()))
    account = await provider.who(grant.access)
    return _why_not(account) if isinstance(account, Outcome) else (account, grant)


async def _arrive(request: Request, trip: Trip, account: Account, grant: Grant) -> Answer:
    """Record what the fan came back with, and show it to them."""
    now = await in_thread(clock.now)
    if trip.purpose == Trip.MORE:
        if not await in_thread(arrive.with_more, trip, account, grant, now):
            return _say(trip, Said.OTHER_ACCOUNT)
        return await go_on(trip)
    good_for = await when(trip, account, grant, now)
    if good_for is When.NEVER:
        return await _nothing(trip, Said.TOO_SHORT, now)
    keys, at_once = receipts_of(request.cookies, trip.campaign_id).values(), good_for is When.AT_ONCE
    landed = await in_thread(lambda: arrive.with_pre_save(trip, account, grant, keys, now, at_once=at_once))
    if at_once:
        await perform_now(landed.chunk_id, landed.pre_save_id)
    return _to_yours(request, trip, landed.key, "" if landed.created else "?said=twice")


async def _nothing(trip: Trip, said: Said, now: datetime) -> Answer:
    """The end of a trip that has recorded nothing; a fan who fell from the rung is counted."""
    await in_thread(trips.give_up, trip, now)
    if said in FALLS and trip.purpose == Trip.PRE_SAVE:
        count(trip.campaign_id, HourlyCount.FELL, f"{trip.service} {said}", crawler=False, now=now)
    return _say(trip, said)


async def _again(request: Request, trip: Trip, now: datetime) -> Answer:
    """The way back of a trip that was used: doubled, replayed, or the fan pressed Back."""
    until = (trip.used_at or now) + _TWIN
    key = await in_thread(arrive.key_of, trip)
    while key is None and now < until and not await in_thread(trips.is_over, trip, now):
        await asyncio.sleep(0.25)
        key, now = await in_thread(arrive.key_of, trip), await in_thread(clock.now)
    return _say(trip, Said.TRY_AGAIN) if key is None else _to_yours(request, trip, key, "?said=twice")


def _to_yours(request: Request, trip: Trip, key: str, query: str) -> Answer:
    answer = see_other(f"/{trip.campaign.slug}/{trip.service}/yours{query}")
    for cookie in set_receipt(request.cookies, trip.campaign_id, trip.service, key):
        answer.with_header("set-cookie", cookie)
    return answer


def _say(trip: Trip, said: Said) -> Answer:
    """A page of its own; on the second trip the page the fan already has."""
    own = f"/{trip.campaign.slug}/{trip.service}"
    return see_other(f"{own}/yours?said={said}" if trip.purpose == Trip.MORE else f"{own}/{said}")


def _why_not(outcome: Outcome) -> Said:
    """What the fan reads, and on which rung they stand from here on."""
    if outcome.reason == "not_allow_listed":
        return Said.NOT_OPEN
    if outcome.reason == "no_subscription":
        return Said.NO_SUBSCRIPTION
    if outcome.reason == "no_channel":
        return Said.NO_CHANNEL
    if outcome.reason in ("app_refused", "owner_not_premium"):
        return Said.CLOSED
    if outcome.verdict is Verdict.REFUSED and outcome.reason == "scope_missing":
        return Said.WITHHELD
    return Said.DOWN if outcome.verdict is Verdict.LATER else Said.TRY_AGAIN
