"""What SoundCloud's answers mean, by table."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from upbeat.core.outcome import Outcome, Reach, Verdict
from upbeat.providers.base import Grant, Kind, Token
from upbeat.providers.http import Answer
from upbeat.providers.soundcloud import shapes, urns
from upbeat.providers.soundcloud.answers import read, read_token

DATE = {"date": "Mon, 01 Jun 2015 09:48:40 GMT"}


def answer(status: int, body: Any = "", headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, headers or {}, (body if isinstance(body, str) else json.dumps(body)).encode())


def error(status: int, message: str = "words", **more: Any) -> Answer:
    said = {"code": status, "message": message, "link": "https://developers.soundcloud.com", "error": None}
    return answer(status, said | more)


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (answer(200, {"status": "200 - OK"}), Verdict.DONE, "done"),
        (answer(201, {"kind": "user", "urn": "soundcloud:users:1"}), Verdict.DONE, "done"),
        (answer(200), Verdict.DONE, "done"),
        (answer(200, []), Verdict.DONE, "done"),
        (answer(200, "<html>"), Verdict.LATER, "unreadable"),
        (answer(200, {"code": 404, "message": "404 - Not Found"}), Verdict.LATER, "not_found_yet"),
        (answer(200, {"errors": [{"error_message": "oops"}]}), Verdict.LATER, "service_error"),
        (error(400), Verdict.REFUSED, "bad_request"),
        (error(401, "invalid_token"), Verdict.LATER, "unauthorized"),
        (error(403), Verdict.LATER, "forbidden"),
        (error(404), Verdict.LATER, "not_found_yet"),
        (error(422, "You cannot follow yourself"), Verdict.REFUSED, "account_not_allowed"),
        (error(422, "Maximum number of followings reached"), Verdict.REFUSED, "library_full"),
        (
            answer(422, {"errors": [{"error_message": "Over the limit of tracks"}]}),
            Verdict.REFUSED,
            "library_full",
        ),
        (answer(302), Verdict.LATER, "service_error"),
        (answer(500, "<html>"), Verdict.LATER, "service_error"),
        (error(503), Verdict.LATER, "service_error"),
        (answer(418), Verdict.LATER, "service_error"),
    ],
)
def test_an_answer_has_one_consequence(given: Answer, verdict: Verdict, reason: str) -> None:
    outcome = read(given)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert outcome.note or outcome.good


LIMIT = {"group": "api", "max_nr_of_requests": 15000, "time_window": "PT24H"}
META = {"rate_limit": LIMIT, "remaining_requests": 0, "reset_time": "2015/06/01 09:49:40 +0000"}


@pytest.mark.parametrize(
    ("given", "reach", "after"),
    [
        (answer(429, {"errors": [{"meta": META}]}, DATE), Reach.APP, timedelta(minutes=1)),
        (answer(429, {"errors": [{"meta": META}]}), Reach.APP, None),
        (answer(429, {"errors": [{"meta": META}]}, {"date": "never"}), Reach.APP, None),
        (answer(429, {"errors": [{"meta": META | {"reset_time": 5}}]}, DATE), Reach.APP, None),
        (
            answer(429, {"errors": [{"meta": META | {"reset_time": "2015/06/01 09:40:00 +0000"}}]}, DATE),
            Reach.APP,
            timedelta(0),
        ),
        (
            answer(429, {"errors": [{"meta": META | {"reset_time": "2035/06/01 09:40:00 +0000"}}]}, DATE),
            Reach.APP,
            timedelta(days=30),
        ),
        (error(429, "rate_limit_exceeded"), Reach.APP, None),
        (answer(429, "", {"retry-after": "7"}), Reach.APP, timedelta(seconds=7)),
        (error(429, spam_warning_urn="soundcloud:spam-warnings:1"), Reach.FAN, timedelta(hours=1)),
    ],
)
def test_a_limit_is_a_wait_until_the_moment_they_name(
    given: Answer, reach: Reach, after: timedelta | None
) -> None:
    outcome = read(given)
    assert (outcome.verdict, outcome.asked_to_wait) == (Verdict.LATER, True)
    assert (outcome.reach, outcome.after) == (reach, after)


def test_a_grant_brings_the_next_refresh_token() -> None:
    said = {
        "access_token": "a",
        "refresh_token": "r2",
        "expires_in": 3599,
        "scope": "",
        "token_type": "bearer",
    }
    grant = read_token(answer(200, said), kept=Token("r1"))
    assert isinstance(grant, Grant)
    assert grant.refresh is not None
    assert grant.refresh.reveal() == "r2"
    assert (grant.expires_in, grant.scopes) == (timedelta(seconds=3599), frozenset())


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (answer(400, {"error": "invalid_grant"}), Verdict.RECONNECT, "grant_dead"),
        (error(400, "invalid_grant"), Verdict.RECONNECT, "grant_dead"),
        (answer(401, {"error": "invalid_client"}), Verdict.LATER, "app_refused"),
        (error(401, "unauthorized_client"), Verdict.LATER, "app_refused"),
        (answer(429, {"error": "rate_limit_exceeded"}), Verdict.LATER, "rate_limited"),
        (answer(400, {"error": "rate_limit_exceeded"}), Verdict.LATER, "rate_limited"),
        (error(400, "unsupported_grant"), Verdict.LATER, "service_error"),
        (answer(400), Verdict.LATER, "unreadable"),
        (answer(200, {"access_token": ""}), Verdict.LATER, "unreadable"),
        (answer(502, "<html>"), Verdict.LATER, "service_error"),
    ],
)
def test_no_grant_says_why(given: Answer, verdict: Verdict, reason: str) -> None:
    outcome = read_token(given)
    assert isinstance(outcome, Outcome)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("address", "urn"),
    [
        ("https://api.soundcloud.com/tracks/308946187", "soundcloud:tracks:308946187"),
        ("https://api.soundcloud.com/tracks/soundcloud:tracks:308946187", "soundcloud:tracks:308946187"),
        ("https://x/playlists/soundcloud%3Aplaylists%3A9?client_id=1", "soundcloud:playlists:9"),
        ("https://api.soundcloud.com/users/9/", "soundcloud:users:9"),
        ("https://api.soundcloud.com/comments/9", ""),
        ("https://api.soundcloud.com/tracks/soundcloud:users:9", ""),
        ("https://soundcloud.com/tracks/9x", ""),
        ("", ""),
    ],
)
def test_a_resource_has_a_name_in_its_address(address: str, urn: str) -> None:
    assert urns.of_resource(address) == urn


def test_a_track_is_read_by_the_artist_it_names() -> None:
    track = {
        "kind": "track",
        "id": 7,
        "title": "Marlo Venn - Low Tide",
        "metadata_artist": "Marlo Venn",
        "isrc": None,
        "release_year": 2026,
        "release_month": 1,
        "release_day": 13,
        "created_at": "2026/01/13 17:02:45 +0000",
        "user": {"urn": "soundcloud:users:3", "username": "Tidewater Tapes"},
        "permalink_url": "https://soundcloud.com/tidewater/low-tide",
        "artwork_url": "https://i1.sndcdn.com/artworks-x-large.jpg",
    }
    found = shapes.release(Kind.TRACK, track, shapes.track_ids([track]))
    assert (found.id, found.title, found.artist) == ("soundcloud:tracks:7", "Low Tide", "Marlo Venn")
    assert (found.artist_id, found.release_date) == ("soundcloud:users:3", date(2026, 1, 13))
    assert found.track_ids == ("soundcloud:tracks:7",)
    assert found.cover_url.endswith("x-t500x500.jpg")


def test_a_set_goes_by_its_tracks_where_they_agree_and_by_its_uploader_where_not() -> None:
    data = {
        "urn": "soundcloud:playlists:1",
        "title": "Night Ferry North",
        "ean": "0859713000100",
        "track_count": 2,
        "user": {"username": "Tidewater Tapes"},
        "tracks": [{"id": 1, "metadata_artist": "Marlo Venn"}, {"id": 2, "metadata_artist": "Marlo Venn"}],
    }
    assert shapes.release(Kind.ALBUM, data, ()).artist == "Marlo Venn"
    assert shapes.release(Kind.ALBUM, data, ()).upc == "859713000100"
    data["tracks"] = [{"id": 1, "metadata_artist": "Marlo Venn"}, {"id": 2}]
    assert shapes.release(Kind.ALBUM, data, ()).artist == "Tidewater Tapes"
