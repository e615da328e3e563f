"""What Deezer's answers mean, by table: HTTP 200 proves nothing."""

import json
from datetime import timedelta
from typing import Any

import pytest

from upbeat.core.outcome import Outcome, Reach, Verdict
from upbeat.providers.base import Grant
from upbeat.providers.deezer.answers import read, read_token
from upbeat.providers.http import Answer


def answer(body: Any, status: int = 200) -> Answer:
    return Answer(status, {}, (body if isinstance(body, str) else json.dumps(body)).encode())


def error(code: int | None, message: str = "words", kind: str = "Exception", status: int = 200) -> Answer:
    return answer(
        {"error": {"type": kind, "message": message} | ({} if code is None else {"code": code})}, status
    )


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (answer(True), Verdict.DONE, "done"),
        (answer({"id": 11336219744}), Verdict.DONE, "done"),
        (answer({"data": [], "total": 0}), Verdict.DONE, "done"),
        (answer(False), Verdict.LATER, "not_done"),
        (answer(""), Verdict.LATER, "unreadable"),
        (answer("<html>"), Verdict.LATER, "unreadable"),
        (answer("null"), Verdict.LATER, "unreadable"),
        (error(100), Verdict.REFUSED, "library_full"),
        (error(200, kind="OAuthException"), Verdict.REFUSED, "scope_missing"),
        (error(300, kind="OAuthException"), Verdict.RECONNECT, "grant_dead"),
        (error(500, kind="ParameterException"), Verdict.REFUSED, "bad_request"),
        (error(501), Verdict.REFUSED, "bad_request"),
        (error(600), Verdict.REFUSED, "bad_request"),
        (error(700), Verdict.LATER, "service_error"),
        (error(800, "no data", "DataException"), Verdict.LATER, "not_found_yet"),
        (error(800, "no data", "DataException", 404), Verdict.LATER, "not_found_yet"),
        (error(901), Verdict.REFUSED, "account_not_allowed"),
        (error(12345), Verdict.LATER, "service_error"),
        (answer({"error": {"code": "9" * 5000}}), Verdict.LATER, "service_error"),
        (answer({"error": "Not Found"}), Verdict.LATER, "service_error"),
        (answer({"error": ["odd"]}), Verdict.LATER, "service_error"),
        (error(None, "An error has occured"), Verdict.LATER, "service_error"),
        (error(500, "This song already exists in this playlist"), Verdict.ALREADY, "already"),
        (answer({"error": "Not Found"}, 404), Verdict.LATER, "service_error"),
        (answer("<html>", 403), Verdict.LATER, "service_error"),
        (answer("<html>", 502), Verdict.LATER, "service_error"),
        (answer({"error": []}), Verdict.DONE, "done"),
    ],
)
def test_an_answer_has_one_consequence(given: Answer, verdict: Verdict, reason: str) -> None:
    outcome = read(given)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert outcome.note or outcome.good


@pytest.mark.parametrize("given", [error(4, "Quota limit exceeded"), answer({"error": {"code": "4"}})])
def test_a_quota_in_a_success_is_a_wait_for_the_whole_app(given: Answer) -> None:
    outcome = read(given)
    assert outcome.asked_to_wait
    assert outcome.reach is Reach.APP
    assert outcome.after == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("given", "life"),
    [
        (answer({"access_token": "frTk", "expires": 0}), None),
        (answer({"access_token": "frTk", "expires": 3600}), timedelta(hours=1)),
        (answer("access_token=frTk&expires=0"), None),
        (answer("access_token=frTk&expires=3600"), timedelta(hours=1)),
        (answer({"access_token": "frTk", "expires": "9" * 5000}), None),
    ],
)
def test_a_grant_is_read_in_both_dialects(given: Answer, life: timedelta | None) -> None:
    grant = read_token(given)
    assert isinstance(grant, Grant)
    assert grant.access.reveal() == "frTk"
    assert grant.refresh is None
    assert grant.expires_in == life


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (answer("wrong code"), "code_refused"),
        (
            answer({"error": {"type": "OAuthException", "message": "invalid code", "code": 300}}),
            "code_refused",
        ),
        (answer("wrong secret"), "app_refused"),
        (answer("<html>"), "unreadable"),
        (answer("busy", 503), "service_error"),
    ],
)
def test_no_grant_says_why(given: Answer, reason: str) -> None:
    outcome = read_token(given)
    assert isinstance(outcome, Outcome)
    assert outcome.reason == reason
