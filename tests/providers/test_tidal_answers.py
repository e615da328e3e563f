"""What TIDAL's answers mean, by table."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from upbeat.core.outcome import Outcome, Reach, Verdict
from upbeat.providers.base import Grant, Kind, Token
from upbeat.providers.http import Answer
from upbeat.providers.tidal import shapes
from upbeat.providers.tidal.answers import read, read_added, read_token
from upbeat.providers.tidal.api import next_cursor


def answer(status: int, body: Any = "", **headers: str) -> Answer:
    raw = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw.encode())


def error(status: int, detail: str = "words", code: str = "") -> Answer:
    said = {"status": str(status), "detail": detail} | ({"code": code} if code else {})
    return answer(status, {"errors": [said]})


def old(status: int, sub_status: int, words: str = "words") -> Answer:
    return answer(status, {"status": status, "subStatus": sub_status, "userMessage": words})


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (answer(200, {"data": []}), Verdict.DONE, "done"),
        (answer(201, {"data": {"id": "1"}}), Verdict.DONE, "done"),
        (answer(204), Verdict.DONE, "done"),
        (answer(200, "<html>"), Verdict.LATER, "unreadable"),
        (answer(200, "[]"), Verdict.LATER, "unreadable"),
        (answer(200, {"errors": [{"status": "500"}]}), Verdict.LATER, "service_error"),
        (answer(302), Verdict.LATER, "service_error"),
        (error(400), Verdict.REFUSED, "bad_request"),
        (old(401, 11002, "Token has invalid payload"), Verdict.LATER, "unauthorized"),
        (error(401, code="11003"), Verdict.LATER, "unauthorized"),
        (old(401, 8003, "Client not found"), Verdict.LATER, "app_refused"),
        (answer(401), Verdict.LATER, "unauthorized"),
        (old(403, 11004), Verdict.REFUSED, "scope_missing"),
        (error(403, "Token is missing required scope"), Verdict.REFUSED, "scope_missing"),
        (error(403), Verdict.LATER, "forbidden"),
        (answer(403, "<html>"), Verdict.LATER, "forbidden"),
        (error(404), Verdict.LATER, "not_found_yet"),
        (error(405), Verdict.REFUSED, "bad_request"),
        (error(406), Verdict.REFUSED, "bad_request"),
        (error(415), Verdict.REFUSED, "bad_request"),
        (error(409, code="IDEMPOTENT_REQUEST_IN_PROGRESS"), Verdict.LATER, "in_progress"),
        (error(409, code="DUPLICATE_ITEMS_IN_COLLECTION"), Verdict.ALREADY, "already"),
        (error(409, code="TOO_MANY_ITEMS_IN_COLLECTION"), Verdict.REFUSED, "library_full"),
        (error(409, code="SOMETHING_NEW"), Verdict.LATER, "service_error"),
        (error(422, code="IDEMPOTENT_REQUEST_PAYLOAD_MISMATCH"), Verdict.LATER, "key_taken"),
        (error(422), Verdict.REFUSED, "bad_request"),
        (error(429), Verdict.LATER, "rate_limited"),
        (error(500), Verdict.LATER, "service_error"),
        (answer(503, "busy"), Verdict.LATER, "service_error"),
        (answer(418), Verdict.LATER, "service_error"),
        (answer(404, {"errors": "no list"}), Verdict.LATER, "not_found_yet"),
        (answer(409, {"errors": [None, 7]}), Verdict.LATER, "service_error"),
    ],
)
def test_an_answer_has_one_consequence(given: Answer, verdict: Verdict, reason: str) -> None:
    outcome = read(given)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert outcome.note or outcome.good


BUCKET = {
    "x_ratelimit_requested_tokens": "5",
    "x_ratelimit_remaining": "1",
    "x_ratelimit_replenish_rate": "1",
}


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"retry_after": "7"}, timedelta(seconds=7)),
        ({}, None),
        (BUCKET, timedelta(seconds=4)),
        (BUCKET | {"retry_after": "80000"}, timedelta(seconds=80_000)),
        (BUCKET | {"x_ratelimit_remaining": "9"}, None),
        (BUCKET | {"x_ratelimit_replenish_rate": "0"}, None),
        (BUCKET | {"x_ratelimit_requested_tokens": "many"}, None),
        (BUCKET | {"x_ratelimit_replenish_rate": "3"}, timedelta(seconds=2)),
    ],
)
def test_a_full_bucket_is_a_wait_for_the_whole_app_as_long_as_the_headers_say(
    headers: dict[str, str], after: timedelta | None
) -> None:
    outcome = read(answer(429, {"errors": [{"status": "429"}]}, **headers))
    assert outcome.asked_to_wait
    assert outcome.reach is Reach.APP
    assert outcome.after == after


def added(*ids: str) -> dict[str, Any]:
    return {
        "data": [{"id": one, "type": "albums", "meta": {"addedAt": "2027-01-01T00:00:00Z"}} for one in ids]
    }


def skipped(**reasons: str) -> dict[str, Any]:
    said = [
        {"id": one.removeprefix("n"), "type": "albums", "reason": reason} for one, reason in reasons.items()
    ]
    return {"meta": {"skipped": said}}


@pytest.mark.parametrize(
    ("body", "verdict", "reason"),
    [
        (added("1", "2"), Verdict.DONE, "done"),
        (added() | skipped(n1="ALREADY_PRESENT", n2="ALREADY_PRESENT"), Verdict.ALREADY, "already"),
        (added("1") | skipped(n2="ALREADY_PRESENT"), Verdict.DONE, "done"),
        (added("1") | skipped(n2="NOT_FOUND"), Verdict.LATER, "not_found_yet"),
        (added() | skipped(n1="NOT_FOUND", n2="ALREADY_PRESENT"), Verdict.LATER, "not_found_yet"),
        (added() | skipped(n1="SOMETHING_NEW", n2="ALREADY_PRESENT"), Verdict.LATER, "not_done"),
        (added(), Verdict.LATER, "not_done"),
        ({"data": None, "meta": {"skipped": None}}, Verdict.LATER, "not_done"),
        ("", Verdict.DONE, "done"),
        ({"errors": [{"status": "500"}]}, Verdict.LATER, "service_error"),
    ],
)
def test_each_item_has_its_fate(body: Any, verdict: Verdict, reason: str) -> None:
    outcome = read_added(answer(200, body), ["1", "2"])
    assert (outcome.verdict, outcome.reason) == (verdict, reason)


def test_a_grant_without_a_refresh_token_has_an_end_and_one_with_it_a_successor() -> None:
    body = {
        "access_token": "a",
        "token_type": "Bearer",
        "expires_in": 14400,
        "scope": "user.read",
        "user_id": 7,
    }
    bare, full = read_token(answer(200, body)), read_token(answer(200, body | {"refresh_token": "r"}))
    assert isinstance(bare, Grant)
    assert bare.refresh is None
    assert bare.expires_in == timedelta(hours=4)
    assert isinstance(full, Grant)
    assert full.refresh is not None
    renewed = read_token(answer(200, body), kept=Token("kept"))
    assert isinstance(renewed, Grant)
    assert renewed.refresh is not None
    assert renewed.refresh.reveal() == "kept"


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (answer(400, {"error": "invalid_grant", "sub_status": 11101}), Verdict.RECONNECT, "grant_dead"),
        (answer(400, {"error": "unauthorized_client"}), Verdict.RECONNECT, "grant_dead"),
        (answer(400, {"error": "invalid_request"}), Verdict.RECONNECT, "grant_dead"),
        (answer(401, {"error": "invalid_client"}), Verdict.LATER, "app_refused"),
        (old(401, 8003, "Client not found"), Verdict.LATER, "app_refused"),
        (answer(400, {"error": "authorization_pending"}), Verdict.LATER, "service_error"),
        (answer(400, "<html>"), Verdict.LATER, "unreadable"),
        (answer(200, {"token_type": "Bearer"}), Verdict.LATER, "unreadable"),
        (answer(503, {"error": "invalid_grant"}), Verdict.LATER, "service_error"),
        (answer(429), Verdict.LATER, "rate_limited"),
    ],
)
def test_no_grant_says_why(given: Answer, verdict: Verdict, reason: str) -> None:
    outcome = read_token(given)
    assert isinstance(outcome, Outcome)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("links", "cursor"),
    [
        ({"self": "/albums"}, ""),
        ({"self": "/a", "next": "/a?page%5Bcursor%5D=3nI1F0y&countryCode=US"}, "3nI1F0y"),
        ({"self": "/a", "next": "/a?x=1", "meta": {"nextCursor": "abc"}}, "abc"),
        ({"self": "/a", "meta": {"nextCursor": "abc"}}, ""),
        (None, ""),
    ],
)
def test_the_cursor_stands_beside_the_link_or_in_it(links: Any, cursor: str) -> None:
    assert next_cursor({"data": [], "links": links}) == cursor


ALBUM: dict[str, Any] = {
    "id": "381",
    "type": "albums",
    "attributes": {
        "title": "Low Tide",
        "version": "Deluxe",
        "barcodeId": "00602475093060",
        "numberOfItems": 4,
        "releaseDate": "2027-01-29",
    },
    "relationships": {
        "artists": {"data": [{"id": "2", "type": "artists"}, {"id": "1", "type": "artists"}]},
        "items": {
            "data": [
                {"id": "11", "type": "tracks"},
                {"id": "12", "type": "videos"},
                {"id": "13", "type": "tracks"},
            ]
        },
        "coverArt": {"data": [{"id": "c", "type": "artworks"}]},
    },
}
BESIDE = [
    {"id": "1", "type": "artists", "attributes": {"name": "Marlo Venn"}},
    {"id": "2", "type": "artists", "attributes": {"name": "Ada"}},
    {
        "id": "c",
        "type": "artworks",
        "attributes": {
            "mediaType": "IMAGE",
            "files": [
                {"href": "s", "meta": {"width": 80}},
                {"href": "l", "meta": {"width": 1280}},
                {"href": "odd"},
            ],
        },
    },
]


def test_a_compound_document_is_read_in_the_order_of_its_relationships() -> None:
    document = {"data": [ALBUM], "included": BESIDE}
    found = shapes.release(Kind.ALBUM, document, ALBUM, shapes.first_tracks(ALBUM))
    assert (found.title, found.artist, found.artist_id) == ("Low Tide (Deluxe)", "Ada, Marlo Venn", "2")
    assert (found.upc, found.track_ids, found.track_count) == ("602475093060", ("11", "13"), 3)
    assert (found.release_date, found.cover_url) == (date(2027, 1, 29), "l")
    assert found.url == "https://tidal.com/album/381"


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {"data": 7}, {"attributes": [], "relationships": "x"}])
def test_what_is_missing_or_of_another_kind_reads_as_empty(wrong: Any) -> None:
    document = wrong if isinstance(wrong, dict) else {"data": wrong, "included": wrong}
    data = wrong if isinstance(wrong, dict) else {}
    assert shapes.release(Kind.ALBUM, document, data, ()).title == ""
    assert shapes.entity(Kind.ARTIST, document, data).name == ""
    assert shapes.playlists(document) == []
    assert shapes.track_ids(document) == ()
