"""api.spotify.com: the library, the music, playlists, and the two quota modes."""

import pytest

from tests.sandbox.stranger import EVERYTHING, Stranger


def error(sandbox: Stranger, token: str, method: str, path: str) -> tuple[int, str]:
    answer = sandbox.spotify(token, method, path)
    return answer.status, answer.json["error"]["message"]


@pytest.fixture
def token(sandbox: Stranger) -> str:
    return str(sandbox.grant("spotify", EVERYTHING)["access_token"])


def test_me_has_an_account_id(sandbox: Stranger, token: str) -> None:
    me = sandbox.spotify(token, "GET", "/me").json
    assert me["account_id"] == sandbox.fan("spotify")["account_id"]
    assert "email" not in me


@pytest.mark.parametrize(
    ("path", "total"),
    [
        ("/search?q=upc:859713000100&type=album", "albums"),
        ("/search?q=isrc:QZUPB2600101&type=track", "tracks"),
        ("/search?q=album:%22Night%20Ferry%20North%22&type=album", "albums"),
    ],
)
def test_no_look_up_finds_a_release_before_its_moment(
    sandbox: Stranger, token: str, path: str, total: str
) -> None:
    album = sandbox.release("Night Ferry North")
    album_id, track_id = album["spotify"]["id"], album["tracks"][0]["spotify"]["id"]
    artist_id = sandbox.control("GET", "/artists")["artists"][0]["spotify"]["id"]
    hidden = [f"/albums/{album_id}", f"/tracks/{track_id}", f"/albums/{album_id}/tracks"]
    assert sandbox.spotify(token, "GET", path).json[total]["total"] == 0
    assert [sandbox.spotify(token, "GET", one).status for one in hidden] == [404, 404, 404]
    assert error(sandbox, token, "PUT", f"/me/library?uris=spotify:album:{album_id}") == (
        404,
        "Resource not found",
    )
    sandbox.control("PUT", "/clock", {"now": album["released_at"]})
    token = sandbox.grant("spotify", EVERYTHING)["access_token"]
    assert sandbox.spotify(token, "GET", path).json[total]["total"] == 1
    assert [sandbox.spotify(token, "GET", one).status for one in hidden] == [200, 200, 200]
    listed = sandbox.spotify(token, "GET", f"/artists/{artist_id}/albums").json["items"]
    assert listed[0]["name"] == "Night Ferry North"


def test_a_service_can_be_late(sandbox: Stranger, token: str) -> None:
    sandbox.control(
        "PATCH",
        "/releases/859713000209",
        {"released_at": "2026-01-01T00:00:00Z", "delays": {"spotify": 10**8}},
    )
    assert sandbox.spotify(token, "GET", "/search?q=upc:859713000209&type=album").json["albums"]["total"] == 0
    assert sandbox.deezer(None, "GET", "/album/upc:859713000209").json["title"] == "Harbour Lights"


def test_some_codes_need_zeros_in_front(sandbox: Stranger, token: str) -> None:
    def found(code: str) -> int:
        return int(sandbox.spotify(token, "GET", f"/search?q=upc:{code}&type=album").json["albums"]["total"])

    assert [found("859713000704"), found("0859713000704"), found("00859713000704")] == [0, 0, 1]
    assert [found("859713000209"), found("0859713000209")] == [1, 0]


def test_search_gives_five_and_refuses_more_than_ten(sandbox: Stranger, token: str) -> None:
    assert len(sandbox.spotify(token, "GET", "/search?q=a&type=track").json["tracks"]["items"]) == 5
    assert error(sandbox, token, "GET", "/search?q=a&type=track&limit=11") == (400, "Invalid limit")


def test_pages_can_be_followed_to_the_end(sandbox: Stranger, token: str) -> None:
    album = sandbox.release("Paper Harbours")
    page = sandbox.spotify(token, "GET", f"/albums/{album['spotify']['id']}/tracks?limit=3").json
    titles = [track["name"] for track in page["items"]]
    while page["next"]:
        page = sandbox.ask("GET", page["next"], authorization=f"Bearer {token}").json
        titles += [track["name"] for track in page["items"]]
    assert titles == [track["title"] for track in album["tracks"]]


def test_saving_twice_keeps_the_first_time(sandbox: Stranger, token: str) -> None:
    uri = sandbox.release("Paper Harbours")["spotify"]["uri"]
    assert sandbox.spotify(token, "PUT", f"/me/library?uris={uri}").status == 200
    saved = sandbox.fan("spotify")["albums"]
    sandbox.later(seconds=60)
    assert sandbox.spotify(token, "PUT", f"/me/library?uris={uri}").status == 200
    assert sandbox.fan("spotify")["albums"] == saved
    assert sandbox.spotify(token, "GET", f"/me/library/contains?uris={uri}").json == [True]
    assert sandbox.spotify(token, "DELETE", f"/me/library?uris={uri}").status == 200
    assert sandbox.spotify(token, "GET", f"/me/library/contains?uris={uri}").json == [False]


def test_the_library_reads_the_query_only(sandbox: Stranger, token: str) -> None:
    uri = sandbox.release("Paper Harbours")["spotify"]["uri"]
    answer = sandbox.spotify(token, "PUT", "/me/library", data={"uris": [uri]})
    assert (answer.status, answer.json["error"]["message"]) == (400, "Missing required field: uris")


def test_forty_uris_are_the_most(sandbox: Stranger, token: str) -> None:
    uri = sandbox.release("Paper Harbours")["spotify"]["uri"]
    assert sandbox.spotify(token, "PUT", f"/me/library?uris={','.join([uri] * 40)}").status == 200
    assert sandbox.spotify(token, "PUT", f"/me/library?uris={','.join([uri] * 41)}").status == 400


def test_nothing_is_saved_if_one_uri_is_bad(sandbox: Stranger, token: str) -> None:
    uri = sandbox.release("Paper Harbours")["spotify"]["uri"]
    assert sandbox.spotify(token, "PUT", f"/me/library?uris={uri},spotify:show").status == 400
    assert sandbox.fan("spotify")["albums"] == []


@pytest.mark.parametrize(
    ("way", "status", "followed"), [("accepted", 200, 1), ("refused", 400, 0), ("ignored", 200, 0)]
)
def test_following_an_artist_through_the_library_can_go_three_ways(
    sandbox: Stranger, token: str, way: str, status: int, followed: int
) -> None:
    sandbox.turn("spotify", artist_follow=way)
    artist = sandbox.control("GET", "/artists")["artists"][0]["spotify"]
    assert sandbox.spotify(token, "PUT", f"/me/library?uris={artist['uri']}").status == status
    assert len(sandbox.fan("spotify")["artists"]) == followed
    assert sandbox.spotify(token, "PUT", f"/me/following?type=artist&ids={artist['id']}").status == 204
    assert sandbox.spotify(token, "GET", "/me/following?type=artist").json["artists"]["total"] == 1


def test_each_kind_of_uri_needs_its_own_scope(sandbox: Stranger) -> None:
    token = sandbox.grant("spotify", ["user-library-modify"])["access_token"]
    artist = sandbox.control("GET", "/artists")["artists"][0]["spotify"]["uri"]
    assert error(sandbox, token, "PUT", f"/me/library?uris={artist}") == (403, "Insufficient client scope")


def test_a_full_library_says_so(sandbox: Stranger, token: str) -> None:
    sandbox.turn("spotify", library_limit=1)
    first, second = (
        sandbox.release(title)["spotify"]["uri"] for title in ("Paper Harbours", "Harbour Lights")
    )
    assert sandbox.spotify(token, "PUT", f"/me/library?uris={first}").status == 200
    assert sandbox.spotify(token, "PUT", f"/me/library?uris={second}").status == 400


def test_a_playlist_takes_a_track_twice(sandbox: Stranger, token: str) -> None:
    uris = [track["spotify"]["uri"] for track in sandbox.release("Paper Harbours")["tracks"]]
    made = sandbox.spotify(token, "POST", "/me/playlists", data={"name": "Crossing", "public": False})
    assert made.status == 201
    items = f"/playlists/{made.json['id']}/items"
    assert sandbox.spotify(token, "POST", items, data={"uris": uris}).status == 201
    assert sandbox.spotify(token, "POST", items, data={"uris": uris[:1]}).json.keys() == {"snapshot_id"}
    assert sandbox.fan("spotify")["duplicates"] == 1
    narrow = sandbox.spotify(token, "GET", f"{items}?fields=items(item(uri)),next&limit=2").json
    assert [entry["item"]["uri"] for entry in narrow["items"]] == uris[:2]
    assert sandbox.spotify(token, "PUT", items, data={"range_start": 0, "insert_before": 3}).status == 200
    assert sandbox.spotify(token, "DELETE", items, data={"items": [{"uri": uris[0]}]}).status == 200
    listed = sandbox.spotify(token, "GET", items).json
    assert [entry["item"]["uri"] for entry in listed["items"]] == uris[1:]


def test_only_the_owner_reads_the_items(sandbox: Stranger, token: str) -> None:
    playlist = next(
        one for one in sandbox.control("GET", "/catalogue")["playlists"] if one["service"] == "spotify"
    )
    assert error(sandbox, token, "GET", f"/playlists/{playlist['id']}/items") == (403, "Forbidden")
    assert "items" not in sandbox.spotify(token, "GET", f"/playlists/{playlist['id']}").json


def test_development_mode_serves_its_five_fans_only(sandbox: Stranger, token: str) -> None:
    stranger = sandbox.grant("spotify", EVERYTHING, "Theo Novak")["access_token"]
    sandbox.turn("spotify", mode="development", allow_list=["Mira Haas"])
    me = sandbox.spotify(token, "GET", "/me").json
    assert {"account_id", "display_name"} <= me.keys()
    assert not {"followers", "country", "email", "product"} & me.keys()
    assert error(sandbox, token, "GET", "/markets") == (403, "Forbidden")
    assert error(sandbox, stranger, "GET", "/me") == (403, "User not registered in the Developer Dashboard")
    sandbox.turn("spotify", not_registered_body="text")
    bare = sandbox.spotify(stranger, "GET", "/me")
    assert (bare.status, bare.headers["content-type"].split(";")[0]) == (403, "text/plain")


def test_a_call_without_a_good_token_is_a_401(sandbox: Stranger) -> None:
    assert sandbox.spotify(None, "GET", "/me").json["error"]["message"] == "No token provided"
    assert sandbox.spotify("made-up", "GET", "/me").json["error"]["message"] == "Invalid access token"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/albums/short", 400),
        ("/albums/0000000000000000000000", 404),
        ("/nothing/here", 404),
        ("/search?type=album", 400),
        ("/search?q=a&type=song", 400),
        ("/me/playlists?limit=0", 400),
        ("/me/playlists?offset=-1", 400),
        ("/me/playlists?limit=many", 400),
    ],
)
def test_errors_have_the_regular_shape(sandbox: Stranger, token: str, path: str, status: int) -> None:
    answer = sandbox.spotify(token, "GET", path)
    assert answer.status == status
    assert answer.json["error"].keys() == {"status", "message"}
    assert answer.json["error"]["status"] == status
