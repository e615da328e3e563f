"""The pages of a local release: each visitor's turns at their own midnight, and no cache can show another's."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from tests.web.browser import Browser
from tests.web.running import Product
from upbeat.core.release_clock import Phase
from upbeat.web.directory import Entry, Face
from upbeat.web.fastpath import caching

DAY = date(2027, 3, 26)
FIRST, LAST = datetime(2027, 3, 25, 10, tzinfo=UTC), datetime(2027, 3, 26, 12, tzinfo=UTC)
ENTRY = Entry(1, "page", 1, FIRST, "en", True, DAY, time(0), "Europe/Berlin")
SECOND = timedelta(seconds=1)
OUT, BEFORE = Face(Phase.OUT, mixed=True), Face(Phase.BEFORE, mixed=True)
LINK = {"spotify": "https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy"}


@pytest.mark.parametrize(
    ("now", "zone", "face"),
    [
        (FIRST - SECOND, "Pacific/Kiritimati", Face(Phase.BEFORE)),
        (FIRST, "Pacific/Kiritimati", OUT),
        (FIRST, "Pacific/Auckland", BEFORE),
        (FIRST + timedelta(hours=1), "Pacific/Auckland", OUT),
        (datetime(2027, 3, 25, 23, tzinfo=UTC), "Europe/Berlin", OUT),
        (datetime(2027, 3, 25, 23, tzinfo=UTC), "Europe/London", BEFORE),
        (datetime(2027, 3, 25, 23, tzinfo=UTC), "", OUT),
        (datetime(2027, 3, 25, 22, 59, tzinfo=UTC), "Nowhere/At_All", BEFORE),
        (LAST - SECOND, "Etc/GMT+12", BEFORE),
        (LAST, "Etc/GMT+12", Face(Phase.OUT)),
    ],
)
def test_a_page_turns_by_the_visitors_own_clock(now: datetime, zone: str, face: Face) -> None:
    assert ENTRY.face(now, zone) == face


@pytest.mark.parametrize(
    ("now", "header"),
    [
        (FIRST - timedelta(hours=1), "public, max-age=60, must-revalidate"),
        (FIRST - 10 * SECOND, "public, max-age=10, must-revalidate"),
        (FIRST, "private, no-cache"),
        (LAST - SECOND, "private, no-cache"),
        (LAST, "public, max-age=60, must-revalidate"),
    ],
)
def test_no_shared_cache_keeps_what_depends_on_the_visitor(
    now: datetime, header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SANDBOX", False)
    assert caching(ENTRY, now).decode() == header


def test_the_next_pages_are_made_ahead_of_the_first_and_of_the_last_instant() -> None:
    minute = timedelta(minutes=1)
    assert set(ENTRY.faces_from(FIRST - SECOND, FIRST + minute)) == {OUT, BEFORE}
    assert ENTRY.faces_from(FIRST + SECOND, FIRST + minute) == []
    assert ENTRY.faces_from(LAST - minute, LAST) == [Face(Phase.OUT)]


def local(product: Product, **more: object) -> str:
    """A local release that is out in Kiritimati and not yet in the last of all zones, whenever this runs."""
    day = (datetime.now(UTC) + timedelta(hours=14)).date()
    return product.campaign(local=True, day=day.isoformat(), **more)


def test_everybody_has_their_own_page_while_it_is_out_for_some(product: Product, fan: Browser) -> None:
    page = local(product, links=LINK, zone="Etc/GMT+12")
    east, west, unknown = (
        fan.get(page, Cookie=cookie)
        for cookie in ("a=b; zone=Pacific/Kiritimati", "zone=Etc/GMT+12", "zone=Etc/Nowhere")
    )
    assert "Out now" in east.text
    assert "Out now" not in west.text
    assert unknown.body == west.body == fan.get(page).body
    assert {one.headers["cache-control"] for one in (east, west)} == {"private, no-cache"}
    assert "own-time.js" in east.text
    assert "own-time.js" in west.text
    assert fan.get(f"{page}/remind", Cookie="zone=Pacific/Kiritimati").status == 302
    assert fan.get(f"{page}/remind", Cookie="zone=Etc/GMT+12").status == 200
    for cookie in ("zone=Pacific/Kiritimati", "zone=Etc/GMT+12"):
        assert fan.get(f"{page}/play/spotify", Cookie=cookie).status == 302


def test_long_before_and_long_after_nobodys_clock_is_asked(product: Product, fan: Browser) -> None:
    ahead = product.campaign(local=True)
    out = product.campaign(local=True, day="2026-01-02", links=LINK)
    for page, words in ((ahead, "At midnight where you are"), (out, "Out now")):
        shown = fan.get(page, Cookie="zone=Pacific/Auckland")
        assert words in shown.text
        assert "own-time.js" not in shown.text
        assert fan.get(page).body == shown.body


def test_the_calendar_has_the_time_on_the_fans_own_clock(product: Product, fan: Browser) -> None:
    page = product.campaign(local=True, day="2030-03-28")
    assert "DTSTART:20300328T000000\r\n" in fan.get(f"{page}/release.ics").text


def test_a_pre_saver_is_told_their_own_midnight(product: Product, fan: Browser) -> None:
    day = datetime.now(UTC).date() + timedelta(days=20)
    page = product.campaign(local=True, day=day.isoformat())
    fan.answer(fan.ask_permission(page, "spotify", zone="America/Los_Angeles"), "Midnight")
    due = product.one(
        "SELECT due_at FROM delivery_delivery JOIN campaigns_campaign ON campaigns_campaign.id = campaign_id"
        " WHERE slug = ? AND action = 'save'",
        urlsplit(page).path[1:],
    )
    theirs = datetime.combine(day, time(0), ZoneInfo("America/Los_Angeles"))
    assert datetime.fromisoformat(due).replace(tzinfo=UTC) == theirs
    shown = fan.open(f"{page}/spotify/yours").text
    assert f"{theirs:%A} {theirs.day} {theirs:%B} at 00:00, your time" in shown


def test_a_fan_puts_their_clock_right_on_the_receipt(
    product: Product, fan: Browser, stranger: Browser
) -> None:
    day = datetime.now(UTC).date() + timedelta(days=20)
    page = product.campaign(local=True, day=day.isoformat())
    success = fan.answer(fan.ask_permission(page, "spotify", zone="Etc/GMT+5"), "Moved away")
    key = success.text.partition('"/r/')[2][:43]
    receipt = fan.open(f"{product.url}/r/{key}")
    assert '<option value="Etc/GMT+5" selected>' in receipt.text
    form = receipt.form("/zone")
    assert "/zone" not in stranger.get(f"{product.url}/r/{key}").text
    assert stranger.post(form.action, [("zone", "Asia/Tokyo")]).status == 404
    assert fan.post(form.action, [("zone", "Asia/Tokyo")], Origin="https://evil.example").status == 403
    for said, zone in (("Mars/Olympus", "Etc/GMT+5"), ("Asia/Tokyo", "Asia/Tokyo")):
        assert fan.post(form.action, [("zone", said)]).status == 303
        kept, due = product.rows(
            "SELECT fans_presave.zone, due_at FROM fans_presave JOIN delivery_delivery ON pre_save_id = fans_presave.id"
            " JOIN campaigns_campaign ON campaigns_campaign.id = fans_presave.campaign_id WHERE slug = ?",
            urlsplit(page).path[1:],
        )[0]
        assert kept == zone
        assert datetime.fromisoformat(due).replace(tzinfo=UTC) == datetime.combine(
            day, time(0), ZoneInfo(zone)
        )
    assert "by the clock of Tokyo" in fan.open(f"{product.url}/r/{key}").text
