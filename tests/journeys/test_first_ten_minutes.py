"""Somebody with no app at any service: an account, a pasted link, a published page, and every service reminds."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_from_link_to_library import COVER
from tests.sandbox_process import Sandbox, running_sandbox
from tests.web.running import Product, running_product
from upbeat.providers.registry import names

pytestmark = pytest.mark.browser
OUT_ALREADY = "859713000407"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def fresh(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An installation without one credential. It knows where the services are, as every installation does."""
    addresses = {
        name: value
        for name, value in sandbox.environment().items()
        if name.endswith("_URL") or name == "UPBEAT_SANDBOX"
    }
    assert not any("CLIENT" in name or "KEY" in name for name in addresses)
    with running_product(tmp_path_factory.mktemp("fresh"), **addresses) as product:
        yield product


def link_on_deezer(sandbox: Sandbox) -> str:
    releases = sandbox.ask("GET", "/_control/catalogue")["releases"]
    found = next(one for one in releases if one["upc"] == OUT_ALREADY)
    return str(next(url for url in re.findall(r"https?://[^\s\"']+", str(found)) if "deezer" in url))


def publish_from(page: Page, product: Product, link: str) -> str:
    page.goto(product.url)
    page.get_by_label("Your name").fill("Nora Teller")
    page.get_by_label("E-mail").fill("nora@label.example")
    page.get_by_label("Password", exact=True).fill("the ferry leaves at nine")
    page.get_by_role("button", name="Create the account").click()
    page.get_by_placeholder("A link or a UPC").fill(link)
    page.get_by_role("button", name="Fill it in").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Paper Harbours")
    page.locator("#f-cover").set_input_files(Path(COVER))
    expect(page.get_by_text("Your own file")).to_be_visible()
    page.get_by_label("Day").fill(f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}")
    page.get_by_label("Day").dispatch_event("change")
    for asked in ("client id", "secret", "credential"):
        expect(page.get_by_text(asked)).to_have_count(0)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="It is live")).to_be_visible()
    return f"{product.url}/{product.one('SELECT slug FROM campaigns_campaign')}"


def test_with_no_credential_at_all_a_pasted_link_becomes_a_page_on_which_every_service_reminds(
    fresh: Product, sandbox: Sandbox, phone: Callable[[], Page], keep_picture: Callable[[Page, str], None]
) -> None:
    team = phone()
    address = publish_from(team, fresh, link_on_deezer(sandbox))
    team.goto(f"{fresh.url}/dashboard/services")
    expect(team.get_by_text(f"{len(names()) + 1} remind", exact=True)).to_be_visible()
    keep_picture(team, "services-fresh")
    fan = phone()
    fan.goto(address)
    keep_picture(fan, "fan-default-before")
    rows = fan.locator(".list .row")
    expect(rows).to_have_count(len(names()))
    for name in ("Spotify", "Apple Music", "Deezer", "TIDAL", "SoundCloud", "YouTube"):
        expect(fan.get_by_role("link", name=re.compile(f"{name}.*Remind me", re.DOTALL))).to_be_visible()
    fan.get_by_role("link", name=re.compile("TIDAL.*Remind me", re.DOTALL)).tap()
    expect(fan.get_by_role("heading", name="One message, the minute it’s out.")).to_be_visible()
    expect(fan.get_by_role("link", name=re.compile("calendar"))).to_be_visible()
    assert fan.url.endswith("/remind?to=tidal")
    keep_picture(fan, "fan-default-remind")
