"""What YouTube's and Google's answers mean, by table: the reason decides, then the status."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from upbeat.core.outcome import Outcome, Reach, Verdict
from upbeat.providers.base import Found, Grant, Kind, Token
from upbeat.providers.http import Answer
from upbeat.providers.youtube import shapes
from upbeat.providers.youtube.answers import read, read_token


def answer(body: Any = "", status: int = 200, **headers: str) -> Answer:
    return Answer(status, headers, (body if isinstance(body, str) else json.dumps(body)).encode())


def error(code: int, reason: str = "", message: str = "Words.", **more: Any) -> Answer:
    errors = [{"message": message, "domain": "youtube.x", "reason": reason}] if reason else []
    return answer({"error": {"code": code, "message": message, "errors": errors, **more}}, code)


@pytest.mark.parametrize(
    ("given", "verdict", "reason"),
    [
        (answer("", 204), Verdict.DONE, "done"),
        (answer({"kind": "youtube#subscription"}), Verdict.DONE, "done"),
        (answer("<html>"), Verdict.LATER, "unreadable"),
        (
            answer({"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}]}}),
            Verdict.LATER,
            "day_spent",
        ),
        (answer({"error": "odd"}), Verdict.LATER, "service_error"),
        (error(400, "subscriptionDuplicate"), Verdict.ALREADY, "already"),
        (error(409, "subscriptionDuplicate"), Verdict.ALREADY, "already"),
        (error(400), Verdict.REFUSED, "bad_request"),
        (error(400, message="API key not valid. Please pass a valid API key."), Verdict.LATER, "app_refused"),
        (error(403, "accessNotConfigured"), Verdict.LATER, "app_refused"),
        (error(403, details=[{"reason": "SERVICE_DISABLED"}]), Verdict.LATER, "app_refused"),
        (error(401, "authError"), Verdict.LATER, "unauthorized"),
        (error(401, "youtubeSignupRequired"), Verdict.REFUSED, "no_channel"),
        (error(403, "videoRatingDisabled"), Verdict.REFUSED, "rating_disabled"),
        (error(400, "emailNotVerified"), Verdict.REFUSED, "email_not_verified"),
        (error(403, "insufficientPermissions"), Verdict.REFUSED, "scope_missing"),
        (
            error(403, details=[{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]),
            Verdict.REFUSED,
            "scope_missing",
        ),
        (error(403, "playlistContainsMaximumNumberOfVideos"), Verdict.REFUSED, "library_full"),
        (error(400, "maxPlaylistExceeded"), Verdict.REFUSED, "library_full"),
        (error(403, "authenticatedUserAccountSuspended"), Verdict.REFUSED, "account_not_allowed"),
        (error(403, "forbidden"), Verdict.LATER, "forbidden"),
        (error(404, "videoNotFound"), Verdict.LATER, "not_found_yet"),
        (error(409, "SERVICE_UNAVAILABLE"), Verdict.LATER, "service_error"),
        (error(503, "backendError"), Verdict.LATER, "service_error"),
        (answer({"error": {"errors": "odd", "code": []}}, 418), Verdict.LATER, "service_error"),
        (answer({"error": {"errors": [None, 3, {}]}}, 404), Verdict.LATER, "not_found_yet"),
    ],
)
def test_an_answer_has_one_consequence(given: Answer, verdict: Verdict, reason: str) -> None:
    outcome = read(given)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert outcome.note or outcome.good


PER_DAY = "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service 'youtube.googleapis.com'"


@pytest.mark.parametrize(
    "given",
    [
        error(403, "quotaExceeded"),
        error(403, "dailyLimitExceeded"),
        error(429, "rateLimitExceeded", PER_DAY, status="RESOURCE_EXHAUSTED"),
    ],
)
def test_a_day_that_is_spent_is_a_wait_of_the_whole_app(given: Answer) -> None:
    outcome = read(given)
    assert (outcome.reason, outcome.asked_to_wait, outcome.reach) == ("day_spent", True, Reach.APP)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (error(403, "rateLimitExceeded"), 60),
        (error(403, "userRateLimitExceeded"), 60),
        (answer({"error": {"errors": [{"reason": "rateLimitExceeded"}]}}, 429, **{"retry-after": "7"}), 7),
    ],
)
def test_too_fast_is_a_short_wait(given: Answer, seconds: int) -> None:
    outcome = read(given)
    assert (outcome.reason, outcome.after) == ("rate_limited", timedelta(seconds=seconds))
    assert outcome.asked_to_wait


def test_a_token_that_has_an_end_says_so() -> None:
    said = {
        "access_token": "a",
        "refresh_token": "r",
        "expires_in": 3599,
        "scope": "x y",
        "token_type": "Bearer",
    }
    grant = read_token(answer(said))
    tested = read_token(answer(said | {"refresh_token_expires_in": 604799}))
    assert isinstance(grant, Grant)
    assert isinstance(tested, Grant)
    assert (grant.life, grant.scopes) == (None, frozenset({"x", "y"}))
    assert tested.life == timedelta(seconds=604799)


def test_a_renewal_keeps_the_refresh_token() -> None:
    grant = read_token(answer({"access_token": "a", "expires_in": 3599}), kept=Token("old"))
    assert isinstance(grant, Grant)
    assert grant.refresh is not None
    assert grant.refresh.reveal() == "old"


@pytest.mark.parametrize(
    ("body", "status", "verdict", "reason"),
    [
        ({"error": "invalid_grant", "error_description": "x"}, 400, Verdict.RECONNECT, "grant_dead"),
        ({"error": "invalid_client", "error_description": "Unauthorized"}, 401, Verdict.LATER, "app_refused"),
        ({"error": "redirect_uri_mismatch"}, 400, Verdict.LATER, "app_refused"),
        ({"error": "invalid_request"}, 400, Verdict.LATER, "service_error"),
        ({"access_token": None}, 200, Verdict.LATER, "unreadable"),
        ("<html>", 200, Verdict.LATER, "unreadable"),
        ("", 503, Verdict.LATER, "service_error"),
    ],
)
def test_only_the_token_endpoints_own_word_ends_a_grant(
    body: Any, status: int, verdict: Verdict, reason: str
) -> None:
    outcome = read_token(answer(body, status))
    assert isinstance(outcome, Outcome)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)


def clip(title: str, channel: str = "Marlo Venn - Topic", **status: str) -> dict[str, Any]:
    snippet = {
        "title": title,
        "channelTitle": channel,
        "channelId": "UC1",
        "publishedAt": "2027-03-26T00:00:00Z",
    }
    return {"id": "v1", "snippet": snippet, "status": {"privacyStatus": "public"} | status}


@pytest.mark.parametrize(
    ("title", "channel"),
    [
        ("Low Tide", "Marlo Venn - Topic"),
        ("Marlo Venn - Low Tide (Official Video)", "Marlo Venn"),
        ("marlo venn - Low Tide [Official Music Video 4K]", "Marlo Venn"),
        ("Low Tide (Visualizer)", "Marlo Venn"),
    ],
)
def test_a_videos_title_is_read_as_the_songs(title: str, channel: str) -> None:
    found = shapes.video(clip(title, channel))
    assert found is not None
    assert (found.title, found.artist, found.release_date) == ("Low Tide", "Marlo Venn", date(2027, 3, 26))


def test_a_title_keeps_what_tells_one_version_from_another() -> None:
    found = shapes.video(clip("Low Tide (Live at Sea)"))
    assert found is not None
    assert found.title == "Low Tide (Live at Sea)"


def test_what_cannot_be_seen_is_not_out() -> None:
    premiere = clip("Low Tide")
    premiere["snippet"]["liveBroadcastContent"] = "upcoming"
    assert shapes.video(premiere) is None
    assert shapes.video(clip("Low Tide", privacyStatus="private")) is None
    assert shapes.video(clip("Low Tide", uploadStatus="rejected")) is None
    assert shapes.album({"id": "OLAK5uy_x"}, []) is None


def test_an_albums_artist_is_who_owns_its_videos() -> None:
    def entry(video: str, **owner: str) -> dict[str, Any]:
        return {"snippet": {"resourceId": {"videoId": video}, **owner}}

    marlo = {"videoOwnerChannelTitle": "Marlo Venn - Topic", "videoOwnerChannelId": "UC1"}
    youtube = {"title": "Album - Night Ferry North", "channelTitle": "YouTube", "channelId": "UCy"}
    found = shapes.album(
        {"id": "OLAK5uy_x", "snippet": youtube}, [entry("gone"), entry("one", **marlo), entry("two", **marlo)]
    )
    assert isinstance(found, Found)
    assert (found.kind, found.title, found.artist, found.artist_id) == (
        Kind.ALBUM,
        "Night Ferry North",
        "Marlo Venn",
        "UC1",
    )
    assert found.track_ids == ("one", "two")
