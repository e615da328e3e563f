"""A fan's library on Apple Music: a save is taken with 202 and may be ignored without a word, so each is read back."""

import asyncio
from datetime import timedelta
from urllib.parse import quote

from upbeat.core.delivery import NOT_FOUND_YET
from upbeat.core.outcome import Outcome, done, later
from upbeat.providers.apple_music import catalogue, shapes
from upbeat.providers.apple_music.api import PAGE, Api
from upbeat.providers.apple_music.shapes import TYPES
from upbeat.providers.base import Found, Token
from upbeat.providers.fields import dicts, text

_MOST_PAGES = 20
"""Of a library looked through: 500 albums."""
_LOOK_AGAIN = timedelta(seconds=30)


async def save(api: Api, access: Token, release: Found) -> Outcome:
    """Add it, and see that it is there. Not yet: LATER, and the next try adds it once more, which changes nothing."""
    query = {f"ids[{TYPES[release.kind]}]": release.id}
    taken, storefront = await asyncio.gather(
        api.act("POST", "/v1/me/library", access, query=query), storefront_of(api, access)
    )
    if not taken.good:
        return taken
    if isinstance(storefront, Outcome):
        return storefront
    there = await _is_there(api, access, release, storefront)
    if isinstance(there, Outcome):
        return there
    return done(taken.status) if there else await _why_not(api, release, storefront)


async def is_saved(api: Api, access: Token, release: Found) -> bool | Outcome:
    storefront = await storefront_of(api, access)
    return (
        storefront if isinstance(storefront, Outcome) else await _is_there(api, access, release, storefront)
    )


async def storefront_of(api: Api, access: Token) -> str | Outcome:
    """The fan's country, as Apple has it: two letters."""
    page = await api.ask("/v1/me/storefront", access)
    if isinstance(page, Outcome):
        return page
    return text(shapes.only(page), "id") or "us"


async def _is_there(api: Api, access: Token, release: Found, storefront: str) -> bool | Outcome:
    """Asked of the release first: that is one call. Its "no" may only mean that the link between library and catalogue
    is missing, so then the library is looked through."""
    path = f"/v1/catalog/{storefront}/{TYPES[release.kind]}/{quote(release.id, safe='')}/library"
    page = await api.ask(path, access)
    if isinstance(page, Outcome) and page.reason not in (NOT_FOUND_YET, "bad_request"):
        return page
    if not isinstance(page, Outcome) and shapes.only(page):
        return True
    wanted = {"include": "catalog", "limit": str(PAGE)}
    async for page in api.pages(f"/v1/me/library/{TYPES[release.kind]}", access, wanted, _MOST_PAGES):
        if isinstance(page, Outcome):
            return page
        if any(shapes.is_of(one, release) for one in dicts(page, "data")):
            return True
    return False


async def _why_not(api: Api, release: Found, storefront: str) -> Outcome:
    """Taken, and not there: it shows up late, or is not sold in the fan's country."""
    shown = await catalogue.is_shown(api, release, storefront)
    if isinstance(shown, Outcome):
        return shown
    if not shown:
        return later(NOT_FOUND_YET, "Apple Music does not show it in the fan's country yet.", status=202)
    note = "Apple Music took it, and does not show it in the library yet."
    return later("not_shown_yet", note, after=_LOOK_AGAIN, status=202)
