"""One fan's whole story in a campaign: what happened, how it stands, and what happens next."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from upbeat import clock
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.core.hosts import label_of
from upbeat.core.zones import city, is_zone
from upbeat.delivery.again import try_now
from upbeat.delivery.models import Delivery
from upbeat.delivery.story import Story, story
from upbeat.fans.models import PreSave
from upbeat.providers.base import Action
from upbeat.web.dashboard import shell, words
from upbeat.web.dashboard.access import campaign_or_404, signed_in
from upbeat.web.dashboard.fan_data import data_of
from upbeat.web.dashboard.fan_events import ACTIONS, lines
from upbeat.web.dashboard.fans_words import STATES, sentence


@dataclass(frozen=True, slots=True)
class Stands:
    """One line of how it stands now."""

    what: str
    glyph: str
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """One try, as the technical log has it."""

    at: str
    asked: str
    answer: str


@signed_in
@require_safe
def fan_story(request: HttpRequest, id: int, code: str) -> HttpResponse:
    """The page."""
    campaign = campaign_or_404(request, id)
    told = _told(campaign, code)
    now = clock.now()
    return shell.release_page(
        request,
        "dashboard/fan_story.html",
        campaign,
        "fans",
        code=code,
        lead=f"{_wanted(told)} {_address(told)}",
        lines=lines(campaign, told),
        stands=[one for wish in told.pre_saves for one in _stands(campaign, told, wish)],
        facts=_facts(campaign, told),
        next=_next(campaign, told),
        log=_log(campaign, told),
        retrying=any(_may_try(row, now) for row in told.deliveries),
        city=city(campaign.zone),
    )


@signed_in
@require_safe
def fan_data(request: HttpRequest, id: int, code: str) -> HttpResponse:
    """All we hold of this fan for this campaign, for somebody who asks for their data. No token."""
    campaign = campaign_or_404(request, id)
    told = _told(campaign, code)
    answer = JsonResponse(data_of(campaign, told), json_dumps_params={"indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="{told.pre_saves[0].fan.code}.json"'
    return answer


@signed_in
@require_POST
def try_fan_now(request: HttpRequest, id: int, code: str) -> HttpResponse:
    """Try what is retrying at once."""
    campaign = campaign_or_404(request, id)
    _told(campaign, code)
    tried = try_now(campaign, code, clock.now())
    messages.info(request, "It is tried again now." if tried else "There is nothing to try again.")
    return redirect("fan_story", id, code)


def _told(campaign: Campaign, code: str) -> Story:
    told = story(campaign, code) if code.isascii() and code.isprintable() else None
    if told is None:
        raise Http404
    return told


def _wanted(told: Story) -> str:
    """`Pre-saved on Spotify and Deezer.` and how they wanted to be reminded."""
    saved = [label_of(wish.service) for wish in told.pre_saves if wish.rung == PreSave.SAVE]
    asked = [label_of(wish.service).lower() for wish in told.pre_saves if wish.rung == PreSave.REMIND]
    said = [f"Pre-saved on {' and '.join(saved)}."] if saved else []
    said += [f"Asked for a reminder by {' and '.join(asked)}."] if asked else []
    return " ".join(said)


def _address(told: Story) -> str:
    given = told.consent
    if given is None:
        return "No e-mail address given."
    return "Said yes to e-mail and took it back." if given.withdrawn_at else "Said yes to e-mail."


def _stands(campaign: Campaign, told: Story, wish: PreSave) -> list[Stands]:
    """The library, the playlist and the follows of one pre-save."""
    mine = [row for row in told.deliveries if row.pre_save_id == wish.pk]
    on = f" on {label_of(wish.service)}" if len(told.pre_saves) > 1 else ""
    found = [
        _line(f"{what}{on}", row, campaign)
        for action, what in ACTIONS.items()
        if action is not Action.FOLLOW
        for row in mine
        if row.action == action
    ]
    follows = [row for row in mine if row.action == Action.FOLLOW and row.state != State.WITHDRAWN]
    done = [row for row in follows if row.state in (State.DELIVERED, State.VERIFIED)]
    if follows and len(done) == len(follows):
        found.append(Stands(f"Follows{on}", "delivered", f"{len(done)} of {len(follows)}"))
    else:
        found += [_line(f"Follow{on}", row, campaign) for row in follows]
    return found


def _line(what: str, row: Delivery, campaign: Campaign) -> Stands:
    return Stands(what, row.state, STATES[State(row.state)], sentence(row, campaign.zone))


def _facts(campaign: Campaign, told: Story) -> list[tuple[str, str]]:
    """What else there is to know, in words."""
    facts = []
    for wish in told.pre_saves:
        on = f" on {label_of(wish.service)}" if len(told.pre_saves) > 1 else ""
        name = "Permission" if wish.rung == PreSave.SAVE else "Address"
        facts.append((f"{name}{on}", _permission(told, wish)))
    given = told.consent
    facts.append(
        (
            "E-mail",
            "none given" if given is None else "taken back" if given.withdrawn_at else "given, kept sealed",
        )
    )
    zone_name = told.pre_saves[-1].zone
    opens = campaign.opens_for(zone_name) if campaign.opens_at else None
    if is_zone(zone_name) and opens is not None:
        facts.append(("Their zone", words.zone_words(opens, zone_name)))
    facts.append(("Language", told.pre_saves[-1].language))
    return facts


def _permission(told: Story, wish: PreSave) -> str:
    grant = wish.connection
    if grant.dead_at:
        return "ended, says the service"
    if wish.rung == PreSave.REMIND:
        return "kept, sealed" if grant.sealed_access else "deleted"
    if grant.sealed_access or grant.sealed_refresh:
        return "kept, sealed"
    open_ones = any(row.next_at for row in told.deliveries if row.pre_save_id == wish.pk)
    return "none" if open_ones else "deleted: we cannot touch this account any more"


def _next(campaign: Campaign, told: Story) -> list[str]:
    """What happens next, and when, for each delivery that is still open."""
    return [_comes(campaign, row) for row in told.deliveries if row.next_at is not None]


def _comes(campaign: Campaign, row: Delivery) -> str:
    what = f"The {ACTIONS[Action(row.action)].lower()}"
    state, zone_name = State(row.state), row.pre_save.zone
    if state is State.WAITING:
        theirs = ""
        if is_zone(zone_name) and zone_name != campaign.zone:
            theirs = f", which is {words.day_and_time(row.due_at, zone_name)} in {city(zone_name)}"
        return f"{what}: {words.day_and_time(row.due_at, campaign.zone)} in {city(campaign.zone)}{theirs}."
    if state is State.PENDING_SOURCE:
        return f"{what}: as soon as {label_of(row.service)} shows the release. We look again and again."
    if state is State.RETRYING and row.next_at is not None:
        return f"{what}: tried again at {words.clock_time(row.next_at, campaign.zone)}, by itself."
    return (
        f"{what}: held until the team has decided."
        if row.reason == "held"
        else f"{what}: it is their turn soon."
    )


def _may_try(row: Delivery, now: datetime) -> bool:
    return row.state == State.RETRYING and row.next_at is not None and row.next_at > now >= row.due_at


def _log(campaign: Campaign, told: Story) -> list[Log]:
    tries = [event.attempt for event in told.events if event.attempt is not None]
    return [
        Log(
            words.clock_time(one.at, campaign.zone),
            one.asked,
            f"{one.verdict}, {one.reason}"
            + (f", HTTP {one.status}" if one.status else "")
            + f", {one.milliseconds} ms",
        )
        for one in tries
    ]
