"""Tags that choose between sentences: what a line, a band or a message says."""

from collections.abc import Sequence

from django.template import Context, Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from upbeat.providers.registry import capabilities, names
from upbeat.web.pages import marks
from upbeat.web.pages.tags import bdi, words_of
from upbeat.web.pages.view import (
    AskPage,
    DoneLine,
    DonePage,
    FollowRow,
    MessagePage,
    Moment,
    NewsBand,
    ReceiptLine,
    ReleasedPage,
)

register = Library()


@register.filter
def likes(service: str) -> bool:
    """Whether a save on this service is a like of one song."""
    return service in names() and capabilities(service).likes


@register.simple_tag(takes_context=True)
def place(context: Context, moment: Moment) -> str:
    return words_of(context).place(moment.zone)


@register.simple_tag(takes_context=True)
def news_text(context: Context, band: NewsBand, title: str) -> SafeString:
    key = {"twice": "twice", "saved": "saved_text_plain"}.get(band.news, f"{band.news}_text")
    if band.native_url:
        key = "fell_native"
    elif band.news in ("cancelled", "not_open", "app_refused", "down") and not band.remind_url:
        key = f"{band.news}_plain"
    return words_of(context).say(key, service=band.label, title=bdi(title))


@register.simple_tag
def face(row: FollowRow) -> SafeString:
    """A picture of whom to follow: round for people, square for playlists."""
    form = "face" if row.kind != "playlist" else "face square"
    if row.image:
        return format_html('<img class="{}" src="{}" width="40" height="40" alt="">', form, row.image)
    return format_html('<b class="{} letter" aria-hidden="true">{}</b>', form, row.name[:1].upper())


@register.simple_tag(takes_context=True)
def followed(context: Context, rows: Sequence[FollowRow]) -> SafeString:
    """ "Ilse Tarn and 1 more", or "Nobody"."""
    ticked = [row.name for row in rows if row.ticked]
    if not ticked:
        return words_of(context).say("nobody")
    if len(ticked) == 1:
        return bdi(ticked[0])
    return words_of(context).say("and_more", name=bdi(ticked[0]), n=str(len(ticked) - 1))


@register.simple_tag(takes_context=True)
def done_text(context: Context, line: DoneLine, page: DonePage) -> SafeString:
    words = words_of(context)
    if line.state == "not_done" and line.reason:
        return format_html("{}", line.reason)
    match line.what:
        case "library":
            return words.say("to_library", service=page.label)
        case "playlist" | "new_playlist":
            key = {"playlist": "your_playlist", "new_playlist": "new_playlist"}[line.what]
            songs = {"playlist": "playlist_songs", "new_playlist": "new_playlist_songs"}[line.what]
            return words.say(songs, n=str(page.songs)) if page.songs > 1 else words.say(key)
        case "email":
            return words.say("by_email")
    done = line.state == "done" and not page.follows_later
    return words.say("followed_on" if done else "follow_on", service=page.label)


@register.simple_tag(takes_context=True)
def done_state(context: Context, line: DoneLine) -> SafeString:
    return words_of(context).say(f"state_{line.state}")


@register.simple_tag(takes_context=True)
def songs(context: Context, page: ReleasedPage) -> SafeString:
    """ "Album, 9 songs"."""
    words, kind = words_of(context), page.sleeve.kind.capitalize()
    if not page.songs:
        return words.say(kind)
    key = "kind_song" if page.songs == 1 else "kind_songs"
    return words.say(key, kind=words.say(kind), n=str(page.songs))


@register.simple_tag
def state_sign(line: ReceiptLine) -> SafeString:
    """A ring while it waits, a checked disc when it is done."""
    if line.state in ("done", "agreed"):
        return mark_safe(
            '<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><circle cx="10" cy="12" r="10"/>'
            '<path class="cut" stroke-width="2" d="m6 12.4 2.8 2.7L14 9.5"/></svg>'
        )
    if line.state in ("refused", "ended", "reconnect"):
        return marks.icon("wrong")
    return mark_safe(
        '<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><circle class="line" cx="10" cy="12" r="9" '
        'stroke-width="2"/></svg>'
    )


@register.simple_tag(takes_context=True)
def by_channel(context: Context, channel: str) -> SafeString:
    return words_of(context).say(f"by_{channel}")


@register.simple_tag(takes_context=True)
def receipt_name(context: Context, line: ReceiptLine) -> SafeString:
    words, name = words_of(context), bdi(line.name)
    match line.what:
        case "library":
            return words.say("into_library")
        case "follow":
            return words.say("follow_name", name=name)
        case "email":
            return words.say("news_from", artist=name)
        case "permission" | "address":
            return words.say(line.what)
        case "reminder":
            return words.say("reminder_to" if line.name else "reminder", service=name)
    return words.say("into_playlist", name=name)


@register.simple_tag(takes_context=True)
def receipt_state(context: Context, line: ReceiptLine, label: str) -> SafeString:
    words = words_of(context)
    match line.state:
        case "refused" if line.reason:
            state = words.say("refused_why", reason=line.reason)
        case "reconnect":
            state = words.say("reconnect_state")
        case "done" if line.what in ("permission", "address"):
            state = words.say("deleted")
        case "agreed" if line.what == "address":
            state = words.say("kept")
        case other:
            state = words.say(other, service=label)
    parts = [state] if line.when is None else [_at(context, state, line.when)]
    if line.what == "new_playlist":
        parts.insert(0, words.say("new_playlist"))
    return format_html_join(mark_safe("<br>"), "{}", ((part,) for part in parts))


def _at(context: Context, state: SafeString, when: Moment) -> SafeString:
    words = words_of(context)
    day, time = words.day(when.at, when.zone, short=True), words.time(when.at, when.zone)
    return words.say("state_at", state=state, day=day, time=time)


@register.simple_tag(takes_context=True)
def message_head(context: Context, page: MessagePage) -> SafeString:
    return words_of(context).say("refused_page" if page.what == "refused" else page.what)


@register.simple_tag(takes_context=True)
def message_text(context: Context, page: MessagePage) -> SafeString:
    if page.text:
        return format_html("{}", page.text)
    return words_of(context).say("refused_page_text" if page.what == "refused" else f"{page.what}_text")


@register.simple_tag(takes_context=True)
def ask_head(context: Context, page: AskPage) -> SafeString:
    return words_of(context).say(f"ask_{page.what}", title=bdi(page.sleeve.title))


@register.simple_tag(takes_context=True)
def ask_text(context: Context, page: AskPage) -> SafeString:
    words, opens = words_of(context), page.opens
    day, time = words.day(opens.at, opens.zone), words.time(opens.at, opens.zone)
    return words.say(f"ask_{page.what}_text", day=day, time=time, place=words.place(opens.zone))


@register.simple_tag(takes_context=True)
def ask_button(context: Context, page: AskPage) -> SafeString:
    return words_of(context).say(f"ask_{page.what}_do")
