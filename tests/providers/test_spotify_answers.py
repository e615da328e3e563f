"""What Spotify's answers mean, by table."""

import json
from datetime import timedelta
from typing import Any

import pytest

from upbeat.core.outcome import Outcome, Reach, Verdict
from upbeat.providers.base import Grant, Token
from upbeat.providers.http import Answer
from upbeat.providers.spotify.answers import read, read_token


def answer(status: int, body: Any = "", **headers: str) -> Answer:
    raw = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw.encode())


def error(status: int, message: str, **more: str) -> Answer:
    return answer(status, {"error": {"status": status, "message": message, **more}})


NOT_LISTED = "The user is not registered for this application. Please check your settings on the dashboard."


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (answer(200), Verdict.DONE, "done"),
        (answer(204), Verdict.DONE, "done"),
        (answer(201, {"snapshot_id": "abc"}), Verdict.DONE, "done"),
        (answer(200, [True]), Verdict.DONE, "done"),
        (answer(200, "<html>Sign in to the hotel</html>"), Verdict.LATER, "unreadable"),
        (answer(200, '{"cut": '), Verdict.LATER, "unreadable"),
        (answer(200, {"error": {"status": 503, "message": "Try later"}}), Verdict.LATER, "service_error"),
        (answer(200, {"error": "odd"}), Verdict.LATER, "service_error"),
        (error(401, "The access token expired"), Verdict.LATER, "unauthorized"),
        (error(401, "Access token missing"), Verdict.LATER, "unauthorized"),
        (error(403, "Insufficient client scope"), Verdict.REFUSED, "scope_missing"),
        (answer(403, "User not registered in the Developer Dashboard"), Verdict.REFUSED, "not_allow_listed"),
        (error(403, "User not registered in the Developer Dashboard"), Verdict.REFUSED, "not_allow_listed"),
        (answer(403, NOT_LISTED), Verdict.REFUSED, "not_allow_listed"),
        (error(403, NOT_LISTED), Verdict.REFUSED, "not_allow_listed"),
        (error(403, "Active premium subscription required"), Verdict.LATER, "owner_not_premium"),
        (error(403, "Forbidden"), Verdict.LATER, "forbidden"),
        (answer(403), Verdict.LATER, "forbidden"),
        (error(404, "Resource not found"), Verdict.LATER, "not_found_yet"),
        (error(400, "Missing required field: uris"), Verdict.REFUSED, "bad_request"),
        (error(400, "Library size limit reached"), Verdict.REFUSED, "library_full"),
        (error(502, "Failed to follow artists"), Verdict.LATER, "service_error"),
        (answer(500, "<html>Bad gateway</html>"), Verdict.LATER, "service_error"),
        (answer(302, "", location="https://evil.example/"), Verdict.LATER, "service_error"),
        (answer(418), Verdict.LATER, "service_error"),
    ],
)
def test_an_answer_has_one_consequence(given: Answer, verdict: Verdict, reason: str) -> None:
    outcome = read(given)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert outcome.note or outcome.good


@pytest.mark.parametrize(
    ("given", "after"),
    [
        (answer(429, "Too many requests", retry_after="3"), timedelta(seconds=3)),
        (
            answer(429, {"error": {"status": 429, "message": "x"}}, retry_after="81654"),
            timedelta(seconds=81654),
        ),
        (answer(429, "", retry_after="99999999999999999999"), timedelta(days=30)),
        (answer(429, "", retry_after="Fri, 27 Mar 2026 00:00:00 GMT"), None),
        (answer(429, "", retry_after="-1"), None),
        (error(429, "Too many requests", reason="QUOTA_EXCEEDED"), timedelta(hours=1)),
        (
            answer(429, {"error": {"status": 429, "reason": "QUOTA_EXCEEDED"}}, retry_after="86400"),
            timedelta(days=1),
        ),
    ],
)
def test_a_rate_limit_is_a_wait_for_the_whole_app_and_no_failure(
    given: Answer, after: timedelta | None
) -> None:
    outcome = read(given)
    assert outcome.verdict is Verdict.LATER
    assert outcome.asked_to_wait
    assert outcome.reach is Reach.APP
    assert outcome.after == after


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_no_answer_of_the_api_ends_a_grant(status: int) -> None:
    assert read(error(status, "Refresh token revoked: invalid_grant")).verdict is not Verdict.RECONNECT


def test_a_grant_is_read_with_its_scopes_and_life() -> None:
    given = {"access_token": "a", "refresh_token": "r", "expires_in": 1800, "scope": "one two"}
    grant = read_token(answer(200, given))
    assert isinstance(grant, Grant)
    assert grant.access.reveal() == "a"
    assert grant.refresh is not None
    assert grant.refresh.reveal() == "r"
    assert grant.expires_in == timedelta(minutes=30)
    assert grant.scopes == {"one", "two"}
    assert "Token(***)" in repr(grant)


@pytest.mark.parametrize("said", [10**30, "9" * 5000, -1, None, "soon", [], True])
def test_a_life_nobody_can_mean_is_an_hour_or_ten_years(said: Any) -> None:
    grant = read_token(answer(200, json.dumps({"access_token": "a", "expires_in": said})))
    assert isinstance(grant, Grant)
    assert grant.expires_in in (timedelta(hours=1), timedelta(days=3650))


def test_where_no_new_refresh_token_comes_the_old_one_is_kept() -> None:
    old = Token("old")
    grant = read_token(answer(200, {"access_token": "a", "expires_in": 3600}), kept=old)
    assert isinstance(grant, Grant)
    assert grant.refresh is old


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (
            answer(400, {"error": "invalid_grant", "error_description": "Refresh token revoked"}),
            Verdict.RECONNECT,
            "grant_dead",
        ),
        (answer(400, {"error": "invalid_client"}), Verdict.LATER, "app_refused"),
        (answer(400, {"error": "invalid_request"}), Verdict.LATER, "service_error"),
        (answer(400, "invalid_grant"), Verdict.LATER, "unreadable"),
        (answer(200, "<html>"), Verdict.LATER, "unreadable"),
        (answer(200, {"access_token": None}), Verdict.LATER, "unreadable"),
        (answer(500, {"error": "invalid_grant"}), Verdict.LATER, "service_error"),
        (answer(429, "", retry_after="2"), Verdict.LATER, "rate_limited"),
    ],
)
def test_only_the_token_endpoints_own_word_ends_a_grant(given: Answer, verdict: Verdict, reason: str) -> None:
    outcome = read_token(given)
    assert isinstance(outcome, Outcome)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
