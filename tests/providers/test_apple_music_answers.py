"""What Apple Music's answers mean, by table: 202 promises nothing, and one word never ends a permission."""

import json
from datetime import timedelta
from typing import Any

import pytest

from upbeat.core.outcome import Verdict
from upbeat.providers.apple_music import shapes
from upbeat.providers.apple_music.answers import read, read_look
from upbeat.providers.base import Found, Kind
from upbeat.providers.http import Answer


def answer(status: int, body: Any = "", headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, headers or {}, (body if isinstance(body, str) else json.dumps(body)).encode())


def error(
    status: int, code: str = "", detail: str = "words", *, name: str = "errors", http: int = 0
) -> Answer:
    one = {"id": "X", "title": "Title", "detail": detail, "status": str(status), "code": code}
    return answer(http or status, {name: [one]})


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (answer(202), Verdict.DONE, "done"),
        (answer(204), Verdict.DONE, "done"),
        (answer(200, {"data": []}), Verdict.DONE, "done"),
        (answer(200, "<html>"), Verdict.LATER, "unreadable"),
        (error(403, "40300", "Invalid authentication"), Verdict.RECONNECT, "grant_dead"),
        (error(403, "40300", name="data"), Verdict.RECONNECT, "grant_dead"),
        (error(403, "40300", "Invalid authentication", http=200), Verdict.RECONNECT, "grant_dead"),
        (error(403, "40301", "Privacy terms have not been accepted"), Verdict.LATER, "terms_open"),
        (error(403, "40399"), Verdict.LATER, "forbidden"),
        (answer(403, "Forbidden"), Verdict.LATER, "forbidden"),
        (error(400, "40015", "no access to privilege: X"), Verdict.LATER, "no_subscription"),
        (error(400, "40005"), Verdict.REFUSED, "bad_request"),
        (answer(414), Verdict.REFUSED, "bad_request"),
        (error(401, "40100"), Verdict.LATER, "unauthorized"),
        (answer(401), Verdict.LATER, "unauthorized"),
        (error(404, "40403", "No related resources found"), Verdict.LATER, "not_found_yet"),
        (error(409, "40900"), Verdict.LATER, "service_error"),
        (answer(429), Verdict.LATER, "rate_limited"),
        (error(500, "50001", "Error fetching library content"), Verdict.LATER, "service_error"),
        (error(500, "50001", http=200), Verdict.LATER, "service_error"),
        (answer(504, "<html>"), Verdict.LATER, "service_error"),
        (answer(200, {"errors": [{"status": "9" * 5000}]}), Verdict.LATER, "service_error"),
        (answer(200, {"errors": [{"status": "²"}]}), Verdict.LATER, "service_error"),
        (answer(403, {"errors": "words"}), Verdict.LATER, "forbidden"),
        (answer(403, {"errors": [None, {"code": 40300}]}), Verdict.RECONNECT, "grant_dead"),
    ],
)
def test_an_answer_has_one_consequence(given: Answer, verdict: Verdict, reason: str) -> None:
    outcome = read(given)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)


def test_what_is_refused_without_a_fan_is_the_operators_to_mend() -> None:
    for given in (error(401, "40100"), error(403, "40300"), answer(401)):
        outcome = read_look(given)
        assert (outcome.verdict, outcome.reason) == (Verdict.LATER, "app_refused")
    assert read_look(error(404)).reason == "not_found_yet"


def test_a_wait_is_as_long_as_the_service_asks() -> None:
    assert read(answer(429)).after is None
    assert read(answer(429, "", {"retry-after": "7200"})).after == timedelta(hours=2)


RELEASE = Found("apple_music", Kind.ALBUM, "17", "", "Low Tide", "Ilse Tarn", "3")


@pytest.mark.parametrize(
    ("held", "is_it"),
    [
        ({"relationships": {"catalog": {"data": [{"id": "17"}]}}}, True),
        ({"relationships": {"catalog": {"data": [{"id": "18"}]}}}, False),
        ({"attributes": {"playParams": {"catalogId": "17"}}}, True),
        ({"attributes": {"name": "low tide", "artistName": "Ilse Tarn"}}, True),
        (
            {
                "attributes": {"name": "Low Tide", "artistName": "Ilse Tarn"},
                "relationships": {"catalog": {"data": [{"id": "18"}]}},
            },
            False,
        ),
        ({"attributes": {"name": "Low Tide", "artistName": None}}, False),
        ({}, False),
    ],
)
def test_a_library_album_is_known_by_its_catalogue_id_else_by_its_name(
    held: dict[str, Any], is_it: bool
) -> None:
    assert shapes.is_of(held, RELEASE) is is_it


@pytest.mark.parametrize(
    ("page", "offset"),
    [
        ({"next": "/v1/me/library/playlists?offset=25"}, "25"),
        ({"next": "/v1/me/library/albums?l=de&offset=50"}, "50"),
        ({"next": "https://api.music.apple.com/v1/me?offset=7"}, "7"),
        ({"next": None}, ""),
        ({}, ""),
        (["odd"], ""),
    ],
)
def test_the_next_page_is_named_by_a_path(page: Any, offset: str) -> None:
    assert shapes.next_offset(page) == offset


def test_objects_of_odd_shapes_are_survived() -> None:
    for odd in (
        {},
        {"attributes": []},
        {"attributes": {"artwork": "x", "releaseDate": 3}},
        {"relationships": 1},
    ):
        assert shapes.release(Kind.ALBUM, odd, ()).title == ""
        assert shapes.entity(Kind.ARTIST, odd).name == ""
        assert shapes.playlist(odd).size == 0
        assert not shapes.may_add_to(odd)
    assert shapes.added_ids({"data": [None, {}]}) == [""]
