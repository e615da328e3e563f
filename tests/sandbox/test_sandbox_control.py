"""The control API, the front page and the process itself."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.stranger import EVERYTHING, Stranger, started


def test_the_front_page_lists_what_a_client_needs(sandbox: Stranger) -> None:
    front = sandbox.ask("GET", "/", accept="application/json").json
    assert front.keys() == {"services", "mail", "control_url", "now"}
    for service in ("spotify", "deezer"):
        known = {"api_url", "authorize_url", "token_url", "open_url", "client_id", "client_secret"}
        assert front["services"][service].keys() == known


def test_the_front_page_is_readable_and_moves_the_clock(sandbox: Stranger) -> None:
    page = sandbox.ask("GET", "/", accept="text/html")
    assert "Night Ferry North" in page.text
    released_at = sandbox.release("Night Ferry North")["released_at"]
    assert sandbox.ask("POST", "/", form={"move": f"to:{released_at}"}).status == 303
    assert sandbox.control("GET", "/clock")["now"] >= released_at
    assert sandbox.ask("POST", "/", form={"move": "wall"}, origin="https://evil.example").status == 403
    assert sandbox.ask("POST", "/", form={"move": "wall"}, origin=sandbox.url).status == 303
    assert sandbox.control("GET", "/clock")["offset_seconds"] == 0


def test_five_thousand_fans_come_in_one_call(sandbox: Stranger) -> None:
    wanted = {"service": "spotify", "scopes": EVERYTHING, "count": 5000, "prefix": "Crowd"}
    began = time.monotonic()
    made = sandbox.control("POST", "/grants", wanted)["grants"]
    assert time.monotonic() - began < 5
    assert len({one["refresh_token"] for one in made}) == 5000
    assert made[0].keys() >= {"name", "id", "account_id", "access_token", "refresh_token", "expires_in"}
    assert sandbox.spotify(made[-1]["access_token"], "GET", "/me").json["display_name"] == "Crowd 05000"


def test_a_grant_can_be_old_already(sandbox: Stranger) -> None:
    old = sandbox.grant("spotify", EVERYTHING, authorized_at="2020-01-01T00:00:00Z")
    has = sandbox.services()["spotify"]
    form = {"grant_type": "refresh_token", "refresh_token": old["refresh_token"]}
    form |= {"client_id": has["client_id"], "client_secret": has["client_secret"]}
    assert sandbox.ask("POST", has["token_url"], form=form).json["error"] == "invalid_grant"


def test_a_release_is_made_and_comes_out_on_time(sandbox: Stranger) -> None:
    wanted = {
        "title": "Übermorgen",
        "artists": ["Nobody Yet"],
        "tracks": [{"title": "Eins", "seconds": 100}, {"title": "Zwei"}],
        "released_at": "2031-05-02T22:00:00Z",
        "release_date": "2031-05-03",
    }
    made = sandbox.control("POST", "/releases", wanted)["releases"][0]
    assert set(made["visible"]) >= {"spotify", "deezer"}
    assert not any(made["visible"].values())
    sandbox.control("PUT", "/clock", {"now": "2031-05-02T22:00:00Z"})
    found = sandbox.deezer(None, "GET", f"/album/upc:{made['upc']}").json
    assert (found["title"], found["release_date"], found["nb_tracks"]) == ("Übermorgen", "2031-05-03", 2)


@pytest.mark.parametrize(
    ("method", "path", "data", "words"),
    [
        ("PUT", "/clock", {"now": "tomorrow"}, "is not a moment"),
        ("PUT", "/clock", {"now": "2027-01-01T00:00:00"}, "no time zone"),
        ("PUT", "/clock", {}, "say one of"),
        ("PATCH", "/services/spotify", {"mode": "production"}, "mode cannot be"),
        ("PATCH", "/services/spotify", {"moods": 1}, "no switch"),
        ("PATCH", "/services/napster", {}, "service is one of"),
        ("POST", "/faults", {"effect": {"kind": "flood"}}, "effect.kind is one of"),
        ("POST", "/faults", {"effect": {"kind": "drop"}, "match": {"path": "("}}, "regular expression"),
        ("POST", "/grants", {"service": "spotify", "scopes": ["all"], "count": 1}, "no scope"),
        ("POST", "/grants", {"service": "spotify", "scopes": []}, "count is"),
        ("POST", "/releases", {"title": "X"}, "needs artists"),
        (
            "POST",
            "/releases",
            {"title": "X", "artists": ["Y"], "released_at": "2027-01-01T00:00:00Z", "upc": "1"},
            "not a UPC",
        ),
    ],
)
def test_a_bad_wish_gets_a_sentence(sandbox: Stranger, method: str, path: str, data: Any, words: str) -> None:
    answer = sandbox.ask(method, f"/_control{path}", data=data)
    assert answer.status == 400
    assert words in answer.json["error"]


def test_a_wish_that_is_half_wrong_changes_nothing(sandbox: Stranger) -> None:
    answer = sandbox.ask(
        "PATCH", "/_control/services/spotify", data={"mode": "development", "library_limit": -1}
    )
    assert answer.status == 400
    assert sandbox.control("GET", "/services/spotify")["mode"] == "extended"


def test_the_description_names_every_call(sandbox: Stranger) -> None:
    described = sandbox.control("GET", "")
    paths = {entry["path"] for entry in described["endpoints"]}
    assert {
        "/_control/clock",
        "/_control/grants",
        "/_control/faults",
        "/_control/calls",
        "/_control/reset",
    } <= paths
    assert described["catalogue"]["releases"][0]["spotify"]["url"].startswith(
        "https://open.spotify.com/album/"
    )


def test_a_reset_forgets_everything_but_the_clients(sandbox: Stranger) -> None:
    before = sandbox.services()
    sandbox.grant("spotify", EVERYTHING)
    sandbox.later(days=400)
    sandbox.control("POST", "/reset", {})
    assert sandbox.services() == before
    assert sandbox.control("GET", "/clock")["offset_seconds"] == 0
    assert sandbox.ask("GET", "/_control/users/spotify/Mira%20Haas").status == 404


def test_the_same_cover_is_drawn_for_both_services(sandbox: Stranger) -> None:
    album = sandbox.release("Harbour Lights")
    token = sandbox.grant("spotify", EVERYTHING)["access_token"]
    shown = sandbox.spotify(token, "GET", f"/albums/{album['spotify']['id']}").json["images"]
    assert [image["width"] for image in shown] == [640, 300, 64]
    picture = sandbox.ask("GET", shown[1]["url"])
    assert picture.headers["content-type"] == "image/png"
    other = sandbox.ask("GET", f"/deezer/images/album-{album['deezer']['id']}-300.png")
    assert other.body == picture.body


def test_play_links_lead_to_a_page(sandbox: Stranger) -> None:
    album = sandbox.release("Paper Harbours")
    assert "Tin Gulls" in sandbox.ask("GET", f"/spotify/open/album/{album['spotify']['id']}").text
    assert "Tin Gulls" in sandbox.ask("GET", f"/deezer/www/album/{album['deezer']['id']}").text
    coming = sandbox.release("Night Ferry North")
    assert sandbox.ask("GET", f"/spotify/open/album/{coming['spotify']['id']}").status == 404


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_cleanly_with_calls_open(how: signal.Signals) -> None:
    stranger = started()
    stranger.fault("delay", seconds=60)
    host, port = stranger.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as hanging:
        hanging.sendall(b"GET /deezer/api/infos HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
        stranger.process.send_signal(how)
        assert stranger.process.wait(5) == 0
    assert stranger.process.stderr.read() == ""


def test_a_taken_port_is_a_sentence_and_not_a_traceback(sandbox: Stranger) -> None:
    port = sandbox.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "upbeat_sandbox", "--port", port]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=20, cwd=Path(__file__).parents[2], check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Cannot listen on 127.0.0.1 port {port}: ")
