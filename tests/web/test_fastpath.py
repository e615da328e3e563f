"""The fan page from memory: right at the instant, right after a change, counted, and kept by caches only as long."""

import gzip
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.web.browser import Browser
from tests.web.running import Product, running_product
from upbeat.web.directory import Entry
from upbeat.web.fastpath import caching

OPENS = datetime(2027, 3, 26, 23, 0, tzinfo=UTC)
ENTRY = Entry(1, "page", 1, OPENS, "en", False, OPENS.date(), OPENS.time(), "UTC")
COUNTS = """SELECT what, subject, crawler, sum(count) FROM clicks_hourlycount JOIN campaigns_campaign
            ON campaigns_campaign.id = campaign_id WHERE slug = ? GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


def counts(product: Product, page: str) -> list[tuple[str, str, int, int]]:
    """What was counted on a page, once it is written."""
    time.sleep(1.2)
    return product.rows(COUNTS, page.rpartition("/")[2])


def max_age(header: str) -> int:
    found = re.search(r"max-age=(\d+)", header)
    assert found
    return int(found[1])


@pytest.mark.parametrize(
    ("before", "seconds"),
    [
        (timedelta(days=3), 60),
        (timedelta(seconds=61), 60),
        (timedelta(seconds=59.9), 59),
        (timedelta(seconds=1), 1),
        (timedelta(milliseconds=999), 0),
        (timedelta(microseconds=1), 0),
        (timedelta(0), 60),
        (timedelta(seconds=-1), 60),
    ],
)
def test_no_cache_may_keep_the_page_past_the_instant(
    before: timedelta, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SANDBOX", False)
    assert max_age(caching(ENTRY, OPENS - before).decode()) == seconds


def test_where_the_clock_can_be_jumped_every_cache_has_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SANDBOX", True)
    assert max_age(caching(ENTRY, OPENS - timedelta(days=3)).decode()) == 0


def test_the_page_turns_at_the_instant_and_was_never_cached_past_it(tmp_path: Path, fan: Browser) -> None:
    """A real installation, on the real clock, asked ten times a second."""
    with running_product(tmp_path) as real:
        ahead = 6.0
        made = time.time()
        page = real.campaign(opens_in=ahead, links={"spotify": "https://open.spotify.com/album/1"})
        opens = datetime.fromisoformat(real.one("SELECT opens_at FROM campaigns_campaign")).replace(
            tzinfo=UTC
        )
        seen = []
        while time.time() < made + ahead + 2:
            asked = time.time()
            reply = fan.get(page)
            seen.append((asked, "Out now" in reply.text, max_age(reply.headers["cache-control"])))
            time.sleep(0.1)
    instant = opens.timestamp()
    assert {out for asked, out, _ in seen if asked < instant - 0.2} == {False}
    assert {out for asked, out, _ in seen if asked > instant + 0.2} == {True}
    assert all(asked + age <= instant + 0.05 for asked, out, age in seen if not out)
    assert {age for _, out, age in seen if out} == {60}


def test_a_page_is_compressed_for_those_who_ask_and_the_same_for_all(product: Product, fan: Browser) -> None:
    page = product.campaign()
    plain, zipped = fan.get(page), fan.get(page, **{"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(zipped.body) == plain.body
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == zipped.headers["vary"] == "Accept-Encoding, Cookie"


def test_who_has_the_page_is_told_so_and_counted(product: Product, fan: Browser) -> None:
    page = product.campaign()
    first = fan.get(page)
    again = fan.get(page, **{"If-None-Match": first.headers["etag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert "content-security-policy" in again.headers
    assert counts(product, page) == [("view", "", 0, 2)]


def test_a_look_at_the_headers_alone_has_no_body_and_is_no_view(product: Product, fan: Browser) -> None:
    page = product.campaign()
    reply = fan.ask("HEAD", page)
    assert (reply.status, reply.body) == (200, b"")
    assert counts(product, page) == []


def test_machines_are_counted_apart(product: Product, fan: Browser) -> None:
    page = product.campaign()
    for agent in (
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
        "Mozilla/5.0 (iPhone)",
        "",
    ):
        fan.get(page, **{"User-Agent": agent})
    assert counts(product, page) == [("view", "", 0, 1), ("view", "", 1, 3)]


def test_a_change_of_the_campaign_shows_within_a_second(product: Product, fan: Browser) -> None:
    page = product.campaign(title="First name")
    slug = page.rpartition("/")[2]
    assert "First name" in fan.get(page).text
    product.change(
        "UPDATE campaigns_release SET title = 'Second name' WHERE id = "
        "(SELECT release_id FROM campaigns_campaign WHERE slug = ?)",
        slug,
    )
    product.change("UPDATE campaigns_campaign SET version = version + 1 WHERE slug = ?", slug)
    time.sleep(1)
    assert "Second name" in fan.get(page).text


def test_a_moved_release_moves_the_page(product: Product, fan: Browser) -> None:
    page = product.campaign()
    assert "Out now" not in fan.get(page).text
    slug = page.rpartition("/")[2]
    product.change("UPDATE campaigns_campaign SET opens_at = '2020-01-01 00:00:00' WHERE slug = ?", slug)
    time.sleep(1)
    assert "Out now" in fan.get(page).text


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_published_is_not_there(product: Product, fan: Browser, state: str) -> None:
    page = product.campaign(state=state)
    for address in (
        page,
        f"{page}/spotify",
        f"{page}/release.ics",
        f"{page}/remind",
        f"{page}/spotify/cancelled",
    ):
        reply = fan.get(address)
        assert reply.status == 404
        assert "This page does not exist" in reply.text
    assert fan.post(f"{page}/spotify", [("zone", "")]).status in (403, 404, 405)


def test_a_page_that_is_withdrawn_is_gone_within_a_second(product: Product, fan: Browser) -> None:
    page = product.campaign()
    assert fan.get(page).status == 200
    slug = page.rpartition("/")[2]
    product.change("UPDATE campaigns_campaign SET state = 'withdrawn' WHERE slug = ?", slug)
    time.sleep(1)
    assert fan.get(page).status == 404


def test_clicks_go_to_the_stored_address_and_nowhere_else(product: Product, fan: Browser) -> None:
    offer = {"label": "Store", "verb": "pre-order", "url": "https://skerry.example/buy?a=1&b=2"}
    page = product.campaign(offers=[offer])
    [number] = product.rows("SELECT max(id) FROM campaigns_offer")[0]
    for _ in range(2):
        click = fan.get(f"{page}/to/{number}?url=https://evil.example&next=//evil.example")
        assert (click.status, click.headers["location"]) == (302, offer["url"])
        assert click.headers["cache-control"] == "no-store"
    for address in ("to/0", f"to/{number}0", "to/https://evil.example", "to/", "play/spotify", "play/evil"):
        assert fan.get(f"{page}/{address}").status == 404
    assert counts(product, page) == [("offer", str(number), 0, 2)]


def test_an_offer_of_another_campaign_is_not_on_this_page(product: Product, fan: Browser) -> None:
    product.campaign(offers=[{"label": "Store", "verb": "buy", "url": "https://other.example"}])
    [number] = product.rows("SELECT max(id) FROM campaigns_offer")[0]
    assert fan.get(f"{product.campaign()}/to/{number}").status == 404


def test_counted_views_survive_an_ordered_stop(tmp_path: Path, fan: Browser) -> None:
    with running_product(tmp_path) as real:
        page = real.campaign(opens_in=9_000)
        for _ in range(50):
            fan.get(page)
        began = time.monotonic()
        assert real.stop() == 0
        assert time.monotonic() - began < 10
        assert real.rows(COUNTS, page.rpartition("/")[2]) == [("view", "", 0, 50)]


def test_a_page_is_drawn_anew_when_a_permission_begins_to_live_until_the_release() -> None:
    entry = replace(ENTRY, lives=(timedelta(hours=4), timedelta(days=180)))
    faces = [entry.face(OPENS - timedelta(hours=hours), "") for hours in (5000, 100, 5, 3, 1)]
    assert [face.lives for face in faces] == [0, 1, 1, 2, 2]
    assert entry.face(OPENS, "") == ENTRY.face(OPENS, "")
