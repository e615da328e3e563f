"""A permission that has ended: one sentence and one tap, on page and receipt, before the release and after."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox_process import Sandbox
from tests.web.browser import Browser, Reply
from tests.web.running import Product
from tests.web.test_connect import pre_saves
from tests.web.test_musickit import kit_of, pre_adds

UPC = "859713000100"
ASKED = "Spotify asks you again"
OF_PAGE = "(SELECT id FROM campaigns_campaign WHERE slug = ?)"


@pytest.fixture(autouse=True)
def shown_again(services: Sandbox) -> None:
    """The sandbox's album is not out in its own calendar."""
    services.ask("PATCH", f"/_control/releases/{UPC}", {"visible_before": []})


def chosen(fan: Browser, page: str, name: str) -> str:
    """A fan who pre-saves on Spotify, follows, and wants it in a new playlist. Returns the receipt's address."""
    success = fan.pre_save(page, "spotify", name)
    every = success.form("/yours").offered["follow"]
    asked = fan.send(
        success.form("/yours"),
        follow=list(every),
        playlist="new",
        playlist_name="Night drives",
        do="complete",
    )
    done = fan.answer(asked, name)
    assert "Night drives" in done.text
    return re.sub(r"/[^/]+$", "", page) + "/r/" + done.text.partition('href="/r/')[2][:43]


def ends(product: Product, page: str) -> None:
    """Its six months are over before the release."""
    product.change(
        f"UPDATE fans_connection SET dies_at = '2021-01-01 00:00:00' WHERE id IN"
        f" (SELECT connection_id FROM fans_presave WHERE campaign_id = {OF_PAGE})",
        page.rpartition("/")[2],
    )


def dies(product: Product, services: Sandbox, page: str, name: str) -> None:
    """Taken back at the service, and found so on the night: by the deliveries' own book-keeping."""
    services.revoke("spotify", name)
    slug = page.rpartition("/")[2]
    product.change(
        "UPDATE fans_connection SET dead_at = '2025-01-01 00:00:00', sealed_access = x'', sealed_refresh = x'',"
        " scopes = '[]', token_version = token_version + 1 WHERE id IN"
        f" (SELECT connection_id FROM fans_presave WHERE campaign_id = {OF_PAGE})",
        slug,
    )
    product.change(
        "UPDATE delivery_delivery SET state = 'needs_fan', reason = 'grant_dead', next_at = NULL"
        f" WHERE next_at IS NOT NULL AND campaign_id = {OF_PAGE}",
        slug,
    )


def states(product: Product, page: str) -> dict[str, str]:
    sql = f"SELECT action, state FROM delivery_delivery WHERE campaign_id = {OF_PAGE}"
    return dict(product.rows(sql, page.rpartition("/")[2]))


def release(product: Product, services: Sandbox, page: str) -> None:
    """It is out, and the service shows it."""
    services.ask("PATCH", f"/_control/releases/{UPC}", {"visible_before": ["spotify"]})
    slug = page.rpartition("/")[2]
    product.change(
        "UPDATE campaigns_campaign SET opens_at = datetime('now', '-1 minute') WHERE slug = ?", slug
    )
    product.change("UPDATE campaigns_campaign SET version = version + 1 WHERE slug = ?", slug)


def tap(browser: Browser, shown: Reply, name: str) -> Reply:
    """Press the button: the permission page comes, and nothing in between."""
    asked = browser.send(shown.form("/reconnect"))
    if "/yours" not in asked.url:
        assert "playlist-modify-private" in parse_qs(urlsplit(asked.url).query)["scope"][0]
    return browser.answer(asked, name)


def test_before_the_release_the_page_asks_and_one_tap_puts_it_right(
    product: Product, services: Sandbox, fan: Browser
) -> None:
    page = product.campaign()
    receipt = chosen(fan, page, "Renate")
    assert ASKED not in fan.open(page).text
    ends(product, page)
    for address in (page, receipt, f"{page}/spotify/yours"):
        assert ASKED in fan.open(address).text, address
    back = tap(fan, fan.open(page), "Renate")
    assert "Already pre-saved" in back.text
    for address in (page, receipt):
        assert ASKED not in fan.open(address).text
    assert states(product, page) == {"save": "waiting", "playlist": "waiting", "follow": "delivered"}


def test_after_the_release_whoever_has_the_letter_taps_once_and_gets_all_they_chose(
    product: Product, services: Sandbox, fan: Browser, stranger: Browser
) -> None:
    page = product.campaign()
    receipt = chosen(fan, page, "Ruben")
    dies(product, services, page, "Ruben")
    release(product, services, page)
    assert ASKED in fan.open(page).text
    other_browser = stranger
    tap(other_browser, other_browser.open(receipt), "Ruben")
    until = time.monotonic() + 15
    while set(states(product, page).values()) - {"delivered", "verified"}:
        assert time.monotonic() < until, states(product, page)
        time.sleep(0.1)
    has = services.fan("Ruben")
    assert [album["name"] for album in has["albums"]] == ["Night Ferry North"]
    assert [(one["name"], len(one["tracks"])) for one in has["playlists"] if one["name"] == "Night drives"]
    assert ASKED not in fan.open(page).text


def test_where_the_service_asks_on_our_page_the_tap_leads_to_the_sheet_in_any_browser(
    product: Product, services: Sandbox, fan: Browser, stranger: Browser
) -> None:
    page = product.campaign()
    landed = pre_adds(fan, product, page, "Rike", services)
    receipt = f"{product.url}/r/" + landed.text.partition('href="/r/')[2][:43]
    product.change(
        "UPDATE fans_connection SET dead_at = '2025-01-01 00:00:00', sealed_access = x'' WHERE id IN"
        f" (SELECT connection_id FROM fans_presave WHERE campaign_id = {OF_PAGE})",
        page.rpartition("/")[2],
    )
    product.change(
        "UPDATE campaigns_campaign SET opens_at = datetime('now', '-1 minute') WHERE slug = ?",
        page.rpartition("/")[2],
    )
    product.change(
        "UPDATE delivery_delivery SET state = 'needs_fan', reason = 'grant_dead', next_at = NULL"
        f" WHERE campaign_id = {OF_PAGE}",
        page.rpartition("/")[2],
    )
    sheet = stranger.send(stranger.open(receipt).form("/reconnect"))
    assert sheet.path == f"{urlsplit(page).path}/apple_music"
    assert kit_of(sheet)["fresh"] == "1", "MusicKit is not to bring the old token again"
    assert pre_adds(stranger, product, page, "Rike again", services).status == 200
    assert pre_saves(product, page) == 1, "the fan's own, with a token that lives"


def test_the_tap_is_for_who_needs_it_and_comes_from_our_page(
    product: Product, services: Sandbox, fan: Browser
) -> None:
    page = product.campaign()
    receipt = chosen(fan, page, "Rosalie")
    assert fan.post(f"{receipt}/reconnect", []).headers["location"] == urlsplit(receipt).path
    ends(product, page)
    assert fan.post(f"{receipt}/reconnect", [], Origin="https://evil.example").status == 403
    assert fan.get(f"{receipt}/reconnect").status == 405
    unknown = receipt.rpartition("/")[0] + "/" + "x" * 43
    assert fan.post(f"{unknown}/reconnect", []).status == 404
