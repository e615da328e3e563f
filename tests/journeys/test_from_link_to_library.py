"""The main job with eyes: a pasted UPC becomes a page, two fans pre-save, the page turns, the music is there."""

import json
import re
import urllib.request
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from upbeat.commands.demonstration.stage import Stage

COVER = (
    Path(__file__).parents[2]
    / "upbeat"
    / "web"
    / "pages"
    / "static"
    / "pages"
    / "demo"
    / "night-ferry-north.jpg"
)
UPC, TITLE, SLUG = "859713000100", "Night Ferry North", "night-ferry-north"
SOME_TRACK = "https://open.spotify.com/track/4iV5W9uYEdYUVa79Axb7Rh"
SHOP = "https://marlovenn.bandcamp.com/album/night-ferry-north"

pytestmark = pytest.mark.browser


def control(stage: Stage, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{stage.sandbox_url}/_control{path}",
        json.dumps(body).encode() if body is not None else None,
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request) as answer:
        return dict(json.loads(answer.read()))


def comes_out(stage: Stage, **told: Any) -> str:
    """The services have the album, from midnight in Berlin in three weeks. Returns the day, as the form takes it."""
    berlin = ZoneInfo("Europe/Berlin")
    opens = datetime.combine(datetime.now(berlin) + timedelta(days=20), time(0), berlin)
    control(stage, "PATCH", f"/releases/{UPC}", {"released_at": opens.isoformat(), **told})
    return f"{opens:%Y-%m-%d}"


def first_visit(page: Page, stage: Stage) -> None:
    page.goto(stage.url)
    page.get_by_label("Your name").fill("Nora Teller")
    page.get_by_label("E-mail").fill("nora@label.example")
    page.get_by_label("Password", exact=True).fill("the ferry leaves at nine")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Start with a link")).to_be_visible()


def fill_in_the_release(page: Page, day: str) -> None:
    page.get_by_placeholder("A link or a UPC").fill(UPC)
    page.get_by_role("button", name="Fill it in").click()
    expect(page.get_by_role("heading", name="Set up the page")).to_be_visible()
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("Artist", exact=True).fill("Marlo Venn")
    expect(page.locator("#sleeve")).to_contain_text("Marlo Venn")
    page.locator("#f-cover").set_input_files(COVER)
    expect(page.get_by_text("Your own file")).to_be_visible()
    page.get_by_label("Day").fill(day)
    page.get_by_label("Day").dispatch_event("change")
    page.get_by_label("Time zone").select_option("Europe/Berlin")


def link_of(stage: Stage, name: str) -> str:
    playlists = control(stage, "GET", "/catalogue")["playlists"]
    return next(str(one["url"]) for one in playlists if one["name"] == name and one["service"] == "spotify")


def add_follows_and_a_shop(page: Page, stage: Stage) -> None:
    follow = page.locator("#f-follow")
    follow.fill(SOME_TRACK)
    follow.press("Enter")
    expect(page.locator("#says-follow")).to_contain_text("This is a song")
    follow.fill("https://open.spotify.com/artist/4jfVyTe1hEeT6ow4HWW9nL")
    follow.press("Enter")
    expect(page.locator("#follows")).not_to_contain_text("Not linked yet")
    page.locator("#f-follow").fill(link_of(stage, "Songs for the Crossing"))
    page.locator("#f-follow").press("Enter")
    expect(page.locator("#follows")).to_contain_text("Songs for the Crossing")
    page.locator("#f-offer").fill(SHOP)
    page.locator("#f-offer").press("Enter")
    expect(page.locator("#links")).to_contain_text("Bandcamp")


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="It is live")).to_be_visible()


def give_permission(page: Page, name: str) -> None:
    page.locator("input[name=fan]").fill(name)
    page.get_by_role("button", name="Agree").click()


def pre_save(page: Page, stage: Stage, service: str, name: str, keep: Callable[[Page, str], None]) -> None:
    page.goto(f"{stage.url}/{SLUG}")
    keep(page, f"fan-{service.lower()}-1-before")
    page.get_by_role("link", name=re.compile(f"{service}.*Pre-save", re.DOTALL)).tap()
    expect(page.get_by_text("Nothing else.")).to_be_visible()
    keep(page, f"fan-{service.lower()}-2-sheet")
    page.get_by_role("button", name=f"Continue to {service}").tap()
    keep(page, f"fan-{service.lower()}-3-permission")
    give_permission(page, name)
    expect(page.get_by_role("heading", name=f"Pre-saved on {service}")).to_be_visible()
    keep(page, f"fan-{service.lower()}-4-success")


def complete_with_a_new_playlist(page: Page, name: str, keep: Callable[[Page, str], None]) -> None:
    page.locator("summary").tap()
    page.get_by_text("New", exact=True).tap()
    page.get_by_label("Playlist name").fill("Night drives")
    keep(page, "fan-spotify-5-extras")
    page.get_by_role("button", name="Complete").tap()
    give_permission(page, name)
    expect(page.get_by_role("link", name="Add to calendar")).to_be_visible()
    keep(page, "fan-spotify-6-done")


def wait_for_the_services(page: Page) -> None:
    """A service is on the page once its catalogue shows the release (S23): that may take some seconds."""
    play = page.get_by_role("link", name=re.compile("Spotify.*Play", re.DOTALL))
    for _ in range(20):
        if play.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(play).to_be_visible()


def test_an_album_goes_from_a_pasted_upc_to_the_libraries_of_two_fans(
    stage: Stage, phone: Callable[[], Page], keep_picture: Callable[[Page, str], None]
) -> None:
    day = comes_out(stage)

    team = phone()
    first_visit(team, stage)
    fill_in_the_release(team, day)
    add_follows_and_a_shop(team, stage)
    keep_picture(team, "team-1-set-up")
    publish(team)
    keep_picture(team, "team-2-share")

    spotify_fan, deezer_fan = phone(), phone()
    pre_save(spotify_fan, stage, "Spotify", "Noor Haddad", keep_picture)
    complete_with_a_new_playlist(spotify_fan, "Noor Haddad", keep_picture)
    followed = control(stage, "GET", "/users/spotify/Noor%20Haddad")
    assert [artist["name"] for artist in followed["artists"]] == ["Marlo Venn"]
    assert followed["albums"] == []
    pre_save(deezer_fan, stage, "Deezer", "Lea Brandt", keep_picture)

    newcomer = phone()
    newcomer.goto(f"{stage.url}/{SLUG}")
    newcomer.get_by_role("button", name="Jump to the release").tap()
    expect(newcomer.get_by_text("Out now")).to_be_visible()
    wait_for_the_services(newcomer)

    team.goto(f"{stage.url}/dashboard/releases/1/delivery")
    expect(team.get_by_role("heading", name=re.compile("2 of 2|2 fans"))).to_be_visible(timeout=20_000)
    keep_picture(team, "team-3-delivered")
    newcomer.reload()
    keep_picture(newcomer, "fan-newcomer-out-now")
    newcomer.get_by_role("link", name=re.compile("Spotify.*Play", re.DOTALL)).tap()
    expect(newcomer.get_by_role("heading", name=TITLE)).to_be_visible()
    assert newcomer.url.startswith(stage.services["spotify"]["open_url"])
    spotify_fan.goto(f"{stage.url}/{SLUG}")
    expect(spotify_fan.get_by_text("Already in your library")).to_be_visible()
    keep_picture(spotify_fan, "fan-spotify-7-in-your-library")

    noor = control(stage, "GET", "/users/spotify/Noor%20Haddad")
    lea = control(stage, "GET", "/users/deezer/Lea%20Brandt")
    assert [album["name"] for album in noor["albums"]] == [TITLE]
    assert [album["name"] for album in lea["albums"]] == [TITLE]
    assert [artist["name"] for artist in lea["artists"]] == ["Marlo Venn"]
    night_drives = next(one for one in noor["playlists"] if one["name"] == "Night drives")
    tracks = control(stage, "GET", f"/releases/{UPC}")["tracks"]
    assert [track["id"] for track in night_drives["tracks"]] == [track["spotify"]["id"] for track in tracks]
    spotify_fan.goto(stage.sandbox_url)
    keep_picture(spotify_fan, "sandbox")
