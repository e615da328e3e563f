"""Faults on order, and the record of calls."""

import http.client
import json
import time
from typing import Any

import pytest

from tests.sandbox.stranger import EVERYTHING, Answer, Stranger


@pytest.fixture
def token(sandbox: Stranger) -> str:
    return str(sandbox.grant("spotify", EVERYTHING)["access_token"])


def save(sandbox: Stranger, token: str) -> Answer:
    return sandbox.spotify(
        token, "PUT", f"/me/library?uris={sandbox.release('Paper Harbours')['spotify']['uri']}"
    )


@pytest.mark.parametrize(("when", "saved"), [("before", 0), ("after", 1)])
def test_an_error_can_come_before_or_after_the_effect(
    sandbox: Stranger, token: str, when: str, saved: int
) -> None:
    sandbox.fault("error", status=503, when=when)
    assert save(sandbox, token).status == 503
    assert len(sandbox.fan("spotify")["albums"]) == saved


@pytest.mark.parametrize(("when", "saved"), [("before", 0), ("after", 1)])
def test_a_connection_can_be_cut(sandbox: Stranger, token: str, when: str, saved: int) -> None:
    sandbox.fault("drop", when=when)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        save(sandbox, token)
    assert len(sandbox.fan("spotify")["albums"]) == saved
    assert sandbox.control("GET", "/calls?status=dropped")["calls"][0]["fault"] == "fault-1 drop"
    assert save(sandbox, token).status == 200


@pytest.mark.parametrize(
    ("body", "text"), [("text", "Too many requests"), ("json", '"reason":"QUOTA_EXCEEDED"')]
)
def test_a_rate_limit_says_how_long(sandbox: Stranger, token: str, body: str, text: str) -> None:
    sandbox.fault("rate_limit", retry_after=79892, body=body, reason="QUOTA_EXCEEDED")
    answer = save(sandbox, token)
    assert (answer.status, answer.headers["retry-after"]) == (429, "79892")
    assert text in answer.text


def test_a_rolling_window_tells_honestly_when_it_opens(sandbox: Stranger, token: str) -> None:
    sandbox.turn("spotify", calls_per_window=2, window_seconds=1)
    assert [sandbox.spotify(token, "GET", "/me").status for _ in range(3)] == [200, 200, 429]
    wait = int(sandbox.spotify(token, "GET", "/me").headers["retry-after"])
    time.sleep(wait)
    assert sandbox.spotify(token, "GET", "/me").status == 200


def test_an_answer_can_be_late(sandbox: Stranger, token: str) -> None:
    sandbox.fault("delay", seconds=0.3)
    began = time.monotonic()
    assert save(sandbox, token).status == 200
    assert time.monotonic() - began >= 0.3


def test_a_false_401_leaves_the_token_alive(sandbox: Stranger, token: str) -> None:
    sandbox.fault("unauthorized")
    assert [save(sandbox, token).status for _ in range(2)] == [401, 200]


def test_invalid_grant_for_everybody_is_only_said_where_tokens_are_given(sandbox: Stranger) -> None:
    made = sandbox.grant("spotify", EVERYTHING)
    sandbox.fault("invalid_grant", times=None)
    has = sandbox.services()["spotify"]
    form = {"grant_type": "refresh_token", "refresh_token": made["refresh_token"]}
    form |= {"client_id": has["client_id"], "client_secret": has["client_secret"]}
    assert sandbox.ask("POST", has["token_url"], form=form).json["error"] == "invalid_grant"
    assert sandbox.spotify(made["access_token"], "GET", "/me").status == 200
    sandbox.control("DELETE", "/faults")
    assert sandbox.ask("POST", has["token_url"], form=form).status == 200


def test_a_body_can_be_cut_short(sandbox: Stranger, token: str) -> None:
    sandbox.fault("garble")
    answer = sandbox.spotify(token, "GET", "/me")
    assert answer.status == 200
    with pytest.raises(json.JSONDecodeError):
        _ = answer.json


def test_a_fault_finds_its_fan_its_path_and_its_turn(sandbox: Stranger, token: str) -> None:
    other = sandbox.grant("spotify", EVERYTHING, "Theo Novak")["access_token"]
    match = {"user": "theo novak", "path": "^/v1/me$", "service": "spotify", "method": "get"}
    sandbox.control("POST", "/faults", {"match": match, "after": 1, "times": 1, "effect": {"kind": "error"}})
    assert [sandbox.spotify(token, "GET", "/me").status for _ in range(2)] == [200, 200]
    assert [sandbox.spotify(other, "GET", "/me").status for _ in range(3)] == [200, 500, 200]


def test_chance_is_the_same_every_time(sandbox: Stranger, token: str) -> None:
    rule = {"probability": 0.5, "seed": 7, "effect": {"kind": "error"}}

    def played() -> list[int]:
        made = sandbox.control("POST", "/faults", rule)
        statuses = [sandbox.spotify(token, "GET", "/me").status for _ in range(12)]
        sandbox.control("DELETE", f"/faults/{made['id']}")
        return statuses

    first = played()
    assert set(first) == {200, 500}
    assert played() == first


def test_deezer_fails_in_its_own_words(sandbox: Stranger) -> None:
    sandbox.fault("rate_limit", match={"service": "deezer"})
    assert sandbox.deezer(None, "GET", "/infos").json["error"]["code"] == 4
    sandbox.fault("deezer_error", code=700)
    assert sandbox.deezer(None, "GET", "/infos").json["error"]["code"] == 700
    sandbox.fault("deezer_error", code=0)
    assert "code" not in sandbox.deezer(None, "GET", "/infos").json["error"]


def wrong_with(sandbox: Stranger, path: str) -> Any:
    return [entry["wrong"] for entry in sandbox.control("GET", f"/calls?path={path}")["calls"]]


def test_the_record_says_what_was_wrong_with_a_call(sandbox: Stranger, token: str) -> None:
    sandbox.spotify(token, "GET", "/me?colour=blue", data={"a": 1})
    assert wrong_with(sandbox, "/v1/me") == [
        ["query parameter colour is not known here", "a body where none belongs"],
    ]
    assert save(sandbox, token).status == 200
    assert wrong_with(sandbox, "/v1/me/library") == [[]]


def test_no_token_gets_into_the_record(sandbox: Stranger, token: str) -> None:
    sandbox.spotify(None, "GET", f"/me?access_token={token}")
    deezer = sandbox.grant("deezer", ["email"])["access_token"]
    sandbox.deezer(deezer, "GET", "/user/me")
    calls = sandbox.ask("GET", "/_control/calls").text
    assert token not in calls
    assert deezer not in calls
    assert "access_token=***" in calls


@pytest.mark.parametrize(("late", "in_the_end"), [({}, 0), ({"seconds": 0.2}, 1)])
def test_what_a_forgetful_service_has_done_is_not_there(
    sandbox: Stranger, token: str, late: dict[str, float], in_the_end: int
) -> None:
    sandbox.fault("forgetful", match={"path": "/me/library", "method": "PUT"}, **late)
    assert save(sandbox, token).status == 200
    assert sandbox.fan("spotify")["albums"] == []
    time.sleep(0.3)
    assert len(sandbox.fan("spotify")["albums"]) == in_the_end


def test_a_catalogue_can_change_its_mind_about_a_title(sandbox: Stranger) -> None:
    upc = sandbox.release("Paper Harbours")["upc"]
    changed = sandbox.control("PATCH", f"/releases/{upc}", {"title": "Paper Harbours (Deluxe)"})
    assert changed["title"] == "Paper Harbours (Deluxe)"
