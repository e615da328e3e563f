"""A release night on SoundCloud: no code finds the release, playlists are written whole, refresh tokens work once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest

from tests.delivery import books
from tests.delivery.night import UPC, Night, states
from tests.sandbox_process import Sandbox
from upbeat.campaigns.models import ServiceLink
from upbeat.core.links import release_link
from upbeat.core.preflight import Level
from upbeat.core.problem import Problem
from upbeat.delivery import guard
from upbeat.delivery.plan import plan_completion, plan_save
from upbeat.delivery.preflight.service_lines import services
from upbeat.delivery.preflight.subject import read
from upbeat.fans.models import Connection

pytestmark = pytest.mark.django_db(transaction=True)
SERVICE = "soundcloud"


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Iterator[Night]:
    """Two hours before the release."""
    night = Night(sandbox)
    opens = night.campaign.opens_at
    sandbox.ask("PATCH", f"/_control/releases/{UPC}", {"released_at": opens.isoformat()})
    night.move_to(opens - timedelta(hours=2))
    yield night
    wrong = [call["wrong"] for call in sandbox.calls(service=SERVICE, wrong=1)]
    assert wrong == []


def paste(night: Night, upc: str = UPC) -> None:
    """The team pastes the link of the release on SoundCloud."""
    page = night.sandbox.ask("GET", f"/_control/releases/{upc}")[SERVICE]["url"]
    link = release_link(page, [SERVICE])
    assert not isinstance(link, Problem)
    mine = ServiceLink.objects.get_or_create(release=night.campaign.release, service=SERVICE)[0]
    guard.use_link(mine, link, None, night.now())


def found_line(night: Night) -> tuple[Level, str]:
    subject = read(night.campaign, night.now(), night.now())
    assert subject is not None
    (service,) = [one for one in subject.services if one.name == SERVICE]
    lines = night.run(lambda: services(subject, service))
    (line,) = [one for one in lines if one.check == "found"]
    return line.level, line.what


def held(night: Night, name: str, playlist: str) -> list[str]:
    fan = night.sandbox.fan(name, SERVICE)
    (found,) = [one for one in fan["playlists"] if one["name"] == playlist]
    return [line["id"] for line in found["tracks"]]


def test_fans_wait_for_the_link_and_go_when_it_is_pasted(night: Night) -> None:
    night.fan("Ada", SERVICE, playlist="Friday")
    assert found_line(night) == (Level.STOP, "SoundCloud needs the link to the release")
    night.release()
    night.deliver()
    assert ("save", "pending_source", ANY) in states()
    assert [call for call in night.sandbox.calls(service=SERVICE) if "/playlists" in call["path"]] == []
    paste(night)
    night.deliver()
    night.deliver()
    ada, link = night.sandbox.fan("Ada", SERVICE), ServiceLink.objects.get(service=SERVICE)
    assert [one["name"] for one in ada["albums"]] == ["Night Ferry North"]
    assert [one["name"] for one in ada["artists"]] == ["Marlo Venn"]
    assert held(night, "Ada", "Friday") == link.track_ids
    assert len(link.track_ids) == 10
    assert {state for _, state, _ in states()} <= {"delivered", "verified"}


def test_a_link_pasted_ahead_is_looked_at_until_it_leads_somewhere(night: Night) -> None:
    night.fan("Ada", SERVICE)
    paste(night)
    assert found_line(night)[0] is Level.FINE
    night.release()
    night.deliver()
    night.deliver()
    assert [one["name"] for one in night.sandbox.fan("Ada", SERVICE)["albums"]] == ["Night Ferry North"]


def another(night: Night, connection: Connection, title: str, playlist_id: str) -> None:
    """The same fan's wish for another release of the same instant, to go into the same playlist."""
    other = object.__new__(Night)
    other.__dict__ |= night.__dict__
    shown: dict[str, Any] = {"title": title, "artists": ["Marlo Venn"], "tracks": [{"title": title}]}
    opens = night.campaign.opens_at
    made = night.sandbox.ask("POST", "/_control/releases", shown | {"released_at": opens.isoformat()})
    upc = made["releases"][0]["upc"]
    other.campaign = books.campaign(opens, upc=upc, title=title, team=night.campaign.team)
    wish = books.wish(other.campaign, connection, now=night.now())
    plan_save(wish, night.now())
    books.choose(wish, playlist="Friday", playlist_id=playlist_id)
    plan_completion(wish, night.now())
    paste(other, upc)


def test_two_releases_of_one_instant_lose_none_of_each_others_tracks(night: Night) -> None:
    """Each puts the whole list back: at the same time one's tracks would be lost."""
    night.sandbox.ask("POST", "/_control/users", {"service": SERVICE, "names": ["Ada"], "playlists": True})
    before = night.sandbox.fan("Ada", SERVICE)["playlists"][0]
    mine = night.fan("Ada", SERVICE, playlist=before["name"], playlist_id=before["id"])
    paste(night)
    for number in range(2):
        another(night, mine.connection, f"Side {number}", before["id"])
    night.sandbox.fault(
        "delay", match={"service": SERVICE, "method": "PUT", "path": "^/playlists"}, seconds=0.1
    )
    night.release()
    for _ in range(5):
        night.deliver()
        night.move(seconds=3)
    tracks = held(night, "Ada", before["name"])
    assert tracks[: len(before["tracks"])] == [line["id"] for line in before["tracks"]]
    assert len(tracks) == len(set(tracks)) == len(before["tracks"]) + 10 + 2
    assert {state for action, state, _ in states() if action == "playlist"} == {"delivered"}


def test_a_lost_answer_leaves_one_copy_and_needs_no_look_first(night: Night) -> None:
    night.sandbox.ask("POST", "/_control/users", {"service": SERVICE, "names": ["Ada"], "playlists": True})
    before = night.sandbox.fan("Ada", SERVICE)["playlists"][0]
    night.fan("Ada", SERVICE, playlist=before["name"], playlist_id=before["id"])
    paste(night)
    night.release()
    match = {"service": SERVICE, "method": "PUT", "path": "^/playlists/"}
    night.sandbox.fault("drop", match=match, when="after", times=2)
    for _ in range(3):
        night.deliver()
        night.move(seconds=20)
    assert len(held(night, "Ada", before["name"])) == len(before["tracks"]) + 10
    assert {state for action, state, _ in states() if action == "playlist"} == {"delivered"}


def test_each_renewal_brings_the_token_for_the_next(night: Night) -> None:
    night.fan("Ada", SERVICE)
    paste(night)
    night.release()
    night.deliver()
    night.deliver()
    assert night.sandbox.fan("Ada", SERVICE)["albums"] != []
    asked = night.sandbox.calls(service=SERVICE, path="/oauth/token", user="Ada")
    assert [call["status"] for call in asked] == [200], "its access token of two hours ago had run out"


def test_a_wave_of_words_against_good_grants_loses_nobody(night: Night) -> None:
    """Single-use tokens die of nothing but their use: for an hour the service's word against them is not the last."""
    night.fan("Ada", SERVICE)
    paste(night)
    night.sandbox.turn(SERVICE, invalid_grant_wave=True)
    night.release()
    for _ in range(3):
        night.deliver()
        night.move(minutes=15)
    assert "needs_fan" not in {state for _, state, _ in states()}
    night.sandbox.turn(SERVICE, invalid_grant_wave=False)
    night.move(hours=1)
    night.deliver()
    assert [one["name"] for one in night.sandbox.fan("Ada", SERVICE)["albums"]] == ["Night Ferry North"]
