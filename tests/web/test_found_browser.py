"""In a real browser, at an installation without any app: one short link, the others found, confirmed, and listed."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.sandbox_process import Sandbox
from tests.web.desk import picture
from tests.web.running import Product, running_product

pytestmark = pytest.mark.browser
UPC, TITLE = "859713000100", "Night Ferry North"
PICTURES = Path(__file__).parents[2] / "build" / "pictures"
SECRETS = ("CLIENT_ID", "CLIENT_SECRET", "TEAM_ID", "KEY_ID", "PRIVATE_KEY", "API_KEY")


@pytest.fixture
def opens(services: Sandbox) -> Iterator[datetime]:
    """The release's midnight. Deezer and Apple show it before; Apple under another title."""
    midnight = (datetime.now(UTC) + timedelta(days=20)).replace(hour=0, minute=0, second=0, microsecond=0)
    early = {"released_at": midnight.isoformat(), "visible_before": ["deezer", "apple_music"]}
    services.ask("PATCH", f"/_control/releases/{UPC}", early)
    services.turn("apple_music", lookup_titles=[f"{UPC}={TITLE} (Deluxe)"])
    yield midnight
    services.reset()


@pytest.fixture
def short_link(services: Sandbox) -> Iterator[tuple[str, str]]:
    """A short link of Deezer's to that release, and the address at which the short hosts are played."""
    url = services.ask("GET", f"/_control/releases/{UPC}")["deezer"]["url"]

    class Short(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{url}?utm_source=share")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Short)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield "https://link.deezer.com/s/31aEpblnSrNBNSHi3nrZZ", f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def product(services: Sandbox, short_link: tuple[str, str], tmp_path: Path) -> Iterator[Product]:
    """One with no app anywhere."""
    addresses = {name: value for name, value in services.environment().items() if not name.endswith(SECRETS)}
    with running_product(tmp_path, **addresses, UPBEAT_SHORT_LINKS_URL=short_link[1]) as running:
        yield running


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium: Browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport={"width": 1280, "height": 800}, timezone_id="UTC")
        page.set_default_timeout(30_000)
        yield page
        chromium.close()


def _sign_up(page: Page, product: Product) -> None:
    page.goto(product.url)
    page.get_by_label("Your name").fill("Nora Teller")
    page.get_by_label("E-mail").fill("nora@label.example")
    page.get_by_label("Password", exact=True).fill("the ferry leaves at nine")
    page.get_by_role("button", name="Create the account").click()


def _keep(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(400)  # motion has come to rest
    page.screenshot(path=PICTURES / f"{name}.png")


def test_one_short_link_finds_the_others_and_the_released_page_lists_what_was_confirmed(
    page: Page, product: Product, opens: datetime, short_link: tuple[str, str]
) -> None:
    _sign_up(page, product)
    page.get_by_placeholder("A link or a UPC").fill(short_link[0])
    page.get_by_role("button", name="Fill it in").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value(TITLE)
    found = page.locator("#found")
    expect(found.locator("li", has_text="Deezer").first).to_contain_text("your link")
    expect(found).to_contain_text(f"Title: you announced {TITLE}, Apple Music has {TITLE} (Deluxe).")
    _keep(page, "set-up-found-desk")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    found.scroll_into_view_if_needed()
    _keep(page, "set-up-found-phone-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})
    found.get_by_role("button", name="It is this one").click()
    expect(found).to_contain_text("you confirmed it")
    expect(found.get_by_role("button")).to_have_count(0)
    page.locator("#f-cover").set_input_files({"name": "c.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    expect(page.get_by_text("Your own file")).to_be_visible()
    page.get_by_label("Day").fill(f"{opens:%Y-%m-%d}")
    page.get_by_label("Day").dispatch_event("change")
    page.get_by_label("Time zone").select_option("UTC")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="It is live")).to_be_visible()
    slug = product.one("select slug from campaigns_campaign")
    product.upbeat("clock", slug)
    rows = page.get_by_role("link", name="Play")
    for _ in range(20):  # a running process looks at a moved clock once a second
        page.goto(f"{product.url}/{slug}")
        if rows.count():
            break
        page.wait_for_timeout(200)
    expect(rows).to_have_count(2)
    assert sorted(row.split("\n")[0] for row in rows.all_inner_texts()) == ["Apple Music", "Deezer"]
    _keep(page, "released-found-desk")
