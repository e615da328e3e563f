"""COMPLETE, or "Show my playlists": the form of a fan's own page."""

from django.db import transaction

from upbeat import clock
from upbeat.fans.models import PreSave
from upbeat.fans.record import consent
from upbeat.providers.base import Action, Asks
from upbeat.providers.registry import capabilities
from upbeat.web import security
from upbeat.web.connect import trips
from upbeat.web.connect.choices import Choices, email_of, is_email, of_form
from upbeat.web.connect.complete import finish, needs, wanted_playlist
from upbeat.web.connect.mistakes import mistake
from upbeat.web.connect.permission import allows, offered_follows, offered_kinds, scopes
from upbeat.web.connect.start import NOT_OURS, leave
from upbeat.web.connect.yours import extras, find, playlists_for
from upbeat.web.fan.cookies import browser_of, new_browser
from upbeat.web.fan.mine import Mine
from upbeat.web.fan.personal import own_page
from upbeat.web.fan.said import Said
from upbeat.web.outer.http import Answer, BadRequestError, Request, see_other
from upbeat.web.outer.threads import in_thread
from upbeat.web.pages.view import ConsentPart
from upbeat.web.pages.words import consent as consent_words


async def pressed(request: Request, slug: str, service: str) -> Answer:
    """POST /<slug>/<service>/yours. Nothing is recorded unless all of it holds."""
    if not security.from_our_page(request):
        raise BadRequestError(NOT_OURS, 403)
    form = await request.form()
    own = await in_thread(find, slug, service, request.cookies)
    if own is None:
        return see_other(f"/{slug}/{service}")
    pre_save = own.pre_save
    offered = [target.pk for target in await in_thread(offered_follows, pre_save.campaign, service)]
    choices = of_form(form, offered=offered, offers_playlist=pre_save.campaign.offers_playlist)
    email = email_of(form) if pre_save.campaign.offers_email else None
    looks = _wants_to_look(pre_save, choices, form.get("do", [""])[0])
    trouble = "" if looks else choices.playlist_trouble
    if trouble or (email is not None and not is_email(email)):
        playlists = await playlists_for(pre_save)
        consented = _consent_part(pre_save, email)
        return await in_thread(extras, own, choices, playlists, playlist_trouble=trouble, consent=consented)
    if email is not None:
        await in_thread(_agree, pre_save, email)  # before a second trip: an address never travels
    if looks:
        return await _once_more(request, pre_save, choices, [Action.PLAYLIST], complete=False)
    return await _complete(request, own, choices)


async def _complete(request: Request, own: Mine, choices: Choices) -> Answer:
    pre_save = own.pre_save
    missing = await in_thread(needs, pre_save, choices)
    if missing:
        return await _once_more(request, pre_save, choices, missing, complete=True)
    playlist = await wanted_playlist(pre_save, choices)
    if isinstance(playlist, Said):
        return see_other(f"{own_page(pre_save)}?said={playlist}")
    await finish(pre_save, choices.follows, playlist)
    return see_other(own_page(pre_save))


async def _once_more(
    request: Request, pre_save: PreSave, choices: Choices, more: list[Action], *, complete: bool
) -> Answer:
    """Back to the permission page, for all that was allowed before and what is missing."""
    if capabilities(pre_save.service).asks is Asks.MUSICKIT:  # allows all or nothing, and asks on the sheet
        return see_other(f"/{pre_save.campaign.slug}/{pre_save.service}")
    service, browser = pre_save.service, browser_of(request.cookies) or new_browser()
    had = [one for one in (Action.SAVE, Action.FOLLOW) if allows(pre_save.connection.scopes, service, one)]
    trip = await in_thread(
        lambda: trips.begin(
            campaign=pre_save.campaign,
            service=service,
            browser=browser,
            scopes=scopes(service, dict.fromkeys([Action.SAVE, *had, *more]), offered_kinds(pre_save)),
            zone=pre_save.zone,
            now=clock.now(),
            pre_save=pre_save,
            choices={**choices.as_json(), "complete": complete},
        )
    )
    return leave(service, trip, browser)


def _wants_to_look(pre_save: PreSave, choices: Choices, pressed_button: str) -> bool:
    """Whether the fan asks to see their playlists: by the button, or by choosing one of them before we may."""
    may = allows(pre_save.connection.scopes, pre_save.service, Action.PLAYLIST)
    return pressed_button == "playlists" or (choices.playlist == "mine" and not may)


def _consent_part(pre_save: PreSave, email: str | None) -> ConsentPart:
    if email is None:
        return ConsentPart()
    wrong = "" if is_email(email) else mistake(pre_save.campaign.language, "email_wrong")
    return ConsentPart(ticked=True, email=email, error=wrong)


def _agree(pre_save: PreSave, email: str) -> None:
    language = pre_save.campaign.language
    words, version = consent_words(language, pre_save.campaign.release.artist.name)
    with transaction.atomic():
        consent(pre_save, email=email, words=words, words_version=version, language=language, now=clock.now())
