"""TIDAL with eyes: saved now where it is there already, kept with a refresh token, reminded of without one."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_from_link_to_library import (
    SLUG,
    TITLE,
    UPC,
    comes_out,
    control,
    fill_in_the_release,
    first_visit,
    give_permission,
    publish,
)
from upbeat.commands.demonstration.stage import Stage

pytestmark = pytest.mark.browser

Keep = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def page_url(stage: Stage, browser: Browser) -> str:
    """A page that is to come out in three weeks; TIDAL lists the album already."""
    day = comes_out(stage, visible_before=["tidal"])
    team = browser.new_page()
    first_visit(team, stage)
    fill_in_the_release(team, day)
    publish(team)
    team.close()
    return f"{stage.url}/{SLUG}"


def to_tidal(page: Page, page_url: str, name: str) -> None:
    """Row, sheet, permission."""
    page.goto(page_url)
    page.get_by_role("link", name=re.compile("TIDAL.*Pre-save", re.DOTALL)).tap()
    page.get_by_role("button", name="Continue to TIDAL").tap()
    give_permission(page, name)


def library(stage: Stage, name: str) -> list[str]:
    return [album["name"] for album in control(stage, "GET", f"/users/tidal/{quote(name)}")["albums"]]


def has_it(page: Page, stage: Stage, name: str) -> None:
    for _ in range(40):
        if library(stage, name):
            break
        page.wait_for_timeout(250)
    assert library(stage, name) == [TITLE]


def test_a_grant_without_refresh_token_saves_now_or_falls_and_one_with_it_waits_for_the_release(
    stage: Stage, page_url: str, phone: Callable[[], Page], keep_picture: Keep
) -> None:
    now, waits, falls = phone(), phone(), phone()
    to_tidal(now, page_url, "Noor Haddad")
    expect(now.get_by_role("heading", name="Saved on TIDAL")).to_be_visible()
    expect(now.get_by_text("we added it to your library now")).to_be_visible()
    assert library(stage, "Noor Haddad") == [TITLE]
    keep_picture(now, "fan-tidal-1-saved-now")

    control(stage, "PATCH", f"/releases/{UPC}", {"visible_before": []})
    control(stage, "PATCH", "/services/tidal", {"gives_refresh_token": True})
    to_tidal(waits, page_url, "Lea Brandt")
    expect(waits.get_by_role("heading", name="Pre-saved on TIDAL")).to_be_visible()
    assert library(stage, "Lea Brandt") == []

    control(stage, "PATCH", "/services/tidal", {"gives_refresh_token": False})
    to_tidal(falls, page_url, "Tom Okoye")
    expect(falls.get_by_role("heading", name="TIDAL forgets permissions too soon")).to_be_visible()
    keep_picture(falls, "fan-tidal-2-falls")
    falls.get_by_role("link", name=re.compile("TIDAL.*Remind me", re.DOTALL)).tap()
    expect(falls.get_by_text("TIDAL keeps a permission for 4 hours")).to_be_visible()
    assert falls.get_by_label("Link to").input_value() == "tidal"
    keep_picture(falls, "fan-tidal-3-remind")

    newcomer = phone()
    newcomer.goto(page_url)
    newcomer.get_by_role("button", name="Jump to the release").tap()
    expect(newcomer.get_by_text("Out now")).to_be_visible()
    has_it(waits, stage, "Lea Brandt")
    waits.goto(page_url)
    expect(waits.get_by_text("Already in your library")).to_be_visible()

    falls.goto(f"{page_url}/tidal")
    expect(falls.get_by_text("We add this one album now. Nothing else.")).to_be_visible()
    keep_picture(falls, "fan-tidal-4-after-the-release")
    falls.get_by_role("button", name="Continue to TIDAL").tap()
    has_it(falls, stage, "Tom Okoye")
    falls.goto(page_url)
    expect(falls.get_by_text("Already in your library")).to_be_visible()
    keep_picture(falls, "fan-tidal-5-in-your-library")
