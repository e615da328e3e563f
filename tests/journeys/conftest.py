"""A product and its sandbox as processes of their own, and a browser of one fan's or one team's."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from upbeat.commands.demonstration.stage import Stage

PICTURES = Path(__file__).parents[2] / "build" / "pictures"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    before = dict(os.environ)
    with Stage(port=8600) as stage:
        stage.open_the_doors()
        yield stage
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A new phone: nobody has used its browser before."""
    contexts: list[BrowserContext] = []

    def unused(*, java_script_enabled: bool = True) -> Page:
        context = browser.new_context(
            viewport=PHONE,
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            timezone_id="Europe/Berlin",
            java_script_enabled=java_script_enabled,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield unused
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def keep_picture() -> Callable[[Page, str], None]:
    """Keep what a page looks like, to be looked at: build/pictures/<name>.png."""
    PICTURES.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.wait_for_timeout(400)  # pictures and motion have come to rest
        page.screenshot(path=PICTURES / f"{name}.png")

    return keep
