"""The release in a calendar: a reminder that needs no address and no permission. A file, or another site's own form.

Nobody can know what became of either, so a tap is counted and nothing is promised.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from icalendar import Alarm, Calendar, Event

from upbeat.campaigns.models import Campaign
from upbeat.delivery.channels.words import Words

LENGTH = timedelta(minutes=15)
FILE, GOOGLE, OUTLOOK = "file", "google", "outlook"
_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.live.com/calendar/0/action/compose"


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in the calendar."""

    starts: datetime
    """In UTC; of a local release without a zone: whatever the calendar's own clock shows, as the release goes by it."""
    title: str
    text: str
    url: str

    @property
    def floats(self) -> bool:
        return self.starts.tzinfo is None

    @property
    def ends(self) -> datetime:
        return self.starts + LENGTH


def entry(campaign: Campaign) -> Entry:
    """The entry of a release, in the page's language."""
    starts = campaign.opens_at
    if campaign.local and campaign.day is not None and campaign.time is not None:
        starts = datetime.combine(campaign.day, campaign.time)
    assert starts is not None
    release = campaign.release
    return Entry(
        starts=starts.astimezone(UTC) if starts.tzinfo else starts,
        title=f"{release.title} · {release.artist.name}",
        text=Words(campaign.language).say("out_head", title=release.title),
        url=f"{settings.PUBLIC_URL}/{campaign.slug}",
    )


def calendar_file(campaign: Campaign, now: datetime) -> bytes:
    """The entry with an alarm, as a file (RFC 5545). Opened again after the release has moved, it moves with it: same
    UID, higher SEQUENCE."""
    one = entry(campaign)
    event = Event()
    event.add("uid", f"release-{campaign.pk}@{settings.PUBLIC_URL.partition('://')[2]}")
    event.add("dtstamp", now)
    event.add("sequence", campaign.version)
    event.add("dtstart", one.starts)
    event.add("dtend", one.ends)
    event.add("summary", one.title)
    event.add("description", f"{one.text}: {one.url}")
    event.add("url", one.url)
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(one))
    calendar = Calendar()
    calendar.add("prodid", "-//Upbeat//Release//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def forms(campaign: Campaign) -> dict[str, str]:
    """Where other calendars have the entry ready to be kept, by their key in our addresses."""
    one = entry(campaign)
    start, end = (at.strftime("%Y%m%dT%H%M%S") + ("" if one.floats else "Z") for at in (one.starts, one.ends))
    google = {
        "action": "TEMPLATE",
        "text": one.title,
        "dates": f"{start}/{end}",
        "details": f"{one.text}: {one.url}",
    }
    outlook = {
        "rru": "addevent",
        "path": "/calendar/action/compose",
        "subject": one.title,
        "startdt": _written(one.starts),
        "enddt": _written(one.ends),
        "body": f"{one.text}: {one.url}",
    }
    return {GOOGLE: f"{_GOOGLE}?{urlencode(google)}", OUTLOOK: f"{_OUTLOOK}?{urlencode(outlook)}"}


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _alarm(one: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one.text)
    alarm.add("trigger", timedelta())
    return alarm
