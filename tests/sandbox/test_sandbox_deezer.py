"""api.deezer.com: 200 for nearly everything."""

from typing import Any

import pytest

from tests.sandbox.stranger import ALL_PERMS, Stranger


@pytest.fixture
def token(sandbox: Stranger) -> str:
    return str(sandbox.grant("deezer", ALL_PERMS)["access_token"])


def complaint(sandbox: Stranger, token: str | None, method: str, path: str, **query: Any) -> tuple[str, int]:
    answer = sandbox.deezer(token, method, path, **query)
    assert answer.status == 200
    return answer.json["error"]["type"], answer.json["error"]["code"]


def test_no_look_up_finds_a_release_before_its_moment(sandbox: Stranger) -> None:
    album = sandbox.release("Night Ferry North")
    number, track = album["deezer"]["id"], album["tracks"][0]["deezer"]["id"]
    hidden = [f"/album/{number}", f"/track/{track}", "/album/upc:859713000100", "/track/isrc:QZUPB2600101"]
    assert {complaint(sandbox, None, "GET", path) for path in hidden} == {("DataException", 800)}
    assert sandbox.deezer(None, "GET", "/search/album", q="Night Ferry North").json["total"] == 0
    sandbox.control("PUT", "/clock", {"now": album["released_at"]})
    assert all("error" not in sandbox.deezer(None, "GET", path).json for path in hidden)


def test_a_release_can_be_listed_early_but_not_playable(sandbox: Stranger) -> None:
    sandbox.control("PATCH", "/releases/859713000100", {"visible_before": ["deezer"]})
    album = sandbox.deezer(None, "GET", "/album/upc:859713000100").json
    assert (album["available"], album["tracks"]["data"][0]["readable"]) == (False, False)


def test_a_upc_must_have_its_twelve_digits(sandbox: Stranger) -> None:
    assert sandbox.deezer(None, "GET", "/album/upc:859713000209").json["title"] == "Harbour Lights"
    assert complaint(sandbox, None, "GET", "/album/upc:0859713000209") == ("DataException", 800)


def test_a_recording_is_found_on_its_first_release(sandbox: Stranger) -> None:
    album = sandbox.release("Night Ferry North")
    sandbox.control("PUT", "/clock", {"now": album["released_at"]})
    found = sandbox.deezer(None, "GET", "/track/isrc:QZUPB2600103").json
    assert found["album"]["title"] == "Harbour Lights"


def test_saving_says_true_and_again_true(sandbox: Stranger, token: str) -> None:
    number = sandbox.release("Harbour Lights")["deezer"]["id"]
    assert sandbox.deezer(token, "POST", "/user/me/albums", album_id=number).json is True
    assert sandbox.deezer(token, "POST", "/user/me/albums", album_id=number).json is True
    listed = sandbox.deezer(token, "GET", "/user/me/albums").json
    assert (listed["total"], listed["data"][0]["id"]) == (1, int(number))
    assert sandbox.deezer(token, "DELETE", "/user/me/albums", album_id=number).json is True
    assert sandbox.fan("deezer")["albums"] == []


def test_a_permission_is_asked_for_by_name(sandbox: Stranger) -> None:
    token = sandbox.grant("deezer", ["email"])["access_token"]
    number = sandbox.release("Harbour Lights")["deezer"]["id"]
    assert complaint(sandbox, token, "POST", "/user/me/albums", album_id=number) == ("OAuthException", 200)
    held = sandbox.deezer(token, "GET", "/user/me/permissions").json["permissions"]
    assert (held["basic_access"], held["email"], held["manage_library"]) == (True, True, False)


def test_a_dead_token_is_code_300_even_where_none_is_needed(sandbox: Stranger, token: str) -> None:
    sandbox.control("POST", "/grants/revoke", {"service": "deezer", "all": True})
    assert complaint(sandbox, token, "GET", "/infos") == ("OAuthException", 300)
    assert complaint(sandbox, None, "GET", "/user/me") == ("OAuthException", 200)


def test_a_token_without_offline_access_lives_for_an_hour(sandbox: Stranger) -> None:
    token = sandbox.grant("deezer", ["manage_library"])["access_token"]
    sandbox.later(seconds=3601)
    assert complaint(sandbox, token, "GET", "/user/me") == ("OAuthException", 300)


def test_a_playlist_refuses_a_track_it_has(sandbox: Stranger, token: str) -> None:
    songs = [track["deezer"]["id"] for track in sandbox.release("Paper Harbours")["tracks"]]
    made = sandbox.deezer(token, "POST", "/user/me/playlists", title="Crossing").json["id"]
    tracks = f"/playlist/{made}/tracks"
    assert sandbox.deezer(token, "POST", tracks, songs=",".join(songs)).json is True
    again = sandbox.deezer(token, "POST", tracks, songs=songs[0]).json["error"]
    assert again["message"] == "This song already exists in this playlist"
    assert sandbox.deezer(token, "POST", tracks, order=",".join(songs[::-1])).json is True
    assert [str(one["id"]) for one in sandbox.deezer(token, "GET", tracks).json["data"]] == songs[::-1]
    assert sandbox.deezer(token, "DELETE", f"/playlist/{made}").json is True
    assert complaint(sandbox, token, "GET", f"/playlist/{made}") == ("DataException", 800)


def test_following_nobody_is_false(sandbox: Stranger, token: str) -> None:
    assert sandbox.deezer(token, "POST", "/user/me/followings", user_id=1).json is False


def test_pages_go_by_index(sandbox: Stranger) -> None:
    number = sandbox.release("Paper Harbours")["deezer"]["id"]
    page = sandbox.deezer(None, "GET", f"/album/{number}/tracks", limit=5).json
    assert (page["total"], len(page["data"]), "prev" in page) == (8, 5, False)
    rest = sandbox.ask("GET", page["next"]).json
    assert (len(rest["data"]), "next" in rest, "prev" in rest) == (3, False, True)


def test_an_unknown_route_is_a_real_404_with_a_text_inside(sandbox: Stranger) -> None:
    answer = sandbox.deezer(None, "GET", "/does-not-exist")
    assert (answer.status, answer.json) == (404, {"error": "Not Found"})


def test_the_older_ways_of_asking_work(sandbox: Stranger, token: str) -> None:
    number = sandbox.release("Harbour Lights")["deezer"]["id"]
    answer = sandbox.deezer(token, "GET", "/user/me/albums", album_id=number, request_method="post")
    assert answer.json is True
    assert sandbox.deezer(None, "GET", "/infos", output="jsonp", callback="here").text.startswith(
        'here({"country_iso"'
    )


def test_the_quota_is_code_4(sandbox: Stranger) -> None:
    sandbox.turn("deezer", calls_per_window=2)
    assert sandbox.deezer(None, "GET", "/infos").json["open"] is True
    assert sandbox.deezer(None, "GET", "/infos").json["open"] is True
    assert complaint(sandbox, None, "GET", "/infos") == ("Exception", 4)
