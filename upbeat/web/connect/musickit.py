"""The way through MusicKit: it asks on our own page, in a window of its own, and hands the page the fan's token.

That page, and no other, loads a script from elsewhere and may speak to it: only after the fan has tapped the service.
The token comes back by a form, bound to a trip like any other permission, and never stands in an address.
"""

from collections.abc import Iterable
from typing import cast

from django.conf import settings

from upbeat.core.outcome import Outcome
from upbeat.providers.base import Asks, PageToken
from upbeat.providers.registry import build, capabilities
from upbeat.web import security
from upbeat.web.connect.callback import land
from upbeat.web.connect.speakers import can_save
from upbeat.web.connect.start import NOT_OURS
from upbeat.web.fan.plain import refusal
from upbeat.web.outer.http import Answer, BadRequestError, Request
from upbeat.web.pages.render import script_url
from upbeat.web.pages.view import MusicKitPart


def asks_here(service: str) -> bool:
    """Whether the service asks on our own page."""
    return capabilities(service).asks is Asks.MUSICKIT


def part(service: str, name: str, *, fresh: bool) -> MusicKitPart | Outcome:
    """What the page needs to ask. `name`: who asks, as the window says it; `fresh`: an earlier yes is of no use.

    An outcome: the installation's key is none.
    """
    has = settings.SERVICES[service]
    token = cast("PageToken", build(service, has)).page_token(settings.PUBLIC_URL)
    if isinstance(token, Outcome):
        return token
    return MusicKitPart(
        script=script_url("musickit.js"),
        musickit_url=has.musickit_url,
        token=token.reveal(),
        name=name,
        back=f"/connect/{service}/callback",
        fresh=fresh,
    )


def headers(service: str, styles: Iterable[str]) -> dict[str, str]:
    """What the page says to the browser otherwise than all others: the script, and the window that may answer it."""
    has = settings.SERVICES[service]
    return {
        "Content-Security-Policy": security.musickit_csp(styles, has.musickit_url, has.api_url),
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }


async def brought(request: Request, service: str) -> Answer | None:
    """POST /connect/<service>/callback: the fan's token (`code`) and the `state` of the trip."""
    if not can_save(service):
        return None
    if not asks_here(service):
        return refusal("This address does not know that method.", 405).with_header("allow", "GET")
    if not security.from_our_page(request):
        raise BadRequestError(NOT_OURS, 403)
    said = {name: values[0] for name, values in (await request.form()).items()}
    return await land(request, service, said)
