"""SoundCloud with eyes: its link is asked for in set-up, and after the release the set is liked, the artist followed,
and the fan's playlist holds what it held and the new songs."""

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
FAN = "Noor Haddad"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    before = dict(os.environ)
    with Stage(port=8660) as stage:
        stage.open_the_doors()
        yield stage
    os.environ.clear()
    os.environ.update(before)


def paste_the_link(team: Page, stage: Stage, keep: Keep) -> None:
    shown = control(stage, "GET", f"/releases/{UPC}")["soundcloud"]["url"]
    field = team.get_by_label("Link on SoundCloud")
    field.scroll_into_view_if_needed()
    keep(team, "team-soundcloud-1-asked")
    field.fill("https://soundcloud.com/marlo-venn")
    field.press("Enter")
    expect(team.locator("#says-on-soundcloud")).to_contain_text("not a release")
    team.get_by_label("Link on SoundCloud").fill(f"{shown}?utm_source=clipboard")
    team.get_by_label("Link on SoundCloud").press("Enter")
    expect(team.locator("#found")).to_contain_text("soundcloud.com/marlo-venn/sets/night-ferry-north")
    keep(team, "team-soundcloud-2-pasted")


def at_soundcloud(stage: Stage) -> dict[str, Any]:
    return control(stage, "GET", f"/users/soundcloud/{FAN.replace(' ', '%20')}")


def until(page: Page, so: Callable[[], bool]) -> None:
    for _ in range(80):
        if so():
            return
        page.wait_for_timeout(500)
    assert so()


def playlist(stage: Stage, name: str) -> list[str]:
    lists = [one for one in at_soundcloud(stage)["playlists"] if one["name"] == name]
    return [track["id"] for one in lists for track in one["tracks"]]


def test_a_set_is_liked_put_at_the_end_of_a_playlist_and_its_artist_followed(
    stage: Stage, phone: Callable[[], Page], keep_picture: Keep
) -> None:
    day = comes_out(stage)
    team = phone()
    first_visit(team, stage)
    fill_in_the_release(team, day)
    paste_the_link(team, stage, keep_picture)
    publish(team)

    fan = phone()
    fan.goto(f"{stage.url}/{SLUG}")
    fan.get_by_role("link", name=re.compile(r"SoundCloud\b.*Pre-save", re.DOTALL)).tap()
    expect(fan.get_by_text("Nothing else.")).to_be_visible()
    keep_picture(fan, "fan-soundcloud-1-sheet")
    fan.get_by_role("button", name="Continue to SoundCloud").tap()
    keep_picture(fan, "fan-soundcloud-2-permission")
    give_permission(fan, FAN)
    expect(fan.get_by_role("heading", name="Pre-saved on SoundCloud")).to_be_visible()
    keep_picture(fan, "fan-soundcloud-3-success")
    fan.get_by_text("One of mine", exact=True).tap()
    fan.locator("select[name=playlist_id]").select_option(label="Kitchen, loud")
    keep_picture(fan, "fan-soundcloud-4-playlist")
    fan.get_by_role("button", name="Complete").tap()
    expect(fan.get_by_role("link", name="Add to calendar")).to_be_visible()
    held = playlist(stage, "Kitchen, loud")
    assert at_soundcloud(stage)["albums"] == []

    subprocess.run([sys.executable, "-m", "upbeat", "clock", SLUG], check=True, capture_output=True)
    tracks = [track["soundcloud"]["id"] for track in control(stage, "GET", f"/releases/{UPC}")["tracks"]]
    until(fan, lambda: playlist(stage, "Kitchen, loud") == held + tracks)
    noor = at_soundcloud(stage)
    assert [one["name"] for one in noor["albums"]] == ["Night Ferry North"]
    until(fan, lambda: [one["name"] for one in at_soundcloud(stage)["artists"]] == ["Marlo Venn"])
    fan.goto(f"{stage.url}/{SLUG}")
    expect(fan.get_by_text("Already in your library")).to_be_visible()
    keep_picture(fan, "fan-soundcloud-5-in-your-library")
    assert not control(stage, "GET", "/calls?service=soundcloud&wrong=1")["calls"]
