"""The letter that tells one member of the team of an alarm."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from textwrap import fill

from django.conf import settings
from django.urls import reverse

from upbeat.artists.models import Member, Person
from upbeat.campaigns.models import Campaign
from upbeat.core.preflight import Level, Line
from upbeat.core.zones import city, zone
from upbeat.delivery import post
from upbeat.delivery.alarms import Kind
from upbeat.delivery.aside import aside
from upbeat.delivery.mail import MOST_SECONDS, Letter, NotSent, may_send
from upbeat.delivery.models import Alarm, PreFlight
from upbeat.delivery.threads import beside

logger = logging.getLogger(__name__)

_SOONEST, _LATEST = timedelta(seconds=5), timedelta(minutes=15)

_WHAT_TO_DO: dict[str, str] = {
    Kind.PREFLIGHT: "Each line of the check says what to do about it. When it is put right, press Look now on the "
    "delivery page.",
    Kind.HELD: "Nothing more goes out there until somebody has looked. The delivery page shows what was found beside "
    "what you announced: say that it is right, or paste the right link. Nobody is lost meanwhile.",
    Kind.PENDING_SOURCE: "We go on looking by ourselves. If you know the release's link on that service, paste it on "
    "the delivery page, and everybody who waits is served at once.",
    Kind.CIRCUIT: "The service says of unusually many permissions that they have ended, which is most often its own "
    "mistake. We believe none of it, conclude nothing, and try again by ourselves. If it goes on, look whether the "
    "client secret in the service's developer dashboard is still the one this installation has.",
    Kind.WORKER: "Nothing is delivered until one runs. Start it again with `upbeat run`, or `upbeat worker` where the "
    "worker is a process of its own. It goes on where it stopped, and nobody is lost.",
}


async def tell(alarm_id: int, person_id: int, *, now: Callable[[], datetime]) -> datetime | None:
    """Send it, unless the alarm is over. Returns when to try again, if the letter was not taken."""
    if not may_send():
        return None
    letter = await beside(_letter, alarm_id, person_id)
    if letter is None:
        return None
    try:
        await aside(lambda: post.send(letter), MOST_SECONDS)
    except (NotSent, TimeoutError) as problem:
        return await beside(_put_off, alarm_id, problem, now())
    await beside(_sent, alarm_id, now())
    return None


def letter(alarm: Alarm, person: Person) -> Letter:
    """What is wrong, what to do, and where. Nothing of a fan, and no secret."""
    campaign, release = alarm.campaign, alarm.campaign.release
    page = settings.PUBLIC_URL + reverse("delivery", args=[campaign.pk])
    text = (
        f"{fill(alarm.sentence, 76)}\n\n"
        f"{release.title} by {release.artist.name}\n"
        f"Release: {_moment(campaign)}\n\n"
        f"What to do\n{fill(_WHAT_TO_DO.get(alarm.kind, ''), 76)}\n\n"
        f"{_found_by_the_check(alarm)}"
        f"{page}\n\n"
        f"This goes to everybody on the team {campaign.team.name}, once. The page says when it is over.\n"
    )
    subject = f"{release.title}: {alarm.sentence.partition('. ')[0].rstrip('.')}"
    return Letter(
        person.email, subject, text, f"alarm-{alarm.pk}-{person.pk}-{alarm.raised_at.timestamp():.0f}"
    )


def _found_by_the_check(alarm: Alarm) -> str:
    """The trouble a pre-flight found, each with its remedy."""
    made = (
        PreFlight.objects.filter(campaign=alarm.campaign_id).exclude(worst="").order_by("-at", "-id").first()
    )
    if alarm.kind != Kind.PREFLIGHT or made is None:
        return ""
    lines = [line for line in map(Line.from_json, made.lines) if line.level is not Level.FINE]
    told = [f"{line.level.capitalize()}: {line.what}. {line.sentence} {line.advice}" for line in lines]
    return "".join(fill(one, 76, initial_indent="- ", subsequent_indent="  ") + "\n" for one in told) + "\n"


def _letter(alarm_id: int, person_id: int) -> Letter | None:
    """The letter as it would be written now; None where there is nothing more to tell this person."""
    alarm = Alarm.objects.filter(pk=alarm_id, ended_at=None)
    found = alarm.select_related("campaign__release__artist__team").first()
    member = Member.objects.filter(person=person_id, person__is_active=True).select_related("person")
    if found is None or not (one := member.filter(team=found.campaign.team).first()):
        return None
    return letter(found, one.person)


def _put_off(alarm_id: int, problem: Exception, now: datetime) -> datetime | None:
    """After as long again as the letter has been waiting, at the most a quarter of an hour."""
    why = str(problem) or "The mail server took too long to answer."
    logger.warning("The letter of alarm %s was not sent: %s", alarm_id, why)
    alarm = Alarm.objects.filter(pk=alarm_id).first()
    if alarm is None or (isinstance(problem, NotSent) and problem.for_good):
        return None
    return now + min(max(now - alarm.raised_at, _SOONEST), _LATEST)


def _sent(alarm_id: int, now: datetime) -> None:
    Alarm.objects.filter(pk=alarm_id, mailed_at=None).update(mailed_at=now)


def _moment(campaign: Campaign) -> str:
    if campaign.opens_at is None:
        return "no day is set"
    local = campaign.opens_at.astimezone(zone(campaign.zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} in {city(campaign.zone)}"
