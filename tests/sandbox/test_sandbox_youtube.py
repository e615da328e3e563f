"""YouTube's Data API v3 and Google's permission, held to Google's discovery document and its list of errors."""

from typing import Any

import pytest

from tests.sandbox.stranger import BACK, CHALLENGE, VERIFIER, Answer, Stranger

MANAGE = "https://www.googleapis.com/auth/youtube"
API = "/youtube/api/youtube/v3"
AUTH = "/youtube/accounts/o/oauth2/v2/auth"
TOKEN = "/youtube/oauth2/token"
OUT, TO_COME = "859713000407", "859713000100"
VIDEO = {
    "snippet": "publishedAt channelId title description thumbnails channelTitle tags categoryId liveBroadcastContent",
    "contentDetails": "duration dimension definition caption licensedContent projection",
    "status": "uploadStatus privacyStatus license embeddable publicStatsViewable madeForKids",
    "statistics": "viewCount likeCount favoriteCount commentCount",
}


def ask(sandbox: Stranger, method: str, path: str, token: str = "", **more: Any) -> Answer:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return sandbox.ask(method, API + path, **headers, **more)


def token_of(sandbox: Stranger, *scopes: str) -> str:
    return str(sandbox.grant("youtube", list(scopes) or [MANAGE])["access_token"])


def ids(sandbox: Stranger, upc: str = OUT) -> tuple[str, list[str]]:
    shown = sandbox.control("GET", f"/releases/{upc}")
    return shown["youtube"]["id"], [one["youtube"]["id"] for one in shown["tracks"]]


def reason(answer: Answer) -> tuple[int, str, str]:
    """Status, domain and reason, of an envelope that is whole."""
    error = answer.json["error"]
    (first,) = error["errors"]
    assert error["code"] == answer.status
    assert error["message"]
    assert first["message"]
    return answer.status, first["domain"], first["reason"]


def agree(sandbox: Stranger, **more: str) -> dict[str, str]:
    query = {
        "client_id": sandbox.services()["youtube"]["client_id"],
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": MANAGE,
        "state": "s",
        "access_type": "offline",
        "prompt": "consent",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    answer = sandbox.ask("POST", AUTH, query=query | more, form={"fan": "Mira Haas", "decision": "agree"})
    return answer.came_back


def trade(sandbox: Stranger, **form: str) -> Answer:
    has = sandbox.services()["youtube"]
    client = {"client_id": has["client_id"], "client_secret": has["client_secret"]}
    return sandbox.ask("POST", TOKEN, form=client | form)


def by_code(sandbox: Stranger, given_code: str, **form: str) -> Answer:
    given = {
        "grant_type": "authorization_code",
        "code": given_code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return trade(sandbox, **given | form)


def test_a_refresh_token_comes_with_offline_access_and_is_kept(sandbox: Stranger) -> None:
    assert "refresh_token" not in by_code(sandbox, agree(sandbox, access_type="online")["code"]).json
    grant = by_code(sandbox, agree(sandbox)["code"]).json
    assert (grant["expires_in"], grant["token_type"], grant["scope"]) == (3599, "Bearer", MANAGE)
    assert "refresh_token_expires_in" not in grant
    fresh = trade(sandbox, grant_type="refresh_token", refresh_token=grant["refresh_token"]).json
    assert set(fresh) == {"access_token", "expires_in", "scope", "token_type"}


def test_a_permission_unused_for_six_months_is_dead_and_one_in_use_is_not(sandbox: Stranger) -> None:
    grant = by_code(sandbox, agree(sandbox)["code"]).json
    renew = {"grant_type": "refresh_token", "refresh_token": grant["refresh_token"]}
    for _ in range(2):
        sandbox.later(days=150)
        assert trade(sandbox, **renew).status == 200
    sandbox.later(days=190)
    answer = trade(sandbox, **renew)
    assert answer.status == 400
    assert answer.json == {
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    }


def test_while_the_app_is_being_tested_a_permission_lives_seven_days(sandbox: Stranger) -> None:
    sandbox.turn("youtube", publishing="testing")
    grant = by_code(sandbox, agree(sandbox)["code"]).json
    assert grant["refresh_token_expires_in"] == 604_799
    sandbox.later(days=7)
    assert trade(sandbox, grant_type="refresh_token", refresh_token=grant["refresh_token"]).status == 400


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"code": "made-up"}, 400, "invalid_grant"),
        ({"code_verifier": "x" * 43}, 400, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:9/other"}, 400, "redirect_uri_mismatch"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"code": ""}, 400, "invalid_request"),
    ],
)
def test_the_token_endpoint_names_what_is_wrong(
    sandbox: Stranger, form: dict[str, str], status: int, error: str
) -> None:
    answer = by_code(sandbox, agree(sandbox)["code"], **form)
    assert (answer.status, answer.json["error"]) == (status, error)


@pytest.mark.parametrize(
    "wrong", [{"scope": "made-up"}, {"prompt": "loud"}, {"access_type": "never"}, {"scope": ""}]
)
def test_a_wrong_request_is_told_on_googles_own_page(sandbox: Stranger, wrong: dict[str, str]) -> None:
    query = {
        "client_id": sandbox.services()["youtube"]["client_id"],
        "redirect_uri": BACK,
        "response_type": "code",
    }
    answer = sandbox.ask("GET", AUTH, query=query | {"scope": MANAGE, "state": "s"} | wrong)
    assert answer.status == 400
    assert "Error 400" in answer.text


def test_taking_a_permission_back_kills_its_tokens(sandbox: Stranger) -> None:
    token = token_of(sandbox)
    assert sandbox.ask("POST", "/youtube/oauth2/revoke", query={"token": token}, form={}).json == {}
    assert reason(ask(sandbox, "GET", "/channels?part=id&mine=true", token)) == (401, "global", "authError")
    again = sandbox.ask("POST", "/youtube/oauth2/revoke", form={"token": token})
    assert (again.status, again.json["error"]) == (400, "invalid_token")


def test_a_video_has_every_part_that_is_asked_for_and_no_other(sandbox: Stranger) -> None:
    _, videos = ids(sandbox)
    answer = ask(
        sandbox, "GET", f"/videos?part={','.join(VIDEO)}&id={videos[0]},made-up", token_of(sandbox)
    ).json
    assert (answer["kind"], answer["pageInfo"]) == (
        "youtube#videoListResponse",
        {"totalResults": 1, "resultsPerPage": 1},
    )
    (video,) = answer["items"]
    assert set(video) == {"kind", "etag", "id", *VIDEO}
    for part, fields in VIDEO.items():
        assert set(fields.split()) <= set(video[part])
    assert all(isinstance(number, str) for number in video["statistics"].values())
    assert set(video["snippet"]["thumbnails"]["default"]) == {"url", "width", "height"}


def test_what_is_not_out_is_not_there(sandbox: Stranger) -> None:
    album, videos = ids(sandbox, TO_COME)
    token = token_of(sandbox)
    assert ask(sandbox, "GET", f"/videos?part=id&id={videos[0]}", token).json["items"] == []
    assert ask(sandbox, "GET", f"/playlists?part=id&id={album}", token).json["items"] == []
    items = ask(sandbox, "GET", f"/playlistItems?part=id&playlistId={album}", token)
    assert reason(items) == (404, "youtube.playlistItem", "playlistNotFound")
    rated = ask(sandbox, "POST", f"/videos/rate?id={videos[0]}&rating=like", token)
    assert reason(rated) == (404, "youtube.video", "videoNotFound")


def test_a_like_counts_once_and_is_read_back(sandbox: Stranger) -> None:
    _, (video, other, *_) = ids(sandbox)
    token = token_of(sandbox)
    for _ in range(2):
        answer = ask(sandbox, "POST", f"/videos/rate?id={video}&rating=like", token)
        assert (answer.status, answer.body) == (204, b"")
    read = ask(sandbox, "GET", f"/videos/getRating?id={video}&id={other}", token).json["items"]
    assert read == [{"videoId": video, "rating": "like"}, {"videoId": other, "rating": "none"}]
    assert [one["id"] for one in sandbox.fan("youtube")["tracks"]] == [video]


def test_a_second_subscription_is_a_duplicate(sandbox: Stranger) -> None:
    _, (video, *_) = ids(sandbox)
    token = token_of(sandbox)
    channel = ask(sandbox, "GET", f"/videos?part=snippet&id={video}", token).json["items"][0]["snippet"][
        "channelId"
    ]
    body = {"snippet": {"resourceId": {"kind": "youtube#channel", "channelId": channel}}}
    made = ask(sandbox, "POST", "/subscriptions?part=snippet", token, data=body)
    assert (made.status, made.json["kind"]) == (200, "youtube#subscription")
    again = ask(sandbox, "POST", "/subscriptions?part=snippet", token, data=body)
    assert reason(again) == (400, "youtube.subscription", "subscriptionDuplicate")
    held = ask(sandbox, "GET", f"/subscriptions?part=snippet&mine=true&forChannelId={channel}", token).json
    assert [one["snippet"]["resourceId"]["channelId"] for one in held["items"]] == [channel]


def test_a_video_put_in_twice_is_there_twice(sandbox: Stranger) -> None:
    _, (video, *_) = ids(sandbox)
    token = token_of(sandbox)
    wish = {"snippet": {"title": "Mine"}, "status": {"privacyStatus": "private"}}
    made = ask(sandbox, "POST", "/playlists?part=snippet,status", token, data=wish).json
    entry = {"snippet": {"playlistId": made["id"], "resourceId": {"kind": "youtube#video", "videoId": video}}}
    for _ in range(2):
        assert ask(sandbox, "POST", "/playlistItems?part=snippet", token, data=entry).status == 200
    page = ask(
        sandbox, "GET", f"/playlistItems?part=contentDetails&playlistId={made['id']}&maxResults=1", token
    ).json
    assert page["pageInfo"] == {"totalResults": 2, "resultsPerPage": 1}
    more = f"/playlistItems?part=contentDetails&playlistId={made['id']}&maxResults=1&pageToken={page['nextPageToken']}"
    last = ask(sandbox, "GET", more, token).json
    assert [one["contentDetails"]["videoId"] for one in last["items"]] == [video]
    assert "nextPageToken" not in last
    assert made["status"] == {"privacyStatus": "private"}
    stranger = str(sandbox.grant("youtube", [MANAGE], "Lea Brandt")["access_token"])
    assert ask(sandbox, "GET", f"/playlists?part=id&id={made['id']}", stranger).json["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/videos?id=x", (400, "youtube.parameter", "missingRequiredParameter")),
        ("GET", "/videos?part=bogus&id=x", (400, "youtube.part", "unknownPart")),
        ("GET", "/videos?part=id", (400, "youtube.parameter", "missingRequiredParameter")),
        ("GET", "/channels?part=id&mine=true&id=x", (400, "youtube.parameter", "incompatibleParameters")),
        ("GET", "/playlists?part=id&mine=true&maxResults=51", (400, "youtube.parameter", "invalidParameter")),
        ("GET", "/playlists?part=id&mine=true&pageToken=x", (400, "youtube.parameter", "invalidPageToken")),
        ("GET", "/videos?part=id&id=x&colour=red", (400, "global", "invalid")),
        ("POST", "/videos/rate?id=x", (400, "youtube.parameter", "missingRequiredParameter")),
        ("POST", "/videos/rate?id=x&rating=love", (400, "youtube.video", "invalidRating")),
    ],
)
def test_what_is_wrong_with_a_call_has_its_reason(
    sandbox: Stranger, method: str, path: str, expected: tuple[int, str, str]
) -> None:
    assert reason(ask(sandbox, method, path, token_of(sandbox))) == expected


def test_who_may_not_is_told_so(sandbox: Stranger) -> None:
    _, (video, *_) = ids(sandbox)
    like = f"/videos/rate?id={video}&rating=like"
    assert reason(ask(sandbox, "GET", f"/videos?part=id&id={video}"))[0::2] == (403, "forbidden")
    assert reason(ask(sandbox, "GET", f"/videos?part=id&id={video}", x_goog_api_key="x"))[0::2] == (
        400,
        "badRequest",
    )
    assert reason(ask(sandbox, "POST", like, "made-up")) == (401, "global", "authError")
    readonly = token_of(sandbox, f"{MANAGE}.readonly")
    sandbox.control("POST", "/reset", {})
    readonly = token_of(sandbox, f"{MANAGE}.readonly")
    assert reason(ask(sandbox, "POST", like, readonly)) == (403, "global", "insufficientPermissions")
    sandbox.turn("youtube", no_channel=["Mira Haas"])
    token = token_of(sandbox)
    assert reason(ask(sandbox, "POST", like, token)) == (401, "youtube.header", "youtubeSignupRequired")
    assert "items" not in ask(sandbox, "GET", "/channels?part=id&mine=true", token).json


def test_the_days_units_run_out_and_come_back_at_midnight_in_california(sandbox: Stranger) -> None:
    _, (video, *_) = ids(sandbox)
    sandbox.control("PUT", "/clock", {"now": "2027-06-01T20:00:00Z"})
    sandbox.turn("youtube", units_a_day=101)
    token = token_of(sandbox)
    like, look = f"/videos/rate?id={video}&rating=like", f"/videos?part=id&id={video}"
    assert [ask(sandbox, "POST", like, token).status for _ in range(2)] == [204, 204]
    assert ask(sandbox, "GET", look, token).status == 200
    assert reason(ask(sandbox, "GET", look, token)) == (403, "youtube.quota", "quotaExceeded")
    sandbox.control("PUT", "/clock", {"now": "2027-06-02T06:59:00Z"})
    token = token_of(sandbox)
    assert ask(sandbox, "GET", look, token).status == 403
    sandbox.control("PUT", "/clock", {"now": "2027-06-02T07:00:01Z"})
    assert ask(sandbox, "GET", look, token).status == 200


def test_a_call_that_is_refused_costs_one_unit(sandbox: Stranger) -> None:
    sandbox.turn("youtube", units_a_day=2)
    token = token_of(sandbox)
    assert [ask(sandbox, "GET", "/videos?id=x", token).status for _ in range(3)] == [400, 400, 403]


def test_only_the_fields_that_are_asked_for_come(sandbox: Stranger) -> None:
    _, (video, *_) = ids(sandbox)
    path = f"/videos?part=snippet&id={video}&fields=items(id,snippet/title)"
    (only,) = ask(sandbox, "GET", path, token_of(sandbox)).json["items"]
    assert set(only) == {"id", "snippet"}
    assert set(only["snippet"]) == {"title"}
