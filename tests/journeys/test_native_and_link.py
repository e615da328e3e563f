"""The two rungs on which others do it: the service's own page, and a shop. In a real browser, without any app."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.running import Product, running_product

pytestmark = pytest.mark.browser
COUNTDOWN = "https://open.spotify.com/prerelease/1Kqdup6HEqeP3hHXDELQHl"
PRE_ADD = "https://music.apple.com/de/album/night-ferry-north/1771234567"
SHOP = "https://shop.tidewater-tapes.example.com/night-ferry-north"
FILE = f"""
[release]
title = "Night Ferry North"
artist = "Marlo Venn"
kind = "album"
upc = "859713000100"
tracks = 10
cover = "{Path(__file__).parents[2]}/upbeat/web/pages/static/pages/demo/night-ferry-north.jpg"

[when]
day = {datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}
time = "00:00"
zone = "Europe/Berlin"

[page]
address = "night-ferry-north"

[[links]]
url = "{COUNTDOWN}"
verb = "pre-save"

[[links]]
url = "{PRE_ADD}"
verb = "pre-add"

[[links]]
url = "{SHOP}"
verb = "pre-order"
label = "Tidewater Tapes"
"""


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with running_product(tmp_path, UPBEAT_SANDBOX="1") as running:
        (tmp_path / "release.toml").write_text(FILE, encoding="utf-8")
        running.upbeat("manage", "shell", "-c", _OWNER)
        running.upbeat("campaign", "create", str(tmp_path / "release.toml"), "--publish")
        yield running


_OWNER = """
from upbeat.artists.models import Member, Person, Team
person = Person.objects.register(email="ada@label.example", name="Ada", password="the ferry leaves at nine")
Member.objects.create(team=Team.objects.create(name="Tidewater Tapes"), person=person, role=Member.OWNER)
"""


def _row(page: Page, name: str, verb: str) -> Locator:
    return page.get_by_role("link", name=re.compile(rf"^{name}\W+{verb}$"))


def _tap(page: Page, name: str, verb: str) -> str:
    """Where the fan is after a tap on a row: nothing of the outside can be reached, so it answers here."""
    arrived: list[str] = []

    def there(route: Route) -> None:
        arrived.append(route.request.url)
        route.fulfill(body="<h1>there</h1>", content_type="text/html")

    page.route(lambda url: "127.0.0.1" not in url, there)
    _row(page, name, verb).click()
    expect(page.get_by_role("heading", name="there")).to_be_visible()
    page.go_back()
    return arrived[0]


def test_a_tap_goes_to_the_services_own_page_and_to_the_shop_is_counted_and_the_button_plays_afterwards(
    product: Product, phone: Callable[..., Page], keep_picture: Callable[[Page, str], None]
) -> None:
    page, home = phone(), f"{product.url}/night-ferry-north"
    page.goto(home)
    assert _tap(page, "Spotify", "Pre-save") == COUNTDOWN
    assert _tap(page, "Apple Music", "Pre-add") == PRE_ADD
    assert _tap(page, "Tidewater Tapes", "Pre-order") == SHOP
    expect(page.get_by_role("link", name="Remind me as well").first).to_be_visible()
    keep_picture(page, "native-before")
    page.wait_for_timeout(1200)  # taps are written in bulk, within a second
    counted = dict(
        product.rows("select subject, sum(count) from clicks_hourlycount where what = 'native' group by 1")
    )
    assert counted == {"spotify": 1, "apple_music": 1}
    assert product.one("select sum(count) from clicks_hourlycount where what = 'offer'") == 1
    product.upbeat("clock", "night-ferry-north")
    for _ in range(20):  # a running process looks at a moved clock once a second
        page.goto(home)
        if _row(page, "Spotify", "Listen").count():
            break
        page.wait_for_timeout(200)
    assert _tap(page, "Spotify", "Listen") == COUNTDOWN
    keep_picture(page, "native-after")
