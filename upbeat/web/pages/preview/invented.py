"""Every fan page with invented data, at a moment that stands still. Also what the tests of the look render."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from upbeat.campaigns.artwork import Artwork, read_artwork
from upbeat.campaigns.palette import palette
from upbeat.web.pages import render
from upbeat.web.pages.view import (
    BeforePage,
    CalendarSheet,
    ConsentPart,
    Cover,
    DateLine,
    DoneLine,
    DonePage,
    Extras,
    FollowRow,
    MessagePage,
    Moment,
    NewsBand,
    PermissionSheet,
    PlaylistPart,
    ReceiptGroup,
    ReceiptLine,
    ReceiptPage,
    ReleasedPage,
    RemindSheet,
    ServiceRow,
    Sleeve,
    SuccessPage,
    Yours,
)

DEMO = Path(__file__).parents[1] / "static" / "pages" / "demo"
ZONE = "Europe/Berlin"
OPENS = Moment(datetime(2025, 3, 28, tzinfo=ZoneInfo(ZONE)), ZONE)
NOW = OPENS.at - timedelta(days=11, hours=4, minutes=5)
_YOURS = replace(OPENS, yours=True)
_AGREED = Moment(datetime(2025, 3, 12, 21, 6, tzinfo=ZoneInfo(ZONE)), ZONE, yours=True)
_HOME = "/night-ferry-north"


@cache
def artwork(name: str) -> Artwork:
    return read_artwork((DEMO / f"{name}.jpg").read_bytes())


def cover(name: str) -> Cover:
    """The cover's renditions as `__main__` lays them beside the pages."""
    small, medium, large = (f"/media/{name}-{size}.jpg" for size in (480, 960, 1400))
    return Cover(small, medium, large, artwork(name).width, palette(artwork(name).picture))


def sleeve(**changes: object) -> Sleeve:
    base = Sleeve(
        language="en",
        title="Night Ferry North",
        artist="Marlo Venn",
        home=_HOME,
        url=f"https://listen.example{_HOME}",
        cover=cover("night-ferry-north"),
        imprint_name="Skerry Row",
        privacy_url="/privacy",
        imprint_url="/imprint",
        origin="https://listen.example",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def summer() -> Sleeve:
    return sleeve(
        title="Half Past Summer", artist="Pia Lund", cover=cover("half-past-summer"), imprint_name="Pia Lund"
    )


def german() -> Sleeve:
    return sleeve(language="de", title="Gegenlicht", artist="Kammer Sieben", cover=cover("gegenlicht"))


SERVICES = (
    ServiceRow("spotify", "Spotify", "pre-save", f"{_HOME}/spotify", "solid", opens_sheet=True),
    ServiceRow("apple_music", "Apple Music", "pre-add", f"{_HOME}/to/2"),
    ServiceRow("deezer", "Deezer", "pre-save", f"{_HOME}/deezer", "solid", opens_sheet=True),
    ServiceRow("tidal", "TIDAL", "remind", f"{_HOME}/remind", "ring"),
)
SHOPS = (
    ServiceRow("itunes", "iTunes", "pre-order", f"{_HOME}/to/3", "outline"),
    ServiceRow("", "Skerry Store", "pre-order", f"{_HOME}/to/4", "outline"),
)
DATE = DateLine(OPENS, OPENS.at - (OPENS.at - NOW) / 0.36, remind_url=f"{_HOME}/remind")
FOLLOWS = (
    FollowRow("1", "Marlo Venn", "artist", "/static/pages/demo/marlo-venn.jpg"),
    FollowRow("2", "Slow Crossings", "playlist", "/static/pages/demo/slow-crossings.jpg"),
    FollowRow("3", "Harbour Lights", "artist", "/static/pages/demo/harbour-lights.jpg", ticked=False),
    FollowRow("4", "Skerry Row", "user", "/static/pages/demo/skerry-row.jpg", ticked=False),
)
EXTRAS = Extras(f"{_HOME}/spotify/yours", FOLLOWS, PlaylistPart(), ConsentPart())
_OPEN = replace(
    EXTRAS,
    editing=True,
    follow_asks=True,
    playlist=PlaylistPart("new", name="Night drives"),
    consent=ConsentPart(ticked=True, email="jonas@posteo.example"),
)
_WRONG = replace(
    EXTRAS,
    playlist=PlaylistPart("mine", mine=(("a", "Night drives"), ("b", "Kitchen")), picked="b", asks=False),
    consent=ConsentPart(ticked=True, email="jonas@", error="The part after the @ is missing."),
)


_AGAIN = Yours("spotify", "Spotify", "reconnect", reconnect_url="/r/key/reconnect")


def before(**changes: object) -> BeforePage:
    return replace(BeforePage(sleeve(), DATE, SERVICES, SHOPS), **changes)  # type: ignore[arg-type]


def _reminders() -> dict[str, render.Rendered]:
    add, push, services = (
        f"{_HOME}/calendar",
        f"{_HOME}/remind/push",
        (("spotify", "Spotify"), ("tidal", "TIDAL")),
    )
    by_mail = RemindSheet(add, f"{_HOME}/remind", services, "tidal", push_url=push)
    forms = (("Google Calendar", f"{add}/google"), ("Outlook.com", f"{add}/outlook"))
    return {
        "07-remind": render.render_remind(before(sleeve=summer()), by_mail),
        "07-calendar": render.render_remind(before(), RemindSheet(add)),
        "07-blocked": render.render_remind(before(), RemindSheet(add, push_note="push_refused")),
        "07-add": render.render_calendar(before(), CalendarSheet(f"{_HOME}/release.ics", forms)),
    }


def _before_pages() -> dict[str, render.Rendered]:
    off = ServiceRow("spotify", "Spotify", "pre-save", "", reason="Not offered in your country")
    done = replace(SERVICES[0], note="done", url=f"{_HOME}/spotify/yours")
    not_open = (
        replace(SERVICES[0], verb="remind", pill="ring", note="not_open", url=f"{_HOME}/remind"),
        *SERVICES[1:],
    )
    again, remind = f"{_HOME}/spotify", f"{_HOME}/remind"
    bands = {
        "06a-cancelled": NewsBand("cancelled", "spotify", "Spotify", again, remind),
        "06c-expired": NewsBand("expired", "spotify", "Spotify", again),
        "06d-twice": NewsBand("twice", "spotify", "Spotify"),
    }
    return {
        "01-before": render.render_before(before()),
        "01-light": render.render_before(before(sleeve=summer())),
        "01-states": render.render_before(before(services=(done, off, *SERVICES[1:]))),
        "01-sandbox": render.render_before(before(sleeve=sleeve(sandbox=True, jump_url="/_demo/jump"))),
        "02-sheet": render.render_sheet(
            before(), PermissionSheet("spotify", "Spotify", again, asks_follow=True)
        ),
        "02-deezer": render.render_sheet(
            before(), PermissionSheet("deezer", "Deezer", f"{_HOME}/deezer", follows_on_the_day=True)
        ),
        **{name: render.render_before(before(band=band)) for name, band in bands.items()},
        "06b-next-rung": render.render_before(
            before(services=not_open, band=NewsBand("not_open", "spotify", "Spotify", remind_url=remind))
        ),
        "01-reconnect": render.render_before(before(yours=_AGAIN)),
        "10-german": render.render_before(before(sleeve=german())),
    }


def _success_pages() -> dict[str, render.Rendered]:
    lines = (
        DoneLine("library", "Night Ferry North"),
        DoneLine("new_playlist", "Night drives"),
        DoneLine("follow", "Marlo Venn and Slow Crossings", "done"),
        DoneLine("email", "Marlo Venn", "done"),
    )
    success = SuccessPage(sleeve(), "spotify", "Spotify", _YOURS, EXTRAS)
    return {
        "03-success": render.render_success(success),
        "03-elsewhere": render.render_success(replace(success, opens=OPENS, extras=None, twice=True)),
        "03b-edit": render.render_success(replace(success, extras=_OPEN)),
        "03c-wrong": render.render_success(replace(success, extras=_WRONG)),
        "03-german": render.render_success(replace(success, sleeve=german())),
        "04-done": render.render_done(
            DonePage(
                sleeve(), "Spotify", _YOURS, lines, f"{_HOME}/calendar.ics", f"{_HOME}/spotify/yours", 10
            )
        ),
    }


def _released_pages() -> dict[str, render.Rendered]:
    names = {
        "spotify": "Spotify",
        "apple_music": "Apple Music",
        "youtube_music": "YouTube Music",
        "deezer": "Deezer",
    }
    more = {"tidal": "TIDAL", "amazon_music": "Amazon Music", "qobuz": "Qobuz"}
    play = tuple(ServiceRow(key, name, "play", f"{_HOME}/play/{key}") for key, name in (names | more).items())
    listen = ServiceRow("soundcloud", "SoundCloud", "listen", f"{_HOME}/play/soundcloud")
    shops = (
        ServiceRow("bandcamp", "Bandcamp", "buy", f"{_HOME}/to/1", "outline"),
        ServiceRow("itunes", "iTunes", "buy", f"{_HOME}/to/2", "outline"),
        ServiceRow("", "Pia Lund Shop", "buy", f"{_HOME}/to/3", "outline"),
    )
    others = tuple(replace(row, pill="ring") for row in play[1:6])
    yours = Yours("spotify", "Spotify", "in_library", f"{_HOME}/play/spotify")
    mine = ReleasedPage(sleeve(receipt_url=f"{_HOME}/receipt"), others, shops[:1], 10, yours)
    return {
        "08a-released": render.render_released(ReleasedPage(summer(), (*play, listen), shops, 9)),
        "08b-presaver": render.render_released(mine),
        "08c-reconnect": render.render_released(replace(mine, yours=_AGAIN)),
    }


def _other_pages() -> dict[str, render.Rendered]:
    spotify = ReceiptGroup(
        "Spotify",
        (
            ReceiptLine("library", "Night Ferry North", "waiting", _YOURS),
            ReceiptLine("new_playlist", "Night drives", "waiting", _YOURS),
            ReceiptLine("follow", "Marlo Venn", "done", _AGREED),
            ReceiptLine("follow", "Harbour Lights", "refused", reason="Spotify no longer knows this artist"),
        ),
    )
    words = "Marlo Venn may e-mail me about new music and concerts. I can stop at any time."
    mail = ReceiptGroup("", (ReceiptLine("email", "Marlo Venn", "agreed", _AGREED, words),))
    ended = ReceiptGroup("Spotify", tuple(replace(one, state="reconnect") for one in spotify.lines[:2]))
    return {
        "09-receipt": render.render_receipt(ReceiptPage(sleeve(), (spotify, mail), f"{_HOME}/spotify/yours")),
        "09-reconnect": render.render_receipt(ReceiptPage(sleeve(), (ended,), yours=_AGAIN)),
        "11-not-found": render.render_message(MessagePage("not_found")),
        "11-broken": render.render_message(MessagePage("broken", id="3f9c21ab")),
        "11-refused": render.render_message(
            MessagePage(
                "refused",
                text="This form came from another site. Open the page and try again.",
                sleeve=sleeve(),
            )
        ),
        "11-draft": render.render_before(before(sleeve=sleeve(cover=None))),
    }


def pages() -> dict[str, render.Rendered]:
    """Every page by a short name that sorts as the pages are met."""
    return {**_before_pages(), **_reminders(), **_success_pages(), **_released_pages(), **_other_pages()}
