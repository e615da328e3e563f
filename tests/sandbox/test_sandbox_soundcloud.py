"""api.soundcloud.com, held to the types of its public OpenAPI document of 2026-07-19: every field, none of them null
where it has no null."""

import base64
from typing import Any

import pytest

from tests.sandbox.stranger import BACK, CHALLENGE, VERIFIER, Answer, Stranger

JSON, WITH_CHARSET = "application/json", "application/json; charset=utf-8"
USER = {
    str: "avatar_url city country description discogs_name first_name full_name urn kind created_at last_modified "
    "last_name permalink permalink_url plan uri username website website_title",
    int: "followers_count followings_count playlist_count public_favorites_count reposts_count track_count",
    list: "subscriptions",
}
ME = {
    str: f"{USER[str]} locale",
    int: f"{USER[int]} comments_count likes_count private_playlists_count private_tracks_count upload_seconds_left",
    bool: "online primary_email_confirmed",
    dict: "quota",
}
TRACK = {
    str: "kind title artwork_url created_at description embeddable_by genre urn isrc key_signature label_name license "
    "metadata_artist permalink_url purchase_title purchase_url release sharing stream_url tag_list uri waveform_url "
    "available_country_codes access secret_uri",
    int: "comment_count download_count duration favoritings_count playback_count release_day release_month "
    "release_year user_playback_count reposts_count",
    float: "bpm",
    bool: "commentable downloadable streamable user_favorite reveal_stats reveal_comments",
    dict: "user",
}
SET = {
    str: "title urn kind artwork_url created_at description ean embeddable_by genre label_name last_modified license "
    "permalink permalink_url playlist_type purchase_title purchase_url release sharing tag_list type uri user_urn "
    "tracks_uri tags",
    int: "duration label_id release_day release_month release_year track_count likes_count",
    bool: "downloadable streamable",
    dict: "user",
}
ERROR = {str: "message link status", int: "code", list: "errors"}


def check(thing: dict[str, Any], shape: dict[type, str]) -> None:
    wrong = {
        name: thing.get(name)
        for kind, names in shape.items()
        for name in names.split()
        if type(thing.get(name)) is not kind
    }
    assert wrong == {}


@pytest.fixture
def token(sandbox: Stranger) -> str:
    return str(sandbox.grant("soundcloud", [], playlists=True)["access_token"])


def ask(sandbox: Stranger, token: str, method: str, path: str, **more: Any) -> Answer:
    return sandbox.ask(method, f"/soundcloud/api{path}", authorization=f"OAuth {token}", **more)


def error(answer: Answer) -> tuple[int, str]:
    """The status of an error that is one in every way."""
    check(answer.json, ERROR)
    assert answer.json["code"] == answer.status
    return answer.status, answer.headers["content-type"]


def test_every_object_has_its_fields_in_their_types(sandbox: Stranger, token: str) -> None:
    out = sandbox.release("Harbour Lights")
    album = ask(sandbox, token, "GET", f"/playlists/{out['soundcloud']['id']}").json
    track = ask(sandbox, token, "GET", f"/tracks/{out['tracks'][0]['soundcloud']['id']}").json
    own = ask(sandbox, token, "GET", "/me/playlists").json[0]
    check(ask(sandbox, token, "GET", "/me").json, ME)
    for one, shape in (
        (album, SET),
        (own, SET),
        (album["tracks"][0], TRACK),
        (track, TRACK),
        (track["user"], USER),
    ):
        check(one, shape)
    assert (album["ean"], album["track_count"]) == (out["upc"], len(album["tracks"]))
    assert "tracks" not in ask(sandbox, token, "GET", "/me/playlists?show_tracks=false").json[0]


def test_liking_and_following_answer_as_documented_and_repeat(sandbox: Stranger, token: str) -> None:
    out = sandbox.release("Harbour Lights")
    album, track = out["soundcloud"]["id"], out["tracks"][0]["soundcloud"]["id"]
    artist = ask(sandbox, token, "GET", f"/playlists/{album}").json["user"]["urn"]
    for path in (f"/likes/playlists/{album}", f"/likes/tracks/{track}"):
        for _ in range(2):
            answer = ask(sandbox, token, "POST", path)
            assert (answer.status, answer.json) == (200, {"status": "200 - OK"})
    assert [one["urn"] for one in ask(sandbox, token, "GET", "/me/likes/tracks").json] == [track]
    first, again = (ask(sandbox, token, "PUT", f"/me/followings/{artist}") for _ in range(2))
    check(first.json, USER)
    assert (first.status, again.status, again.json) == (201, 200, {"status": "200 - Successful"})
    assert [one["urn"] for one in ask(sandbox, token, "GET", "/me/followings").json["collection"]] == [artist]
    assert len(sandbox.fan("soundcloud")["artists"]) == 1


def test_errors_have_their_form_and_their_content_type(sandbox: Stranger, token: str) -> None:
    soon = sandbox.release("Night Ferry North")["soundcloud"]["id"]
    mine = ask(sandbox, token, "GET", "/me").json["urn"]
    assert error(ask(sandbox, token, "POST", f"/likes/playlists/{soon}")) == (404, JSON)
    assert error(ask(sandbox, token, "PUT", f"/me/followings/{mine}")) == (422, JSON)
    assert error(ask(sandbox, token, "GET", "/users?limit=900")) == (400, WITH_CHARSET)
    assert error(ask(sandbox, "made-up", "GET", "/me")) == (401, WITH_CHARSET)
    bearer = sandbox.ask("GET", "/soundcloud/api/me", authorization=f"Bearer {token}")
    assert error(bearer) == (401, WITH_CHARSET)
    sandbox.fault("rate_limit", retry_after=60)
    limited = ask(sandbox, token, "GET", "/me")
    assert error(limited) == (429, JSON)
    assert limited.json["errors"][0]["meta"]["reset_time"].endswith(" +0000")
    sandbox.fault("rate_limit", reason="spam")
    assert ask(sandbox, token, "GET", "/me").json["spam_warning_urn"].startswith("soundcloud:spam-warnings:")


def test_a_link_of_the_site_resolves_from_its_moment_on(sandbox: Stranger, token: str) -> None:
    soon = sandbox.release("Night Ferry North")
    query = {"url": soon["soundcloud"]["url"]}
    assert error(ask(sandbox, token, "GET", "/resolve", query=query)) == (404, JSON)
    sandbox.control("PUT", "/clock", {"now": soon["released_at"]})
    fresh = sandbox.grant("soundcloud", [])["access_token"]
    found = ask(sandbox, fresh, "GET", "/resolve", query=query)
    assert (found.status, found.json["location"]) == (302, found.headers["location"])
    assert (
        ask(sandbox, fresh, "GET", found.headers["location"].partition("/api")[2]).json["title"]
        == soon["title"]
    )


def test_pages_lead_on_until_there_is_no_more(sandbox: Stranger, token: str) -> None:
    page = ask(sandbox, token, "GET", "/playlists?q=&limit=2&linked_partitioning=true&show_tracks=false").json
    seen = [one["urn"] for one in page["collection"]]
    while "next_href" in page:
        page = ask(sandbox, token, "GET", page["next_href"].partition("/api")[2]).json
        seen += [one["urn"] for one in page["collection"]]
    assert seen == [one["urn"] for one in ask(sandbox, token, "GET", "/playlists?q=&limit=200").json]
    assert len(set(seen)) == len(seen) > 4


def test_a_playlist_is_made_and_written_whole(sandbox: Stranger, token: str) -> None:
    tracks = [one["soundcloud"]["id"] for one in sandbox.release("Slow Semaphore")["tracks"]]
    wanted = {"title": "Low tide", "sharing": "private", "tracks": [{"urn": tracks[0]}]}
    made = ask(sandbox, token, "POST", "/playlists", data={"playlist": wanted})
    check(made.json, SET)
    assert (made.status, made.json["sharing"], made.json["track_count"]) == (201, "private", 1)
    path = f"/playlists/{made.json['urn']}"
    changed = ask(
        sandbox, token, "PUT", path, data={"playlist": {"tracks": [{"urn": one} for one in tracks[1:]]}}
    )
    assert [one["urn"] for one in changed.json["tracks"]] == tracks[1:]
    assert changed.json["title"] == "Low tide"
    stranger = sandbox.grant("soundcloud", [], name="Ben")["access_token"]
    assert error(ask(sandbox, stranger, "PUT", path, data={"playlist": {}})) == (404, JSON)
    assert error(ask(sandbox, stranger, "GET", path)) == (404, JSON)


def test_what_may_not_be_heard_is_listed_only_when_asked_for(sandbox: Stranger, token: str) -> None:
    album = sandbox.release("Slow Semaphore")
    sandbox.turn("soundcloud", blocked=[album["tracks"][0]["isrc"]])
    path = f"/playlists/{album['soundcloud']['id']}"
    usual = ask(sandbox, token, "GET", path).json
    every = ask(sandbox, token, "GET", f"{path}?access=playable,preview,blocked").json
    assert usual["track_count"] == len(every["tracks"]) == len(usual["tracks"]) + 1
    assert every["tracks"][0]["access"] == "blocked"


def exchange(sandbox: Stranger, **form: str) -> Answer:
    has = sandbox.services()["soundcloud"]
    mine = {"client_id": has["client_id"], "client_secret": has["client_secret"]}
    return sandbox.ask("POST", "/soundcloud/secure/oauth/token", form=mine | form)


def consent(sandbox: Stranger, decision: str = "agree", **change: str) -> Answer:
    asked = {
        "client_id": sandbox.services()["soundcloud"]["client_id"],
        "redirect_uri": BACK,
        "response_type": "code",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "s",
    } | change
    form = {"fan": "Mira Haas", "decision": decision}
    return sandbox.ask("POST", "/soundcloud/secure/authorize", query=asked, form=form)


def test_a_code_needs_its_verifier_and_a_refresh_token_works_once(sandbox: Stranger) -> None:
    code = consent(sandbox).came_back["code"]
    by_code = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    wrong = exchange(sandbox, **by_code, code_verifier="x" * 43)
    assert (wrong.status, wrong.json["error"], wrong.json["message"]) == (
        400,
        "invalid_grant",
        "invalid_grant",
    )
    first = exchange(sandbox, **by_code, code_verifier=VERIFIER).json
    assert (first["token_type"], first["expires_in"], first["scope"]) == ("bearer", 3599, "")
    by_refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = exchange(sandbox, **by_refresh)
    assert second.json["refresh_token"] != first["refresh_token"]
    assert exchange(sandbox, **by_refresh).json["error"] == "invalid_grant"
    assert ask(sandbox, second.json["access_token"], "POST", "/sign-out").status == 200
    ended = {"grant_type": "refresh_token", "refresh_token": second.json["refresh_token"]}
    assert exchange(sandbox, **ended).json["error"] == "invalid_grant"


def test_consent_without_pkce_or_refused_leads_back_with_an_error(sandbox: Stranger) -> None:
    assert consent(sandbox, "cancel").came_back == {"error": "access_denied", "state": "s"}
    assert consent(sandbox, code_challenge="").came_back["error"] == "invalid_request"
    assert consent(sandbox, scope="everything").came_back["error"] == "invalid_scope"
    assert consent(sandbox, redirect_uri="https://elsewhere.example/").status == 400


def test_an_application_gets_few_tokens_of_its_own(sandbox: Stranger) -> None:
    has = sandbox.services()["soundcloud"]
    sandbox.turn("soundcloud", app_token_limit=2)
    pair = base64.b64encode(f"{has['client_id']}:{has['client_secret']}".encode()).decode()
    form = {"grant_type": "client_credentials"}

    def own() -> Answer:
        basic = f"Basic {pair}"
        return sandbox.ask("POST", "/soundcloud/secure/oauth/token", form=form, authorization=basic)

    token = own().json["access_token"]
    assert ask(sandbox, token, "GET", "/users?q=marlo").status == 200
    assert ask(sandbox, token, "GET", "/me").status == 401
    own()
    assert (own().status, own().json["error"]) == (429, "rate_limit_exceeded")
    assert exchange(sandbox, grant_type="client_credentials", client_secret="wrong").status == 401
