"""What the templates of the fan's pages may say: words, moments, marks. Loaded into our own engine only."""

from datetime import datetime

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from upbeat.web.pages import marks
from upbeat.web.pages.view import Moment
from upbeat.web.pages.words import Words

register = template.Library()
register.simple_tag(marks.mark, name="mark")
register.simple_tag(marks.icon, name="icon")


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: object) -> SafeString:
    """The sentence `key` in the page's language. Everything filled in is escaped."""
    return words_of(context).say(key, **{name: _text(value) for name, value in values.items()})


@register.filter
def bdi(name: str) -> SafeString:
    """A name, kept apart from the direction of the words around it."""
    return format_html("<bdi>{}</bdi>", name)


@register.filter
def instant(at: datetime) -> str:
    """For the script: to the second, with its offset."""
    return at.isoformat(timespec="seconds")


@register.filter
def reading(at: datetime) -> str:
    """For the script: what a clock shows, wherever it stands."""
    return at.replace(tzinfo=None).isoformat(timespec="seconds")


@register.simple_tag(takes_context=True)
def day(context: Context, moment: Moment, short: bool = False) -> SafeString:
    """The moment's day; the script puts the fan's own in its place unless the moment is theirs already."""
    shown = words_of(context).day(moment.at, moment.zone, short=short)
    return shown_as(moment, "" if short else "day", shown)


@register.simple_tag(takes_context=True)
def clock(context: Context, moment: Moment) -> SafeString:
    """The moment's time of day, like `day`."""
    return shown_as(moment, "time", words_of(context).time(moment.at, moment.zone))


@register.simple_tag(takes_context=True)
def whose(context: Context, moment: Moment) -> SafeString:
    """Whose clocks: "your time", or "Berlin time" until the script knows better."""
    words = words_of(context)
    if moment.yours:
        return words.say("your_time")
    place = words.place(moment.zone)
    named = words.say("utc") if place == "UTC" else words.say("place_time", place=place)
    return format_html("<span data-whose>{}</span>", named)


@register.simple_tag(takes_context=True)
def in_zone(context: Context, moment: Moment) -> SafeString:
    """ "Your time (Berlin)", or "Time in Berlin" until the script knows better."""
    words = words_of(context)
    key = "your_time_in" if moment.yours else "time_in"
    return words.say(key, place=words.place(moment.zone))


def shown_as(moment: Moment, what: str, text: str) -> SafeString:
    if moment.yours or not what:
        return format_html("{}", text)
    return format_html(
        '<time data-{} datetime="{}">{}</time>', what, moment.at.isoformat(timespec="seconds"), text
    )


def words_of(context: Context) -> Words:
    words: Words = context["words"]
    return words


def _text(value: object) -> object:
    """Numbers as text, so that no locale of the server has a say."""
    return value if isinstance(value, str) else str(value)
