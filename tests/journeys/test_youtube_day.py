"""YouTube with eyes: liked, subscribed and in a playlist after the release, and what the day's quota leaves goes on
after midnight Pacific Time."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

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
UNITS = 500
"""Nine writes: two likes, two subscriptions, a new playlist and four of its ten songs."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """An installation whose project may spend little in a day, and knows it."""
    before = dict(os.environ)
    os.environ["UPBEAT_YOUTUBE_UNITS_A_DAY"] = str(UNITS)
    with Stage(port=8640) as stage:
        stage.open_the_doors()
        control(stage, "PATCH", "/services/youtube", {"units_a_day": UNITS})
        yield stage
    os.environ.clear()
    os.environ.update(before)


def pre_save(page: Page, stage: Stage, name: str, keep: Keep) -> None:
    page.goto(f"{stage.url}/{SLUG}")
    page.get_by_role("link", name=re.compile(r"YouTube\b.*Pre-save", re.DOTALL)).tap()
    expect(page.get_by_text("Nothing else.")).to_be_visible()
    keep(page, "fan-youtube-1-sheet")
    page.get_by_role("button", name="Continue to YouTube").tap()
    keep(page, "fan-youtube-2-permission")
    give_permission(page, name)
    expect(page.get_by_role("heading", name="Pre-saved on YouTube")).to_be_visible()
    keep(page, "fan-youtube-3-success")


def come_without_a_channel(page: Page, stage: Stage, keep: Keep) -> None:
    control(stage, "PATCH", "/services/youtube", {"no_channel": ["Sam Bell"]})
    page.goto(f"{stage.url}/{SLUG}/youtube")
    page.get_by_role("button", name="Continue to YouTube").tap()
    give_permission(page, "Sam Bell")
    expect(page.get_by_role("heading", name="YouTube needs a channel of yours first")).to_be_visible()
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    keep(page, "fan-youtube-5-no-channel")


def choose_a_new_playlist(page: Page, name: str) -> None:
    page.get_by_text("New", exact=True).tap()
    page.get_by_label("Playlist name").fill(name)
    page.get_by_role("button", name="Complete").tap()
    expect(page.get_by_role("link", name="Add to calendar")).to_be_visible()


def paste_the_link(team: Page, stage: Stage) -> None:
    """YouTube finds nothing by a code: the team pastes what it sees there, of YouTube Music as well."""
    shown = control(stage, "GET", f"/releases/{UPC}")["youtube"]["url"]
    team.goto(f"{stage.url}/dashboard/releases/1/delivery?paste=youtube#paste")
    team.locator("#f-link").fill(shown.replace("www.youtube", "music.youtube"))
    team.get_by_role("button", name="Look at it").click()
    expect(team.get_by_text("Album, 10 tracks")).to_be_visible()
    team.get_by_role("button", name=re.compile("Deliver to 2|deliver to 2")).click()


def at_youtube(stage: Stage, name: str) -> dict[str, Any]:
    return control(stage, "GET", f"/users/youtube/{name.replace(' ', '%20')}")


def until(page: Page, so: Callable[[], bool], seconds: int = 40) -> None:
    for _ in range(seconds * 2):
        if so():
            return
        page.wait_for_timeout(500)
    assert so()


def songs_in(stage: Stage, name: str) -> list[str]:
    lists = [one for one in at_youtube(stage, name)["playlists"] if one["name"] == "Night drives"]
    return [track["id"] for one in lists for track in one["tracks"]]


def move_clock(by: str) -> None:
    subprocess.run([sys.executable, "-m", "upbeat", "clock", by], check=True, capture_output=True)


def test_two_fans_are_served_although_the_days_quota_ends_in_the_middle(
    stage: Stage, phone: Callable[[], Page], keep_picture: Keep
) -> None:
    day = comes_out(stage)
    team = phone()
    first_visit(team, stage)
    fill_in_the_release(team, day)
    publish(team)
    one, other = phone(), phone()
    pre_save(one, stage, "Noor Haddad", keep_picture)
    choose_a_new_playlist(one, "Night drives")
    pre_save(other, stage, "Lea Brandt", keep_picture)
    come_without_a_channel(phone(), stage, keep_picture)
    assert at_youtube(stage, "Noor Haddad")["tracks"] == []

    other.goto(f"{stage.url}/{SLUG}")
    move_clock(SLUG)
    move_clock("+10s")
    tracks = [track["youtube"]["id"] for track in control(stage, "GET", f"/releases/{UPC}")["tracks"]]
    paste_the_link(team, stage)
    for name in ("Noor Haddad", "Lea Brandt"):
        until(team, lambda name=name: [one["id"] for one in at_youtube(stage, name)["tracks"]] == tracks[:1])
    move_clock("+11m")  # the saves are done: what stands beside them may be paid
    until(team, lambda: len(songs_in(stage, "Noor Haddad")) == 4)
    assert [one["name"] for one in at_youtube(stage, "Lea Brandt")["artists"]] == ["Marlo Venn"]
    team.wait_for_timeout(1_000)
    assert len(songs_in(stage, "Noor Haddad")) == 4

    move_clock("+24h")
    until(team, lambda: songs_in(stage, "Noor Haddad") == tracks)
    one.goto(f"{stage.url}/{SLUG}")
    expect(one.get_by_text("Already in your library")).to_be_visible()
    keep_picture(one, "fan-youtube-4-in-your-library")
    noor = at_youtube(stage, "Noor Haddad")
    assert [one["name"] for one in noor["artists"]] == ["Marlo Venn"]
    assert noor["duplicates"] == 0
    refused = control(stage, "GET", "/calls?service=youtube&status=403")["calls"]
    assert refused == []
    assert not control(stage, "GET", "/calls?service=youtube&wrong=1")["calls"]
    assert TITLE in one.content()
