"""A campaign's moment in the dashboard's words: one instant for all, or each fan's own."""

from datetime import datetime, time

from upbeat.campaigns.models import Campaign
from upbeat.core import release_clock
from upbeat.core.zones import city, zone
from upbeat.web.dashboard import words

WORLD = "Starts in Kiritimati, ends 25 hours later in Pago Pago."


def shown(campaign: Campaign) -> str:
    """`Fri 26 Mar 2027, 00:00`, or nothing yet."""
    if campaign.opens_at is None:
        return ""
    if campaign.local and campaign.day is not None and campaign.time is not None:
        return f"{words.day_words(campaign.day)}, {campaign.time:%H:%M}"
    return words.day_and_time(campaign.opens_at, campaign.zone)


def whose(campaign: Campaign) -> str:
    """Whose clock that is: `Berlin (UTC+1)`, or `each fan’s midnight`."""
    if campaign.opens_at is None:
        return ""
    return own(campaign.time) if campaign.local else words.zone_words(campaign.opens_at, campaign.zone)


def own(at: time | None) -> str:
    return "each fan’s midnight" if at in (None, release_clock.MIDNIGHT) else "each fan’s own clock"


def in_words(campaign: Campaign) -> str:
    """For a sentence: `Friday 26 March 2027, 00:00 in Berlin (that is …)`, or `…, 00:00 by each fan’s own clock`."""
    if campaign.opens_at is None:
        return ""
    if campaign.local and campaign.day is not None and campaign.time is not None:
        day = campaign.day
        return f"{day:%A} {day.day} {day:%B %Y}, {campaign.time:%H:%M} by each fan’s own clock"
    return release_clock.in_words(campaign.opens_at, campaign.zone)


def team_reading(campaign: Campaign) -> datetime:
    """What the team's own clock shows at the campaign's moment (local: at that of a fan beside them)."""
    return campaign.opens_for("").astimezone(zone(campaign.zone))


def choice(campaign: Campaign, now: datetime) -> dict[str, str]:
    """The two choices of set-up and what each comes to: the moment everywhere, and the moment where each fan is."""
    day, at = campaign.day, campaign.time
    head = "Midnight" if at in (None, release_clock.MIDNIGHT) else f"{at:%H:%M}"
    told = {
        "local_head": f"{head} where each fan is",
        "local_text": WORLD,
        "local_rest": f"A fan whose clock we do not know goes by {city(campaign.zone)}.",
    }
    if campaign.opens_at is None or day is None or at is None:
        return told | {"instant": "", "elsewhere": "", "until": ""}
    one = release_clock.opens_at(day, at, campaign.zone, fold=campaign.fold)
    first = campaign.opens_at
    return told | {
        "instant": release_clock.in_words(one, campaign.zone),
        "elsewhere": words.elsewhere(one, campaign.zone),
        "until": words.until(first - now) if first > now else "",
    }
