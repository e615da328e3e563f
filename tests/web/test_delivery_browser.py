"""In a real browser the delivery page moves by itself: it turns at the instant and keeps what people did to it."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.web.desk import desk, person, ready
from tests.web.night_books import Lot, book
from upbeat import clock
from upbeat.artists.models import Installation
from upbeat.campaigns.models import Campaign, ServiceLink
from upbeat.core.delivery import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign() -> Campaign:
    """Three fans wait."""
    campaign = ready(person("Ada"))
    campaign.state, campaign.slug = Campaign.PUBLISHED, "night"
    campaign.opens_at = clock.now() + timedelta(minutes=5)
    campaign.save()
    book(campaign, [Lot("spotify", State.WAITING, 3)], clock.now())
    return campaign


@pytest.fixture(autouse=True)
def _clock_goes_back() -> Iterator[None]:
    yield
    Installation.objects.all().delete()
    clock.refresh(force=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright's loop runs in this thread, and we use the database
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, campaign: Campaign) -> Iterator[Page]:
    """Ada's browser, in Tokyo; the release's clock is Berlin's."""
    session = desk(campaign.team.members.get().person).cookies["session"].value
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Asia/Tokyo")
    context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def test_the_page_turns_at_the_instant_and_moves_by_itself(
    live_server: LiveServer, page: Page, campaign: Campaign
) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{live_server.url}/dashboard/releases/{campaign.pk}/delivery")
    expect(page.locator("h1")).to_have_text("Ready. Delivery starts by itself.")
    expect(page.locator("[role=timer]")).to_contain_text("04:")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.locator("#states summary").click()
    page.locator("#states summary").focus()
    assert campaign.opens_at is not None
    clock.move(campaign.opens_at - clock.now() - timedelta(seconds=1.5))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("h1")).to_have_text("Delivered to 0 of 3 fans")
    campaign.deliveries.order_by("id").first().delete()  # type: ignore[union-attr]
    campaign.deliveries.update(state=State.DELIVERED, next_at=None)
    expect(page.locator("h1")).to_have_text("Delivered to 2 of 2 fans")
    expect(page).to_have_title("100 % · Night Ferry North · Upbeat")
    assert page.locator("#states").get_attribute("open") is not None, "what was opened stays open"
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY", "the focus stays"
    assert page.evaluate("document.body.dataset.same") == "yes", "it is the same page"
    assert page.locator(".sleeve .state").inner_text() == "Delivered"
    page.context.set_offline(True)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#lost")).to_contain_text("Delivery goes on without it. Trying again in 2 s.")
    page.context.set_offline(False)
    expect(page.locator("#lost")).to_be_hidden()
    assert problems == []


def test_what_is_held_goes_on_after_the_count_was_named(
    live_server: LiveServer, page: Page, campaign: Campaign
) -> None:
    seen = {"title": "Night Ferry North (Live)", "artist": "Marlo Venn", "track_count": 10}
    ServiceLink.objects.create(
        release=campaign.release, service="spotify", held_at=clock.now(), seen=seen, differs=["title"]
    )
    page.goto(f"{live_server.url}/dashboard/releases/{campaign.pk}/delivery")
    page.get_by_role("link", name="It is right: deliver to 3 fans").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Deliver to 3 fans on Spotify?")
    dialog.get_by_role("link", name="Keep it held").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="It is right: deliver to 3 fans").click()
    dialog.get_by_role("button", name="Deliver to 3 fans").click()
    expect(page.locator(".toast")).to_have_text("Spotify goes on.")
    assert not ServiceLink.objects.get().is_held
