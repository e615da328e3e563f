"""The release as a calendar file: a reminder that needs no address and no permission."""

from datetime import datetime, timedelta

from django.conf import settings
from icalendar import Alarm, Calendar, Event

from upbeat.campaigns.models import Campaign


def calendar_file(campaign: Campaign, now: datetime) -> bytes:
    """One event at the instant, with the page's address and an alarm.

    A local release has a floating time: whatever the calendar's own clock shows, as the release goes by it too.
    """
    starts = campaign.opens_at
    if campaign.local and campaign.day is not None and campaign.time is not None:
        starts = datetime.combine(campaign.day, campaign.time)
    assert starts is not None
    release, url = campaign.release, f"{settings.PUBLIC_URL}/{campaign.slug}"
    event = Event()
    event.add("uid", f"release-{campaign.pk}@{settings.PUBLIC_URL.partition('://')[2]}")
    event.add("dtstamp", now)
    event.add("sequence", campaign.version)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=15))
    event.add("summary", f"{release.title} · {release.artist.name}")
    event.add("description", f"{release.title} by {release.artist.name} is out: {url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{release.title} is out")
    alarm.add("trigger", timedelta())
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Upbeat//Release//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
