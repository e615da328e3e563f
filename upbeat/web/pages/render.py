"""A page's values become its bytes: one HTML document with its style inside, ready to be kept and sent.

Pure: the same values give the same bytes. The style sheet is inside the document (a page is one request and its cover),
so a content security policy names its hash: `Rendered.style_hashes`. There is no inline script and no style attribute.
"""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from upbeat.campaigns.palette import PLAIN, Colours, Palette
from upbeat.web.pages.view import (
    AskPage,
    BeforePage,
    CalendarSheet,
    Cover,
    DonePage,
    MessagePage,
    PermissionSheet,
    ReceiptPage,
    ReleasedPage,
    RemindSheet,
    Sleeve,
    SuccessPage,
)
from upbeat.web.pages.words import Words

_HERE = Path(__file__).parent
_ENGINE = Engine(
    dirs=[str(_HERE / "templates")],
    builtins=["upbeat.web.pages.tags", "upbeat.web.pages.phrases"],
    autoescape=True,
    loaders=[("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
)
_SHORTER = (
    ("inline-size:", "width:"),
    ("block-size:", "height:"),
    ("-block-start:", "-top:"),
    ("-block-end:", "-bottom:"),
)
"""The same in a page that is written in lines, as ours all are."""
_SCRIPTS = _HERE / "static" / "pages"
_TOGETHER = {"rows": "list going"}
"""A sheet's rows lead to other sheets, so nothing of theirs is ever on its way."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document, and the hashes ("sha256-…") of the style sheets inside it, for `style-src`."""

    html: str
    style_hashes: tuple[str, ...]


def render_before(page: BeforePage) -> Rendered:
    """1, and with `page.band` 6: cancelled, next rung, expired, twice."""
    return _rendered(
        "before",
        page.sleeve,
        {"page": page, "small": page.band is not None},
        "rows date sheet band" + (" small" if page.band else "") + _also(page),
    )


def render_sheet(page: BeforePage, sheet: PermissionSheet) -> Rendered:
    """2: the page beneath (inert) and the sheet with its one sentence, open."""
    parts = "rows date sheet" + (" alone" if sheet.musickit or sheet.in_app else "") + _also(page)
    return _rendered("sheet", page.sleeve, {"page": page, "sheet": sheet}, parts)


def render_remind(page: BeforePage, sheet: RemindSheet) -> Rendered:
    """7: the page beneath (inert) and the sheet with the ways to be reminded, open."""
    values = {"page": page, "sheet": sheet, "push_script": script_url("push.js")}
    return _rendered("remind", page.sleeve, values, "list date sheet form")


def render_calendar(page: BeforePage, sheet: CalendarSheet) -> Rendered:
    """The page beneath (inert) and the sheet with the ways into a calendar, open."""
    return _rendered("calendar", page.sleeve, {"page": page, "sheet": sheet}, "rows date sheet" + _also(page))


def render_success(page: SuccessPage) -> Rendered:
    """3 and 3b: pre-saved, and the extras."""
    return _rendered("success", page.sleeve, {"page": page, "small": True}, "small band form extras")


def render_done(page: DonePage) -> Rendered:
    """4: the date, the calendar, what happens when."""
    return _rendered("done", page.sleeve, {"page": page}, "band lines")


def render_released(page: ReleasedPage) -> Rendered:
    """8: out now, for newcomers; with `page.yours` for a pre-saver."""
    return _rendered("released", page.sleeve, {"page": page}, "rows date band")


def render_receipt(page: ReceiptPage) -> Rendered:
    """9: what was promised, and what became of it."""
    return _rendered(
        "receipt",
        page.sleeve,
        {"page": page, "small": True},
        "small band lines" + (" form" if page.clock or page.reminder else ""),
    )


def render_ask(page: AskPage) -> Rendered:
    """A reminder's question: one button, or what became of it."""
    return _rendered("ask", page.sleeve, {"page": page, "small": True}, "small band form asks")


def render_message(page: MessagePage) -> Rendered:
    """A sentence and nothing else."""
    sleeve = page.sleeve or Sleeve(page.language, "", "", "/", "", None, sandbox=page.sandbox)
    return _rendered("message", sleeve, {"page": page, "small": True}, "small band")


def script_url(name: str = "fan.js") -> str:
    """The address of a script, with its hash, so that it may be kept for good."""
    return f"/static/pages/{name}?v={_script_hash(name, (_SCRIPTS / name).stat().st_mtime_ns)}"


def _also(page: BeforePage) -> str:
    return " also" if any(row.also_remind_url for row in page.services) else ""


def _rendered(template: str, sleeve: Sleeve, values: dict[str, Any], parts: str) -> Rendered:
    style = _colours(sleeve.cover.palette if sleeve.cover else PLAIN) + _styles(parts)
    context = Context(
        {
            "words": Words(sleeve.language),
            "sleeve": sleeve,
            "theme": _theme(sleeve.cover.palette if sleeve.cover else PLAIN),
            "srcset": _srcset(sleeve.cover) if sleeve.cover else "",
            "size": _size(sleeve.title),
            "style": mark_safe(style),  # noqa: S308 - our own rules, and hexes we computed
            "script": script_url(),
            "own_time": script_url("own-time.js"),
            **values,
        }
    )
    html = _ENGINE.get_template(f"pages/{template}.html").render(context)
    return Rendered(_tight(html), (_hash(style),))


def _colours(palette: Palette) -> str:
    """The nine colours as custom properties. A light cover's page is dark for those who asked for dark."""
    native = palette.dark if palette.native == "dark" else palette.light
    rules = f":root{{color-scheme:{palette.native};{_properties(native)}}}"
    if palette.native == "light":
        dark = f"color-scheme:dark;{_properties(palette.dark)}"
        rules += f"@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return rules


def _properties(colours: Colours) -> str:
    names = ("field", "raised", "ink", "soft", "line", "edge", "tint", "on", "mark")
    return ";".join(f"--{name}:{getattr(colours, name)}" for name in names)


def _theme(palette: Palette) -> list[tuple[str, str]]:
    """Colour and media of each theme-color."""
    if palette.native == "dark":
        return [(palette.dark.field, "")]
    return [(palette.light.field, ""), (palette.dark.field, "(prefers-color-scheme:dark)")]


def _srcset(cover: Cover) -> str:
    """Each size that is really there: nothing is ever scaled up."""
    widths = [(cover.small, 480), (cover.medium, 960), (cover.large, 1400)]
    real = {min(width, cover.width): url for url, width in reversed(widths)}
    return ", ".join(f"{url} {width}w" for width, url in sorted(real.items()))


def _size(title: str) -> str:
    """The class of a long title."""
    return "longest" if len(title) > 44 else "longer" if len(title) > 18 else ""


@cache
def _styles(parts: str) -> str:
    """These parts of the style sheet, without what only people read."""
    names = ["base", *" ".join(_TOGETHER.get(part, part) for part in parts.split()).split()]
    return squeezed("".join((_HERE / "styles" / f"{name}.css").read_text(encoding="utf-8") for name in names))


def squeezed(css: str) -> str:
    """The same rules in fewer bytes: no comments, no space that says nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css).replace(": ", ":")
    for logical, physical in _SHORTER:
        css = css.replace(logical, physical)
    return css.replace(";}", "}").replace("@media (", "@media(").strip()


def _tight(html: str) -> str:
    """Without the white space that lines of a template leave between tags."""
    html = re.sub(r">\s*\n\s*<", "><", html)
    return re.sub(r"\s*\n\s*", " ", html).strip() + "\n"


def _hash(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


@cache
def _script_hash(name: str, _changed: int) -> str:
    return hashlib.sha256((_SCRIPTS / name).read_bytes()).hexdigest()[:12]
