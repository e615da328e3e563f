"""The release in a calendar: a file that strict readers take, other sites' forms, and taps that are only counted."""

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar, Event
from playwright.sync_api import sync_playwright

from tests.web.browser import Browser
from tests.web.running import Product

TITLE = "Ebbe & Flut; Nordfähre, zweiter Teil – für alle, die in der Nacht noch wach sind \\o/ 夜のフェリー"


def the_event(file: bytes) -> Event:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def counted(product: Product, page: str) -> dict[str, int]:
    """The taps on each way into a calendar, once they are written."""
    time.sleep(0.8)
    slug = page.rpartition("/")[2]
    rows = product.rows(
        "SELECT subject, count FROM clicks_hourlycount JOIN campaigns_campaign c ON c.id = campaign_id "
        "WHERE c.slug = ? AND what = 'calendar' AND NOT crawler",
        slug,
    )
    return dict(rows)


def test_the_file_is_what_rfc_5545_asks_for(product: Product, fan: Browser) -> None:
    page = product.campaign(title=TITLE)
    reply = fan.get(f"{page}/release.ics")
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    assert reply.headers["content-disposition"].endswith('.ics"')
    lines = reply.body.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line or len(line) > 75 for line in lines)
    whole = reply.body.replace(b"\r\n ", b"").decode().split("\r\n")
    assert whole[0] == "BEGIN:VCALENDAR"
    assert "VERSION:2.0" in whole
    names = [line.partition(":")[0].partition(";")[0] for line in whole]
    for once in (
        "PRODID",
        "UID",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "SEQUENCE",
        "URL",
        "TRIGGER",
        "ACTION",
    ):
        assert names.count(once) == 1, once
    assert "SUMMARY:" + TITLE.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") in "\n".join(
        whole
    )


def test_it_names_the_instant_in_utc_and_rings_then(product: Product, fan: Browser) -> None:
    page = product.campaign()
    event = the_event(fan.get(f"{page}/release.ics").body)
    opens = product.one("SELECT opens_at FROM campaigns_campaign WHERE slug = ?", page.rpartition("/")[2])
    instant = datetime.fromisoformat(opens).replace(tzinfo=UTC)
    assert event["DTSTART"].dt == instant.replace(microsecond=0)
    assert event["DTSTART"].dt.utcoffset() == timedelta()
    (alarm,) = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta())
    assert str(event["URL"]) == page
    assert page in event["DESCRIPTION"]


def test_a_release_that_moves_is_the_same_entry_with_a_higher_number(product: Product, fan: Browser) -> None:
    page = product.campaign()
    slug = page.rpartition("/")[2]
    before = the_event(fan.get(f"{page}/release.ics").body)
    product.change(
        "UPDATE campaigns_campaign SET opens_at = '2030-03-28 11:00:00', version = version + 1 WHERE slug = ?",
        slug,
    )
    after = the_event(fan.get(f"{page}/release.ics").body)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == datetime(2030, 3, 28, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "start"), [(False, "20300327T230000Z"), (True, "20300328T000000")], ids=["one instant", "local"]
)
def test_other_calendars_have_the_entry_ready(
    product: Product, fan: Browser, local: bool, start: str
) -> None:
    page = product.campaign(day="2030-03-28", local=local, title="A & B")
    sheet = fan.get(f"{page}/calendar").text
    for to in ("google", "outlook"):
        assert f'{urlsplit(page).path}/calendar/{to}"' in sheet
    google, outlook = (
        urlsplit(fan.get(f"{page}/calendar/{to}").headers["location"]) for to in ("google", "outlook")
    )
    assert (google.scheme, google.netloc) == ("https", "calendar.google.com")
    said = {name: values[0] for name, values in parse_qs(google.query).items()}
    assert said["dates"].partition("/")[0] == start
    assert said["text"] == "A & B · Marlo Venn"
    assert page in said["details"]
    assert (outlook.scheme, outlook.netloc) == ("https", "outlook.live.com")
    said = {name: values[0] for name, values in parse_qs(outlook.query).items()}
    assert said["startdt"].replace("-", "").replace(":", "") == start
    assert fan.get(f"{page}/calendar/elsewhere").status == 404


def test_a_tap_is_counted_and_nothing_more_is_claimed(product: Product, fan: Browser) -> None:
    page = product.campaign()
    for way in ("release.ics", "release.ics", "calendar/google"):
        fan.get(f"{page}/{way}")
    fan.ask("HEAD", f"{page}/calendar/outlook")
    fan.get(f"{page}/release.ics", **{"User-Agent": "Googlebot/2.1"})
    fan.get(f"{page}/calendar")
    assert counted(product, page) == {"file": 2, "google": 1}
    assert product.rows("SELECT 1 FROM fans_presave p JOIN campaigns_campaign c ON c.id = campaign_id "
                        "WHERE c.slug = ?", page.rpartition("/")[2]) == []  # fmt: skip


def test_after_the_release_the_page_itself_is_there(product: Product, fan: Browser) -> None:
    page = product.campaign(opens_in=-60)
    assert fan.get(f"{page}/calendar").headers["location"] == urlsplit(page).path
    assert fan.get(f"{page}/release.ics").status == 200


@pytest.mark.browser
def test_from_the_reminder_to_the_calendar_and_back_in_one_step(product: Product) -> None:
    page = product.campaign()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        tab = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
        tab.set_default_timeout(10_000)
        tab.goto(page)
        tab.get_by_role("link", name="Remind me").first.click()
        tab.get_by_role("link", name="Put it in a calendar").click()
        tab.get_by_role("heading", name="Put it in a calendar").wait_for()
        assert tab.url == f"{page}/calendar"
        assert tab.locator("dialog").count() == 1
        with tab.expect_download() as downloading:
            tab.get_by_role("link", name="Calendar file").click()
        assert downloading.value.suggested_filename.endswith(".ics")
        tab.get_by_role("link", name="Not now").click()
        tab.wait_for_url(page)
        assert tab.locator("dialog").count() == 0
        chromium.close()
