"""A fan's own page: success and extras until COMPLETE, then what happens when, then what is in the library.

It may wait for the service (the fan's playlists), so it waits on the event loop.
"""

import asyncio

from upbeat import clock
from upbeat.core.outcome import Outcome
from upbeat.fans.models import PreSave, Trip
from upbeat.providers.base import Action, Playlist
from upbeat.web.connect.choices import Choices, of_json
from upbeat.web.connect.mistakes import mistake
from upbeat.web.connect.permission import allows
from upbeat.web.connect.speakers import playlists_of
from upbeat.web.fan import personal
from upbeat.web.fan.mine import Mine, mine
from upbeat.web.fan.plain import shown
from upbeat.web.fan.public import published, released
from upbeat.web.fan.said import Said, news_band
from upbeat.web.outer.http import Answer, Request, see_other
from upbeat.web.outer.threads import in_thread
from upbeat.web.pages.render import render_done, render_released, render_success
from upbeat.web.pages.view import ConsentPart

PLAYLIST_SECONDS = 4.0
"""How long the page waits for the fan's playlists; without them it offers the other choices."""


async def yours(request: Request, slug: str, service: str) -> Answer | None:
    """GET /<slug>/<service>/yours, for the browser that holds the receipt; any other is led to the sheet."""
    own = await in_thread(find, slug, service, request.cookies)
    if own is None:
        return await _not_theirs(slug, service)
    said = request.query.get("said", "")
    now = await in_thread(clock.now)
    if own.pre_save.campaign.is_out_for(own.pre_save.zone, now) and said in ("", Said.TWICE):
        return await in_thread(_released, own)
    if own.pre_save.completed_at and "change" not in request.query and said in ("", Said.TWICE):
        return await in_thread(_done, own, said)
    playlists = await playlists_for(own.pre_save)
    return await in_thread(_success, own, said, playlists)


def find(slug: str, service: str, cookies: dict[str, str]) -> Mine | None:
    """This browser's pre-save at an address. For a thread."""
    campaign = published(slug)
    return mine(campaign, cookies).get(service) if campaign else None


async def playlists_for(pre_save: PreSave) -> list[Playlist] | None:
    """The fan's playlists, if they allowed us to see them and the service answers in time."""
    allowed = allows(pre_save.connection.scopes, pre_save.service, Action.PLAYLIST)
    if not allowed or not pre_save.campaign.offers_playlist:
        return None
    try:
        async with asyncio.timeout(PLAYLIST_SECONDS):
            theirs = await playlists_of(pre_save.connection)
    except TimeoutError:
        return None
    return None if isinstance(theirs, Outcome) else theirs


def extras(
    own: Mine,
    choices: Choices,
    playlists: list[Playlist] | None,
    *,
    playlist_trouble: str,
    consent: ConsentPart | None,
) -> Answer:
    """The page again with what was wrong; nothing of what the fan chose is lost."""
    trouble = mistake(own.pre_save.campaign.language, playlist_trouble)
    page = personal.success(own, chosen=choices, playlists=playlists, playlist_error=trouble, consent=consent)
    return shown(render_success(page), status=422)


async def _not_theirs(slug: str, service: str) -> Answer | None:
    known = await in_thread(published, slug)
    return see_other(f"/{slug}/{service}") if known else None


def _success(own: Mine, said: str, playlists: list[Playlist] | None) -> Answer:
    pre_save = own.pre_save
    gone = said == Said.NO_SUCH_PLAYLIST
    page = personal.success(
        own,
        chosen=_chosen_last(pre_save),
        playlists=playlists,
        playlist_error=mistake(pre_save.campaign.language, "playlist_gone" if gone else ""),
        twice=said == Said.TWICE,
        trouble=news_band(said, pre_save.campaign, pre_save.service, own_page=True),
    )
    return shown(render_success(page))


def _chosen_last(pre_save: PreSave) -> Choices:
    """What the fan chose before they left on a second trip, else what the form starts with."""
    if pre_save.completed_at is None:
        last = Trip.objects.filter(pre_save=pre_save, purpose=Trip.MORE).order_by("-id").first()
        if last is not None:
            return of_json(last.choices)
    return personal.chosen_before(pre_save)


def _done(own: Mine, said: str) -> Answer:
    return shown(render_done(personal.done(own, twice=said == Said.TWICE)))


def _released(own: Mine) -> Answer:
    campaign = own.pre_save.campaign
    return shown(render_released(released(campaign, yours=personal.yours(own), receipt_key=own.key)))
