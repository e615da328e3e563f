"""Set up the page: one guided flow, saved as it is typed, published when nothing is left to put right."""

from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upbeat import clock
from upbeat.campaigns import publish as publishing
from upbeat.campaigns import setup
from upbeat.campaigns.describe import Described, read_pasted
from upbeat.campaigns.fill_in import fill_in
from upbeat.campaigns.models import Campaign
from upbeat.campaigns.setup import Settled
from upbeat.campaigns.shown import shown
from upbeat.campaigns.trouble import Trouble
from upbeat.core.hosts import label_of
from upbeat.core.plain import in_a_row
from upbeat.core.problem import Problem
from upbeat.delivery import guard, plan
from upbeat.web.dashboard import moments, moving, shell
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.dashboard.editor import editor
from upbeat.web.dashboard.fragments import answered
from upbeat.web.dashboard.moving import MovesFans
from upbeat.web.dashboard.start import ask
from upbeat.web.dashboard.suggestion import keep_suggestion

_ANNOUNCED = ("title", "artist", "upc", "isrc")


@signed_in
@require_safe
def set_up(request: HttpRequest, id: int) -> HttpResponse:
    """The whole flow on one page."""
    return _page(request, campaign_or_404(request, id))


@signed_in
@require_POST
def answer(request: HttpRequest, id: int) -> HttpResponse:
    """Take answers: one field while it is typed, or all of them from the plain form. What we do not ask is ignored."""
    campaign = campaign_or_404(request, id)
    now = clock.now()
    used = _use(request, campaign)
    settled: dict[str, Settled] = {}
    for question, typed in _asked(request, used):
        try:
            settled[question] = take(campaign, question, typed, now)
        except MovesFans:
            return _ask_first(request, campaign, typed)
    if request.headers.get("HX-Request"):
        return answered(request, campaign, settled, whole=used[0] if used else "")
    if request.POST.get("do") == "publish":
        return _publish(request, campaign, now)
    return redirect("set_up", id)


@signed_in
@require_POST
def source(request: HttpRequest, id: int) -> HttpResponse:
    """Fill the release in from another link or code. A wrong one stays in the field."""
    campaign = campaign_or_404(request, id)
    text = request.POST.get("source", "")
    read = async_to_sync(read_pasted)(text)
    if isinstance(read, Problem):
        with transaction.atomic():
            setup.locked(campaign)
            setup.keep(campaign, "source", Trouble(read, "source"), {"source": text[:1000]})
    else:
        described = async_to_sync(ask)(read)
        messages.info(request, mend(campaign, described, clock.now()))
        async_to_sync(keep_suggestion)(campaign.pk, described)
    return redirect("set_up", id)


@signed_in
@require_POST
def publish(request: HttpRequest, id: int) -> HttpResponse:
    """Go out, or say what is to be put right first."""
    return _publish(request, campaign_or_404(request, id), clock.now())


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, id: int) -> HttpResponse:
    """Whether the release shall have the moment in the address, and then its having it."""
    campaign, now = campaign_or_404(request, id), clock.now()
    sent = request.POST if request.method == "POST" else request.GET
    typed = {name: sent[name] for name in setup.FIELDS["when"] if name in sent}
    if request.method == "POST":
        settled = take(campaign, "when", typed, now, sure=True)
        if settled.changed:
            messages.info(request, f"It is out {moments.in_words(campaign)}.")
        return redirect("set_up", id)
    question = moving.another_moment(campaign, typed, now) if campaign.state == Campaign.PUBLISHED else None
    return _page(request, campaign, ask=question) if question else redirect("set_up", id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, id: int) -> HttpResponse:
    """Whether the page shall be taken down, and then its being taken down."""
    campaign = campaign_or_404(request, id)
    if request.method == "POST":
        moving.withdraw(campaign, clock.now())
    elif campaign.state == Campaign.PUBLISHED:
        return _page(request, campaign, ask=moving.withdrawal(campaign))
    return redirect("set_up", id)


def take(
    campaign: Campaign, question: str, typed: dict[str, str], now: datetime, *, sure: bool = False
) -> Settled:
    """Settle one answer; where the moment of a published release moves, everything planned moves with it, and where
    its title, artist or code is corrected, what the services show is compared anew and who waited goes out (S30)."""
    moves = question == "when" and campaign.state == Campaign.PUBLISHED
    asks = moves and not sure and moving.moves_fans(campaign, now)
    with transaction.atomic():
        settled = setup.settle(campaign, question, typed, now)
        if moves and settled.changed:
            if asks:
                raise MovesFans
            plan.replan(campaign, now)
        if question in _ANNOUNCED and settled.changed and campaign.state == Campaign.PUBLISHED:
            guard.announced_anew(campaign, now)
    return settled


def mend(campaign: Campaign, described: Described, now: datetime) -> str:
    """Fill in what the services said. Of a published release it is compared with what was announced: fans who waited
    for it there are served at once, or held back."""
    with transaction.atomic():
        said = fill_in(campaign, described, now)
        if campaign.state == Campaign.PUBLISHED:
            guard.mended(campaign, described.found, now)
            return _held(campaign) or said
    return said


def _held(campaign: Campaign) -> str:
    """What to say where a service shows another release."""
    held = campaign.release.links.filter(held_at__isnull=False).order_by("id")
    names = [label_of(link.service) for link in held]
    if not names:
        return ""
    verb = "shows" if len(names) == 1 else "show"
    return (
        f"{in_a_row(names)} {verb} another release than you announced, so nothing goes out there. "
        "Compare and decide under Delivery."
    )


def _publish(request: HttpRequest, campaign: Campaign, now: datetime) -> HttpResponse:
    with transaction.atomic():
        found = publishing.publish(campaign, now)
        if not found:
            plan.replan(campaign, now)
    if found:
        return _page(request, campaign, status=422, findings=found)
    return redirect("share", campaign.pk)


def _ask_first(request: HttpRequest, campaign: Campaign, typed: dict[str, str]) -> HttpResponse:
    """To the page with the question. What was typed goes along in its address."""
    campaign.refresh_from_db()
    there = moving.to_the_question(campaign, shown(campaign, "when") | typed)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": there})
    return redirect(there)


def _page(request: HttpRequest, campaign: Campaign, *, status: int = 200, **context: Any) -> HttpResponse:
    now = clock.now()
    shown = editor(campaign, now, summary=context.pop("findings", []))
    return shell.release_page(
        request, "dashboard/set_up.html", campaign, "page", status=status, **shown, **context
    )


def _asked(request: HttpRequest, used: tuple[str, dict[str, str]] | None) -> list[tuple[str, dict[str, str]]]:
    """The questions this request answers, with what was typed. A switch that is off says so by `asked-…`."""
    if used is not None and request.headers.get("HX-Request"):
        return [used]
    typed = {
        question: {name: request.POST[name] for name in fields if name in request.POST}
        for question, fields in setup.FIELDS.items()
    }
    off = [one for one in setup.SWITCHES if f"asked-{one}" in request.POST and not typed[one]]
    typed |= {question: {question: ""} for question in off}
    if used is not None:
        typed[used[0]] = used[1]
    # The moment comes last: where it moves fans, it waits for a word of the team's.
    return sorted(
        ((question, given) for question, given in typed.items() if given), key=lambda one: one[0] == "when"
    )


def _use(request: HttpRequest, campaign: Campaign) -> tuple[str, dict[str, str]] | None:
    """The remedy that was tapped (`when:0`), laid over what had been typed."""
    question, _, number = request.POST.get("use", "").partition(":")
    kept = campaign.unsettled.get(question)
    if (
        not kept
        or question not in setup.FIELDS
        or not number.isdecimal()
        or int(number) >= len(kept["remedies"])
    ):
        return None
    return question, kept["values"] | kept["remedies"][int(number)]["values"]
