"""TIDAL as its description has it, to a stranger: documents, media types, cursors, repeats, and who may ask what."""

import base64
import json
import threading
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.sandbox.stranger import BACK, CHALLENGE, VERIFIER, Answer, Stranger

MEDIA_TYPE = "application/vnd.api+json"
SCOPES = ["user.read", "collection.read", "collection.write", "playlists.read", "playlists.write"]
ALBUMS = "/userCollectionAlbums/me/relationships/items"


class Tidal:
    """Somebody who speaks JSON:API with it."""

    def __init__(self, sandbox: Stranger, token: str) -> None:
        self.sandbox, self.token = sandbox, token

    def ask(self, method: str, path: str, data: Any = None, **more: str) -> Answer:
        sent = {"Authorization": f"Bearer {self.token}", "Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE}
        sent |= {name.replace("_", "-"): value for name, value in more.items()}
        body = None if data is None else json.dumps(data).encode()
        url = f"{self.sandbox.url}/tidal/openapi/v2{path}"
        try:
            answer = urllib.request.urlopen(
                urllib.request.Request(url, body, sent, method=method), timeout=10
            )
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, headers, answer.read())

    def add(self, *ids: str, **more: str) -> Answer:
        return self.ask("POST", ALBUMS, {"data": [{"id": one, "type": "albums"} for one in ids]}, **more)


@pytest.fixture
def tidal(sandbox: Stranger) -> Tidal:
    return Tidal(sandbox, sandbox.grant("tidal", SCOPES)["access_token"])


@pytest.fixture
def catalogue(sandbox: Stranger) -> Tidal:
    """The application itself."""
    app = sandbox.services()["tidal"]
    pair = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    form = {"grant_type": "client_credentials"}
    token = sandbox.ask("POST", "/tidal/auth/v1/oauth2/token", form=form, authorization=f"Basic {pair}").json
    assert token["expires_in"] == 86_400
    return Tidal(sandbox, token["access_token"])


def error(answer: Answer) -> tuple[int, str]:
    """The status, and the code of the only error of a well-formed error document."""
    assert answer.headers["content-type"] == MEDIA_TYPE
    (said,) = answer.json["errors"]
    assert said["status"] == str(answer.status)
    assert said["detail"]
    return answer.status, said.get("code", "")


def album(sandbox: Stranger) -> Any:
    """One that is out, with some tracks."""
    releases = sandbox.control("GET", "/releases")["releases"]
    return next(one for one in releases if one["visible"]["tidal"] and len(one["tracks"]) > 5)


def test_a_release_comes_with_what_was_asked_for_and_nothing_else(
    sandbox: Stranger, catalogue: Tidal
) -> None:
    release = album(sandbox)
    where = f"/albums?countryCode=US&filter[barcodeId]={release['upc']}"
    bare = catalogue.ask("GET", where)
    assert bare.headers["content-type"] == MEDIA_TYPE
    (found,) = bare.json["data"]
    assert (found["type"], found["id"]) == ("albums", release["tidal"]["id"])
    assert found["attributes"]["numberOfItems"] == len(release["tracks"])
    assert "relationships" not in found
    assert "included" not in bare.json
    full = catalogue.ask("GET", f"{where}&include=artists,items.artists,coverArt").json
    (found,) = full["data"]
    assert list(found["relationships"]) == ["artists", "items", "coverArt"]
    assert [one["id"] for one in found["relationships"]["items"]["data"]] == [
        track["tidal"]["id"] for track in release["tracks"]
    ][:20]
    assert {one["type"] for one in full["included"]} == {"artists", "tracks", "artworks"}
    keys = [(one["type"], one["id"]) for one in full["included"]]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/albums", 400),
        ("/albums?filter[nope]=1", 400),
        ("/albums?filter[id]=1&include=nope", 400),
        ("/albums?filter[id]=1&include=items.albums.artists.albums", 400),
        ("/albums?filter[id]=1&countryCode=usa", 400),
        ("/albums/1", 404),
        ("/searchResults", 400),
        ("/artists/1/relationships/tracks", 400),
        ("/nowhere", 404),
        ("/playlists?filter[owners.id]=me", 400),
        ("/albums/1/relationships/items?page[cursor]=made-up", 404),
    ],
)
def test_what_cannot_be_honoured_is_refused_with_a_document(catalogue: Tidal, path: str, status: int) -> None:
    assert error(catalogue.ask("GET", path))[0] == status


def test_a_list_goes_on_behind_its_cursor(sandbox: Stranger, catalogue: Tidal) -> None:
    tracks = [{"title": f"Part {number}"} for number in range(45)]
    wanted = {
        "title": "Long",
        "artists": ["Marlo Venn"],
        "tracks": tracks,
        "released_at": "2026-01-01T00:00:00Z",
    }
    made = sandbox.control("POST", "/releases", wanted)["releases"][0]
    path, ids = f"/albums/{made['tidal']['id']}/relationships/items?countryCode=US", list[str]()
    while path:
        page = catalogue.ask("GET", path).json
        ids += [one["id"] for one in page["data"]]
        path = page["links"].get("next", "")
        assert not path or parse_qs(urlsplit(path).query)["page[cursor]"] == [
            page["links"]["meta"]["nextCursor"]
        ]
    assert ids == [track["tidal"]["id"] for track in made["tracks"]]


def test_each_item_that_is_skipped_is_named_with_the_reason(sandbox: Stranger, tidal: Tidal) -> None:
    there = album(sandbox)["tidal"]["id"]
    assert [one["id"] for one in tidal.add(there).json["data"]] == [there]
    again = tidal.add(there, "no-such").json
    assert again["data"] == []
    assert again["meta"]["skipped"] == [
        {"id": there, "type": "albums", "reason": "ALREADY_PRESENT"},
        {"id": "no-such", "type": "albums", "reason": "NOT_FOUND"},
    ]


def test_a_key_makes_a_repeat_the_same_request_for_an_hour(sandbox: Stranger, tidal: Tidal) -> None:
    there = album(sandbox)["tidal"]["id"]
    first = tidal.add(there, Idempotency_Key="one")
    again = tidal.add(there, Idempotency_Key="one")
    assert again.json == first.json
    assert "meta" not in again.json
    assert error(tidal.add("other", Idempotency_Key="one")) == (422, "IDEMPOTENT_REQUEST_PAYLOAD_MISMATCH")
    assert error(tidal.add(there, Idempotency_Key="k" * 129))[0] == 400
    sandbox.later(seconds=3601)
    assert tidal.add(there, Idempotency_Key="one").json["meta"]["skipped"][0]["reason"] == "ALREADY_PRESENT"


def test_a_repeat_while_the_first_is_under_way_is_told_so(sandbox: Stranger, tidal: Tidal) -> None:
    there = album(sandbox)["tidal"]["id"]
    sandbox.fault("delay", match={"service": "tidal"}, seconds=0.6)
    answers: list[Answer] = []
    slow = threading.Thread(target=lambda: answers.append(tidal.add(there, Idempotency_Key="slow")))
    slow.start()
    time.sleep(0.3)
    assert error(tidal.add(there, Idempotency_Key="slow")) == (409, "IDEMPOTENT_REQUEST_IN_PROGRESS")
    slow.join()
    assert answers[0].status == 200
    assert tidal.add(there, Idempotency_Key="slow").json == answers[0].json


def test_an_error_that_never_reached_the_collection_keeps_no_key(sandbox: Stranger, tidal: Tidal) -> None:
    there = album(sandbox)["tidal"]["id"]
    sandbox.fault("error", match={"service": "tidal"}, status=503)
    assert error(tidal.add(there, Idempotency_Key="two"))[0] == 503
    assert [one["id"] for one in tidal.add(there, Idempotency_Key="two").json["data"]] == [there]


def test_media_types_and_permissions_are_checked(sandbox: Stranger, tidal: Tidal, catalogue: Tidal) -> None:
    there = album(sandbox)["tidal"]["id"]
    assert error(tidal.add(there, Content_Type="application/json"))[0] == 415
    assert error(tidal.ask("GET", ALBUMS, Accept="text/html"))[0] == 406
    assert error(catalogue.ask("GET", "/users/me"))[0] == 401
    assert error(tidal.ask("POST", "/albums", {}))[0] == 405
    reader = Tidal(sandbox, sandbox.grant("tidal", ["collection.read"], "Lea Brandt")["access_token"])
    assert error(reader.add(there)) == (403, "11004")
    sandbox.turn("tidal", error_form="legacy")
    assert Tidal(sandbox, "made-up").ask("GET", "/users/me").json["subStatus"] == 11002


def test_others_have_no_playlist_but_public_ones(sandbox: Stranger, tidal: Tidal) -> None:
    attributes = {"name": "Mine", "accessType": "UNLISTED"}
    made = tidal.ask("POST", "/playlists", {"data": {"type": "playlists", "attributes": attributes}})
    assert made.status == 201
    other = Tidal(sandbox, sandbox.grant("tidal", SCOPES, "Lea Brandt")["access_token"])
    where = f"/playlists/{made.json['data']['id']}"
    assert tidal.ask("GET", where).json["data"]["attributes"]["playlistType"] == "USER"
    assert error(other.ask("GET", where))[0] == 404
    assert error(other.ask("DELETE", where))[0] == 404


@pytest.mark.parametrize("gives", [False, True])
def test_a_code_with_its_verifier_brings_four_hours_and_a_refresh_token_only_where_it_is_given(
    sandbox: Stranger, gives: bool
) -> None:
    sandbox.turn("tidal", gives_refresh_token=gives)
    app = sandbox.services()["tidal"]["client_id"]
    wanted = {
        "response_type": "code",
        "client_id": app,
        "redirect_uri": BACK,
        "state": "s",
        "scope": "user.read",
    }
    wanted |= {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    page = f"/tidal/login/authorize?{urlencode(wanted)}"
    code = sandbox.ask("POST", page, form={"fan": "Mira", "decision": "agree"}).came_back["code"]
    form = {"grant_type": "authorization_code", "client_id": app, "code": code, "redirect_uri": BACK}
    refused = sandbox.ask("POST", "/tidal/auth/v1/oauth2/token", form=form)
    assert (refused.status, refused.json["error"]) == (400, "invalid_request")
    token = sandbox.ask("POST", "/tidal/auth/v1/oauth2/token", form=form | {"code_verifier": VERIFIER}).json
    assert (token["expires_in"], token["scope"], "refresh_token" in token) == (14_400, "user.read", gives)
    if gives:
        renew = {"grant_type": "refresh_token", "client_id": app, "refresh_token": token["refresh_token"]}
        assert "refresh_token" not in sandbox.ask("POST", "/tidal/auth/v1/oauth2/token", form=renew).json


@pytest.mark.parametrize(
    "change", [{"scope": "r_usr"}, {"scope": "user.read w_usr"}, {"client_id": "nobody"}]
)
def test_what_only_tidal_may_ask_for_ends_on_an_error_page(sandbox: Stranger, change: dict[str, str]) -> None:
    app = sandbox.services()["tidal"]["client_id"]
    wanted = {
        "response_type": "code",
        "client_id": app,
        "redirect_uri": BACK,
        "state": "s",
        "scope": "user.read",
    }
    wanted |= {"code_challenge": CHALLENGE, "code_challenge_method": "S256"} | change
    assert sandbox.ask("GET", "/tidal/login/authorize", query=wanted).status == 400


def test_no_code_without_a_challenge(sandbox: Stranger) -> None:
    app = sandbox.services()["tidal"]["client_id"]
    wanted = {
        "response_type": "code",
        "client_id": app,
        "redirect_uri": BACK,
        "state": "s",
        "scope": "user.read",
    }
    assert sandbox.ask("GET", "/tidal/login/authorize", query=wanted).came_back["error"] == "invalid_request"
