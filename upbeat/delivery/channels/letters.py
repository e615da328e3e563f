"""The letters a fan may get: confirm this, it is out, allow it once more. Text, and the same as plain HTML.

Nothing in them is loaded from anywhere: no picture, no font, nothing that tells us that they were read.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe

from upbeat.delivery.channels import Message
from upbeat.delivery.channels.words import Words
from upbeat.delivery.mail import Letter

_STYLE = """
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;background:#f6f4f1;color:#1d1b19}
.sheet{background:#ffffff}.soft,.soft a{color:#6a645d}.button{background:#1d1b19;color:#ffffff}
@media (prefers-color-scheme:dark){
body{background:#161413 !important;color:#f3efea !important}
.sheet{background:#211e1c !important}.soft,.soft a{color:#a89f96 !important}
.button{background:#f3efea !important;color:#161413 !important}}
"""
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_HTML = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
    "<title>{head}</title><style>{style}</style></head>"
    '<body style="{font};font-size:17px;line-height:1.45">'
    '<div class="sheet" style="max-width:480px;margin:24px auto;padding:28px 24px;border-radius:16px">'
    '<h1 style="font-size:24px;line-height:1.2;margin:0 0 12px">{head}</h1>{paragraphs}'
    '<p style="margin:24px 0"><a class="button" href="{url}" style="display:inline-block;padding:13px 28px;'
    'border-radius:24px;font-weight:600;text-decoration:none">{button}</a></p>{small}</div></body></html>'
)
_PARAGRAPH = '<p style="margin:0 0 12px">{}</p>'
_SMALL = '<p class="soft" style="margin:0 0 10px;font-size:14px;overflow-wrap:anywhere">{}</p>'


@dataclass(frozen=True, slots=True)
class Asking:
    """What the letter that asks to confirm a reminder says."""

    id: str
    language: str
    title: str
    artist: str
    opens_at: datetime
    zone: str
    confirm: str
    """Shows the page with the button: a mail scanner that opens it confirms nothing."""
    stop: str
    days: int
    """How long the address waits for the answer."""


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """What the letter says that asks for a permission once more."""

    id: str
    language: str
    service: str
    """As people write it."""
    title: str
    artist: str
    opens_at: datetime | None
    """None: it is out."""
    zone: str
    url: str
    """Shows the button that asks the service: for whoever holds the link, in any browser."""


def reminder(to: str, message: Message) -> Letter:
    """It is out."""
    words = Words(message.language)
    sheet = _Sheet(
        language=message.language,
        head=words.say("out_head", title=message.title),
        paragraphs=(words.say("out_text", kind=words.kind(message.kind), artist=message.artist),),
        button=words.say("open_on", service=message.service) if message.service else words.say("open_page"),
        url=message.url,
        small=(
            *((words.say("all_services", page=message.page),) if message.service else ()),
            words.say("out_why"),
            words.say("out_receipt", receipt=message.receipt),
        ),
    )
    subject = words.say("out_subject", title=message.title, artist=message.artist)
    return sheet.letter(to, subject, message.id, message.stop)


def asking(to: str, about: Asking) -> Letter:
    """Was it you?"""
    words = Words(about.language)
    when = words.when(about.opens_at, about.zone)
    sheet = _Sheet(
        language=about.language,
        head=words.say("confirm_head"),
        paragraphs=(
            words.say("confirm_text", title=about.title, artist=about.artist, when=when),
            words.say("confirm_do"),
        ),
        button=words.say("confirm_button"),
        url=about.confirm,
        small=(words.say("confirm_not_you", days=str(about.days), stop=about.stop),),
    )
    return sheet.letter(to, words.say("confirm_subject", title=about.title), about.id, about.stop)


def reconnecting(to: str, about: Reconnecting) -> Letter:
    """Would you allow it once more? About the fan's own pre-save: it comes once, and nothing is to be unsubscribed."""
    words = Words(about.language)
    names = {"service": about.service, "title": about.title, "artist": about.artist}
    out = about.opens_at is None
    when = "" if about.opens_at is None else words.when(about.opens_at, about.zone)
    sheet = _Sheet(
        language=about.language,
        head=words.say("again_head", **names),
        paragraphs=(
            words.say("again_text_out", **names) if out else words.say("again_text", when=when, **names),
            words.say("again_do"),
        ),
        button=words.say("again_button"),
        url=about.url,
        small=(words.say("again_why"),),
    )
    return sheet.letter(to, words.say("again_subject", **names), about.id)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One thing to say, one button, small print."""

    language: str
    head: str
    paragraphs: tuple[str, ...]
    button: str
    url: str
    small: tuple[str, ...]

    def letter(self, to: str, subject: str, id: str, stop: str = "") -> Letter:
        one_click = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        headers = one_click if stop else {}
        return Letter(to, subject, self._text(), id, self._html(), headers)

    def _text(self) -> str:
        return "\n\n".join((self.head, *self.paragraphs, f"{self.button}:\n{self.url}", *self.small)) + "\n"

    def _html(self) -> str:
        return format_html(
            _HTML,
            language=self.language,
            head=self.head,
            style=_STYLE,
            font=_FONT,
            paragraphs=format_html_join("", _PARAGRAPH, ((one,) for one in self.paragraphs)),
            url=self.url,
            button=self.button,
            small=format_html_join("", _SMALL, ((_linked(one),) for one in self.small)),
        )


def _linked(text: str) -> SafeString:
    """The text, escaped, with its addresses as links."""
    return mark_safe(urlize(text, autoescape=True))  # noqa: S308 - escaped by urlize
