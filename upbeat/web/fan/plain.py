"""Rendered pages as answers of the outer app, and the pages with nothing but a sentence."""

from django.conf import settings

from upbeat.campaigns.models import Campaign
from upbeat.web import security
from upbeat.web.connect.mistakes import mistake
from upbeat.web.fan.sleeve import sleeve
from upbeat.web.outer.http import Answer, html
from upbeat.web.pages.render import Rendered, render_message
from upbeat.web.pages.view import MessagePage


def shown(page: Rendered, *, status: int = 200) -> Answer:
    """A personal page: kept by nobody."""
    return html(page.html, status=status, csp=security.fan_csp(page.style_hashes))


def refusal(sentence: str, status: int) -> Answer:
    """What came cannot be answered: a sentence that says why."""
    return shown(
        render_message(MessagePage("refused", text=sentence, sandbox=settings.SANDBOX)), status=status
    )


def trouble(id: str) -> Answer:
    """Something of ours broke. `id` finds it in the log."""
    return shown(render_message(MessagePage("broken", id=id, sandbox=settings.SANDBOX)), status=500)


def nothing_here() -> Answer:
    return shown(render_message(MessagePage("not_found", sandbox=settings.SANDBOX)), status=404)


def astray(campaign: Campaign | None) -> Answer:
    """A callback whose trip did not begin in this browser, or that nobody began: nothing is recorded.

    Answered where it came in: there is no page of this browser's to lead to.
    """
    if campaign is None:
        return refusal(mistake("en", "astray"), 400)
    language = campaign.language
    page = MessagePage("refused", language, mistake(language, "astray_page"), sleeve=sleeve(campaign))
    return shown(render_message(page), status=400)
