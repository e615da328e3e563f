"""The demo's button: "jump to the release". In sandbox mode only."""

from django.conf import settings

from upbeat.web import security
from upbeat.web.fan.cookies import zone_of
from upbeat.web.fan.plain import nothing_here, refusal
from upbeat.web.outer.http import Answer, BadRequestError, Request, see_other
from upbeat.web.outer.threads import in_thread
from upbeat.web.sandbox_clock import CannotMove, move, until_release


async def jump(request: Request) -> Answer:
    """POST /_demo/jump?to=<slug>: move the clocks to the campaign's instant, and show its page."""
    if not settings.SANDBOX:
        return nothing_here()
    if not security.from_our_page(request):
        raise BadRequestError("This form came from another site.", 403)
    slug, zone = request.query.get("to", ""), zone_of(request.cookies)
    try:
        await in_thread(lambda: move(until_release(slug, zone)))
    except CannotMove as problem:
        return refusal(str(problem), 409)
    return see_other(f"/{slug}")
