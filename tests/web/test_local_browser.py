"""Two phones, two ends of the world, one address: in a real browser each sees the page of its own midnight."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect, sync_playwright

from tests.web.running import Product
from tests.web.test_local_pages import LINK, local

pytestmark = pytest.mark.browser
PICTURES = Path(__file__).parents[2] / "build" / "pictures"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def phone_in(chromium: Chromium, zone: str, problems: list[str]) -> Page:
    context = chromium.new_context(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, timezone_id=zone, locale="en-GB"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    return page


def test_each_sees_the_page_of_their_own_midnight(product: Product, chromium: Chromium) -> None:
    address = local(product, links=LINK, zone="Europe/Berlin", title="Field Hymns")
    PICTURES.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    east = phone_in(chromium, "Pacific/Kiritimati", problems)
    west = phone_in(chromium, "Pacific/Pago_Pago", problems)
    for page, shown in ((east, "Out now"), (west, "In ")):
        page.goto(address)
        expect(page.locator(".date")).to_contain_text(shown)
        page.screenshot(path=PICTURES / f"local-{'out' if page is east else 'before'}.png")
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(urlsplit(request.url).path))
        page.goto(address)
        expect(page.locator(".date")).to_contain_text(shown)
        assert asked.count(urlsplit(address).path) == 1, "once told, the right page comes at once"
    left = west.locator("[data-left]").inner_text()
    hours = int(left.removeprefix("In ").split(" h ")[0])
    assert 1 <= hours <= 25
    assert problems == []
