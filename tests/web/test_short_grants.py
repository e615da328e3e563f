"""A permission that ends before the release: used at once where the music is there already, else not kept at all."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox_process import Sandbox
from tests.web.browser import Browser
from tests.web.running import Product

UPC = "859713000100"
SEEN = "SELECT renewable FROM fans_seengrant WHERE service = 'tidal'"


@pytest.fixture
def tidal(product: Product, services: Sandbox) -> Iterator[Sandbox]:
    """TIDAL as it is: no refresh token comes, and nobody has seen one."""
    product.change("DELETE FROM fans_seengrant")
    services.turn("tidal", gives_refresh_token=False)
    yield services
    services.turn("tidal", gives_refresh_token=False)
    services.ask("PATCH", f"/_control/releases/{UPC}", {"visible_before": []})


def library(tidal: Sandbox, name: str, *, wait: float = 10) -> list[str]:
    until = time.monotonic() + wait
    while not (albums := tidal.fan(name, "tidal")["albums"]) and time.monotonic() < until:
        time.sleep(0.1)
    return [album["name"] for album in albums]


def tidals_row_says(page: str, verb: str) -> bool:
    """On the page of somebody who has no pre-save there, which is drawn anew within a second or two."""
    until = time.monotonic() + 4
    while verb not in Browser().open(page).text.partition(">TIDAL<")[2].partition("</li>")[0]:
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def show_it_already(tidal: Sandbox) -> None:
    tidal.ask("PATCH", f"/_control/releases/{UPC}", {"visible_before": ["tidal"]})


def settled(product: Product, page: str) -> list[tuple[Any, ...]]:
    return product.rows(
        "SELECT delivery.action, delivery.state FROM delivery_delivery AS delivery"
        " JOIN campaigns_campaign AS campaign ON campaign.id = delivery.campaign_id WHERE campaign.slug = ?",
        urlsplit(page).path.strip("/"),
    )


def test_the_rung_rises_with_the_first_refresh_token_and_falls_with_the_first_grant_without(
    product: Product, fan: Browser, stranger: Browser, tidal: Sandbox
) -> None:
    far, near = product.campaign(), product.campaign(opens_in=3 * 3600)
    assert tidals_row_says(far, "Remind me")
    assert fan.open(f"{far}/tidal").status == 404
    tidal.turn("tidal", gives_refresh_token=True)
    assert "Pre-saved on TIDAL" in fan.pre_save(near, "tidal", "Rosa").text
    assert product.rows(SEEN) == [(1,)]
    assert "Pre-saved on TIDAL" in fan.pre_save(far, "tidal", "Rosa").text
    assert settled(product, far) == [("save", "waiting")]
    assert product.one("SELECT dies_at FROM fans_connection WHERE service = 'tidal' ORDER BY id DESC") is None

    tidal.turn("tidal", gives_refresh_token=False)
    fell = stranger.pre_save(far, "tidal", "Tom")
    assert (fell.status, fell.path) == (200, f"{urlsplit(far).path}/tidal/too-short")
    assert "ends before" in fell.text
    assert "Nothing was changed" in fell.text
    assert f'href="{urlsplit(far).path}/remind?to=tidal"' in fell.text
    assert product.rows(SEEN) == [(0,)]
    assert tidals_row_says(far, "Remind me")
    assert settled(product, far) == [("save", "waiting")]
    assert "Try again" not in fell.text


def test_what_is_there_already_is_saved_now_and_the_page_says_so(
    product: Product, fan: Browser, tidal: Sandbox
) -> None:
    link = "https://tidal.com/album/" + tidal.ask("GET", f"/_control/releases/{UPC}")["tidal"]["id"]
    show_it_already(tidal)
    page = product.campaign(links={"tidal": link})
    assert tidals_row_says(page, "Pre-save")
    assert "We add this one album now. Nothing else." in fan.open(f"{page}/tidal").text
    said = fan.pre_save(page, "tidal", "Uli")
    assert library(tidal, "Uli", wait=0) == ["Night Ferry North"]
    assert "Saved on TIDAL" in said.text
    assert "we added it to your library now" in said.text
    assert settled(product, page) == [("save", "verified")]
    done = fan.send(said.form("/yours"), playlist="new", playlist_name="Now", do="complete")
    done = fan.answer(done, "Uli")
    assert "Done" in done.text
    until = time.monotonic() + 10
    while len(settled(product, page)) < 2 or ("playlist", "delivered") not in settled(product, page):
        assert time.monotonic() < until, settled(product, page)
        time.sleep(0.1)
    receipt = fan.open(f"{product.url}/r/" + done.text.partition('href="/r/')[2].partition('"')[0])
    assert "Done" in receipt.text
    assert "Waiting" not in receipt.text


def test_what_was_announced_as_there_and_is_gone_is_no_pre_save(
    product: Product, fan: Browser, tidal: Sandbox
) -> None:
    page = product.campaign(links={"tidal": "https://tidal.com/album/1"})
    assert fan.pre_save(page, "tidal", "Vera").path == f"{urlsplit(page).path}/tidal/too-short"
    assert settled(product, page) == []
    assert tidals_row_says(page, "Remind me")


def test_after_the_release_one_tap_connects_and_saves(product: Product, fan: Browser, tidal: Sandbox) -> None:
    show_it_already(tidal)
    page = product.campaign(opens_in=-60)
    assert "We add this one album now. Nothing else." in fan.open(f"{page}/tidal").text
    fan.pre_save(page, "tidal", "Wim")
    assert library(tidal, "Wim") == ["Night Ferry North"]
    assert fan.open(f"{page}/tidal").path == urlsplit(page).path
