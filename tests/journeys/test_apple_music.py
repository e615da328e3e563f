"""Apple Music with eyes: a window asks for permission, the music and a new playlist are there after the release."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.test_from_link_to_library import SLUG, TITLE, UPC, comes_out, control
from tests.sandbox_process import ROOT
from upbeat.commands.demonstration.stage import Stage

pytestmark = pytest.mark.browser

INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 Instagram 356.0.0.30.87 (iPhone15,2; iOS 18_1; de_DE; de; scale=3.00; 1179x2556)"
)
Keep = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def page_url(stage: Stage) -> str:
    """A published page that is to come out in three weeks."""
    day = comes_out(stage)
    made = json.dumps({"slug": SLUG, "day": day}) + "\n"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "upbeat.settings"}
    seeding = [sys.executable, "-m", "tests.web.seeding"]
    subprocess.run(
        seeding, input=made, text=True, check=True, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    return f"{stage.url}/{SLUG}"


def to_the_sheet(page: Page, page_url: str) -> None:
    page.goto(page_url)
    page.get_by_role("link", name=re.compile("Apple Music.*Pre-add", re.DOTALL)).tap()
    page.wait_for_url("**/apple_music**")


def ask(page: Page, name: str, decision: str = "Agree") -> None:
    """Continue, and decide in the window that opens."""
    button = page.get_by_role("button", name="Continue to Apple Music")
    expect(button).to_be_enabled()
    with page.expect_popup() as opened:
        button.tap()
    window = opened.value
    window.locator("input[name=fan]").fill(name)
    window.get_by_role("button", name=decision).click()


def says(page: Page, sentence: str, ending: str) -> None:
    """The page says what happened, that nothing was changed, and offers a reminder."""
    expect(page.get_by_role("heading", name=sentence)).to_be_visible()
    assert urlsplit(page.url).path == f"/{SLUG}/apple_music/{ending}"
    expect(page.get_by_text("Nothing was changed")).to_be_visible()
    remind = page.get_by_role("link", name="Remind me", exact=True).first
    assert remind.get_attribute("href") == f"/{SLUG}/remind?to=apple_music"


def test_a_fan_who_cancels_or_closes_the_window_may_try_again(
    page_url: str, phone: Callable[[], Page], keep_picture: Keep
) -> None:
    page = phone()
    to_the_sheet(page, page_url)
    ask(page, "Noor", decision="Cancel")
    says(page, "Nothing was changed", "cancelled")
    page.get_by_role("link", name="Try again").tap()
    page.wait_for_url("**/apple_music")
    button = page.get_by_role("button", name="Continue to Apple Music")
    expect(button).to_be_enabled()
    with page.expect_popup() as opened:
        button.tap()
    opened.value.close()
    says(page, "Nothing was changed", "cancelled")
    keep_picture(page, "fan-apple-3-cancelled")


def test_a_script_that_is_blocked_is_said_so(
    page_url: str, phone: Callable[[], Page], keep_picture: Keep
) -> None:
    page = phone()
    page.route("**/musickit/v3/**", lambda route: route.abort("blockedbyclient"))
    to_the_sheet(page, page_url)
    says(page, "Apple Music could not be reached here", "blocked")
    keep_picture(page, "fan-apple-4-blocked")


def test_a_fan_without_a_subscription_is_offered_a_reminder(
    stage: Stage, page_url: str, phone: Callable[[], Page], keep_picture: Keep
) -> None:
    control(stage, "PATCH", "/services/apple_music", {"no_subscription": ["Noor"]})
    page = phone()
    to_the_sheet(page, page_url)
    ask(page, "Noor")
    says(page, "Apple Music saves for subscribers only", "no-subscription")
    assert page.get_by_role("link", name="Try again").count() == 0
    keep_picture(page, "fan-apple-5-no-subscription")


def test_without_script_and_inside_another_app_the_sheet_says_how_to_go_on(
    page_url: str, browser: Browser, keep_picture: Keep
) -> None:
    for agent, script, sentence in (
        (None, False, "this browser has it switched off"),
        (INSTAGRAM, True, "Apple Music can’t sign you in inside Instagram."),
    ):
        context = browser.new_context(viewport=PHONE, user_agent=agent, java_script_enabled=script)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda one, asked=asked: asked.append(one.url))
        page.goto(f"{page_url}/apple_music")
        assert sentence in page.inner_text("dialog")
        assert page.locator("dialog button").is_visible() is False
        assert page.locator(f'dialog a[href="/{SLUG}/remind?to=apple_music"]').is_visible()
        assert not [url for url in asked if "musickit/v3" in url]
        keep_picture(page, f"fan-apple-6-{'in-app' if script else 'no-script'}")
        context.close()


def test_a_fan_pre_adds_on_apple_music_and_it_is_in_the_library_after_the_release(
    stage: Stage, page_url: str, phone: Callable[[], Page], keep_picture: Keep
) -> None:
    fan = phone()
    asked: list[str] = []
    fan.on("request", lambda one: asked.append(one.url))
    fan.goto(page_url)
    assert not [url for url in asked if urlsplit(url).netloc != urlsplit(stage.url).netloc]
    to_the_sheet(fan, page_url)
    expect(fan.get_by_text("Nothing else.")).to_be_visible()
    keep_picture(fan, "fan-apple-1-sheet")
    ask(fan, "Mira Haas")
    expect(fan.get_by_role("heading", name="Pre-saved on Apple Music")).to_be_visible()
    assert urlsplit(fan.url).path == f"/{SLUG}/apple_music/yours"
    keep_picture(fan, "fan-apple-2-success")
    fan.get_by_text("New", exact=True).tap()
    fan.get_by_label("Playlist name").fill("Night drives")
    fan.get_by_role("button", name="Complete").tap()
    expect(fan.get_by_role("link", name="Add to calendar")).to_be_visible()
    assert control(stage, "GET", "/users/apple_music/Mira%20Haas")["albums"] == []

    newcomer = phone()
    newcomer.goto(page_url)
    newcomer.get_by_role("button", name="Jump to the release").tap()
    expect(newcomer.get_by_text("Out now")).to_be_visible()
    fan.goto(page_url)
    in_library = fan.get_by_text("Already in your library")
    for _ in range(40):
        if in_library.is_visible():
            break
        fan.wait_for_timeout(500)
        fan.reload()
    expect(in_library).to_be_visible()
    mira = control(stage, "GET", "/users/apple_music/Mira%20Haas")
    assert [album["name"] for album in mira["albums"]] == [TITLE]
    night_drives = next(one for one in mira["playlists"] if one["name"] == "Night drives")
    tracks = control(stage, "GET", f"/releases/{UPC}")["tracks"]
    assert [one["id"] for one in night_drives["tracks"]] == [one["apple_music"]["id"] for one in tracks]
    assert not control(stage, "GET", "/calls?service=apple_music&wrong=1")["calls"]
