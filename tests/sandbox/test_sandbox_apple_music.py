"""Apple Music, played: signatures really checked, a 202 that promises nothing, and MusicKit in a real browser."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from playwright.sync_api import Page, sync_playwright

from tests.sandbox.stranger import Answer, Stranger

OUT, TO_COME = "859713000407", "859713000100"
CATALOGUE = "/v1/catalog/us"


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Developer:
    """A team with a key, and whatever claims it likes."""

    def __init__(self, sandbox: Stranger) -> None:
        has = sandbox.services()["apple_music"]
        key = load_pem_private_key(has["private_key"].encode(), None)
        assert isinstance(key, EllipticCurvePrivateKey)
        self.sandbox, self.key = sandbox, key
        self.api, self.team, self.kid = has["api_url"], has["team_id"], has["key_id"]

    def token(self, *, alg: str = "ES256", kid: str = "", **claims: Any) -> str:
        now = int(time.time())
        said = {"iss": self.team, "iat": now, "exp": now + 600} | claims
        signed = f"{part({'alg': alg, 'kid': kid or self.kid})}.{part(said)}"
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ECDSA(SHA256())))
        return f"{signed}.{part(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def ask(self, method: str, path: str, user: str = "", *, token: str = "", **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {token or self.token()}"} | (
            {"Music_User_Token": user} if user else {}
        )
        return self.sandbox.ask(method, f"{self.api}{path}", **headers, **more)


@pytest.fixture
def apple(sandbox: Stranger) -> Developer:
    return Developer(sandbox)


@pytest.fixture
def fan(sandbox: Stranger) -> str:
    """The token of a fan who has agreed."""
    return str(sandbox.grant("apple_music", [], names=["Ada"])["access_token"])


def code_of(answer: Answer) -> tuple[int, str]:
    (one,) = answer.json["errors"]
    assert answer.json["data"] == [one]
    assert {"id", "title", "detail", "status", "code"} <= one.keys()
    assert one["status"] == str(answer.status)
    return answer.status, one["code"]


def test_a_developer_token_is_taken_at_its_signature_and_its_word(apple: Developer) -> None:
    now, six_months = int(time.time()), 15_777_000
    good = apple.token(exp=now + six_months)
    assert apple.ask("GET", "/v1/test", token=good).status == 200
    header, claims, signature = good.split(".")
    other = generate_private_key(SECP256R1())
    mine, apple.key = apple.key, other
    foreign = apple.token()
    apple.key = mine
    wrong = {
        "expired": apple.token(exp=now - 1),
        "more than six months": apple.token(exp=now + six_months + 1000),
        "ahead": apple.token(iat=now + 3600, exp=now + 7200),
        "no such team": apple.token(iss="AAAAAAAAAA"),
        "no such team and key": apple.token(kid="BBBBBBBBBB"),
        "alg": apple.token(alg="none"),
        "the signature": foreign,
        "JSON Web Token": "not.a.token",
    }
    for why, token in wrong.items():
        assert code_of(apple.ask("GET", "/v1/test", token=token)) == (401, "40100"), why
        (last,) = apple.sandbox.control("GET", "/calls?service=apple_music&limit=1")["calls"]
        assert why in last["wrong"][0]
    assert apple.ask("GET", "/v1/test", token=f"{header}.{claims}.{signature[:-4]}AAAA").status == 401
    assert apple.sandbox.ask("GET", f"{apple.api}/v1/test").status == 401


def test_a_key_of_ones_own_can_be_registered(apple: Developer, sandbox: Stranger) -> None:
    apple.key, apple.team, apple.kid = generate_private_key(SECP256R1()), "TEAM123456", "KEY1234567"
    assert apple.ask("GET", "/v1/test").status == 401
    public = apple.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    asked = {"team_id": apple.team, "key_id": apple.kid, "public_key": public}
    assert sandbox.control("POST", "/apple_music/keys", asked)["team_id"] == apple.team
    assert apple.ask("GET", "/v1/test").status == 200


def test_a_token_for_a_site_is_good_there_and_browsers_may_ask(apple: Developer) -> None:
    bound = apple.token(origin=["https://music.example"])
    good = apple.ask("GET", "/v1/test", token=bound, Origin="https://music.example")
    assert (good.status, good.headers["access-control-allow-origin"]) == (200, "*")
    assert apple.ask("GET", "/v1/test", token=bound, Origin="https://evil.example").status == 401
    asked = apple.sandbox.ask("OPTIONS", f"{apple.api}/v1/me/storefront", Origin="https://music.example")
    assert asked.status == 204
    assert "Music-User-Token" in asked.headers["access-control-allow-headers"]


def test_a_release_is_found_by_its_code_and_not_before_its_moment(
    apple: Developer, sandbox: Stranger
) -> None:
    by_upc = f"{CATALOGUE}/albums?filter[upc]="
    (found,) = apple.ask("GET", by_upc + OUT.zfill(14)).json["data"]
    assert (found["type"], found["attributes"]["upc"]) == ("albums", OUT.zfill(14))
    song = found["relationships"]["tracks"]["data"][0]
    by_isrc = apple.ask("GET", f"{CATALOGUE}/songs?filter[isrc]={song['attributes']['isrc']}").json
    assert [one["id"] for one in by_isrc["data"]] == [song["id"]]
    assert list(by_isrc["meta"]["filters"]["isrc"]) == [song["attributes"]["isrc"]]
    assert apple.ask("GET", by_upc + TO_COME).json["data"] == []
    sandbox.control("PATCH", f"/releases/{TO_COME}", {"visible_before": ["apple_music"]})
    (early,) = apple.ask("GET", by_upc + TO_COME).json["data"]
    assert early["attributes"]["isComplete"] is False
    assert "playParams" not in early["attributes"]
    assert code_of(apple.ask("GET", by_upc + "123")) == (400, "40005")
    assert code_of(apple.ask("GET", f"{CATALOGUE}/albums/1")) == (404, "40400")
    assert code_of(apple.ask("GET", f"{CATALOGUE}/albums")) == (400, "40001")


def test_adding_is_taken_with_202_whatever_becomes_of_it(
    apple: Developer, fan: str, sandbox: Stranger
) -> None:
    album = apple.ask("GET", f"{CATALOGUE}/albums?filter[upc]={OUT}").json["data"][0]["id"]
    for ids in (f"ids[albums]={album},1", "ids[songs]=2"):
        taken = apple.ask("POST", f"/v1/me/library?{ids}", fan)
        assert (taken.status, taken.body) == (202, b"")
    (mine,) = apple.ask("GET", "/v1/me/library/albums?include=catalog", fan).json["data"]
    assert mine["id"].startswith("l.")
    assert mine["relationships"]["catalog"]["data"][0]["id"] == album
    (here,) = apple.ask("GET", f"{CATALOGUE}/albums/{album}/library", fan).json["data"]
    assert here["id"] == mine["id"]
    assert code_of(apple.ask("POST", "/v1/me/library", fan)) == (400, "40001")


def test_who_may_not_is_told_why(apple: Developer, fan: str, sandbox: Stranger) -> None:
    mine = "/v1/me/library/albums"
    assert code_of(apple.ask("GET", mine)) == (401, "40101")
    assert code_of(apple.ask("GET", mine, "made-up")) == (403, "40300")
    sandbox.control("PATCH", "/services/apple_music", {"no_subscription": ["Ada"]})
    assert code_of(apple.ask("GET", mine, fan)) == (401, "40102")
    assert apple.ask("GET", "/v1/me/storefront", fan).json["data"][0]["id"] == "de"
    sandbox.control("PATCH", "/services/apple_music", {"no_subscription": [], "calls_per_window": 0})
    assert code_of(apple.ask("GET", mine, fan)) == (429, "42900")
    sandbox.control("PATCH", "/services/apple_music", {"calls_per_window": None})
    sandbox.control("PUT", "/clock", {"advance_seconds": 181 * 86_400})
    assert code_of(apple.ask("GET", mine, fan)) == (403, "40300")


def test_a_playlist_is_made_and_added_to_and_doubles(apple: Developer, fan: str) -> None:
    album = apple.ask("GET", f"{CATALOGUE}/albums?filter[upc]={OUT}").json["data"][0]
    songs = [{"id": one["id"], "type": "songs"} for one in album["relationships"]["tracks"]["data"][:2]]
    wanted = {"attributes": {"name": "N"}, "relationships": {"tracks": {"data": songs}}}
    made = apple.ask("POST", "/v1/me/library/playlists", fan, data=wanted)
    assert made.status == 201
    (one,) = made.json["data"]
    where = f"/v1/me/library/playlists/{one['id']}"
    assert apple.ask("POST", f"{where}/tracks", fan, data={"data": songs}).status == 204
    whole = apple.ask("GET", f"{where}?include=tracks", fan).json["data"][0]["relationships"]["tracks"][
        "data"
    ]
    assert [line["attributes"]["playParams"]["catalogId"] for line in whole] == [
        one["id"] for one in songs * 2
    ]
    page = apple.ask("GET", f"{where}/tracks?limit=3", fan).json
    assert (page["next"], page["meta"]["total"]) == (f"{where}/tracks?limit=3&offset=3", 4)
    assert code_of(apple.ask("GET", f"{where}/tracks?offset=4", fan)) == (404, "40403")
    odd: list[Any] = [{}, {"attributes": {}}, {"attributes": {"name": 1}}, []]
    assert {code_of(apple.ask("POST", "/v1/me/library/playlists", fan, data=one))[0] for one in odd} == {400}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium.new_context().new_page()
        chromium.close()


@pytest.mark.browser
def test_musickit_asks_in_a_window_and_speaks_of_it(apple: Developer, sandbox: Stranger, page: Page) -> None:
    script = sandbox.services()["apple_music"]["musickit_url"]
    page.goto(f"{sandbox.url}/_control")  # any page of some origin
    page.evaluate("document.addEventListener('musickitloaded', () => { window.told = ['loaded'] })")
    page.add_script_tag(url=script)
    page.wait_for_function("window.told")
    odd = "MusicKit.configure({ developerToken: 'x', app: { name: 'A' } }).catch((one) => one.errorCode)"
    assert page.evaluate(odd) == "CONFIGURATION_ERROR"
    page.evaluate(
        """async (developerToken) => {
          window.kit = await MusicKit.configure({ developerToken, app: { name: "A", build: "1" } });
          for (const name of ["authorizationStatusDidChange", "userTokenDidChange"])
            kit.addEventListener(name, (event) => told.push(event.authorizationStatus ?? Boolean(event.userToken)));
        }""",
        apple.token(),
    )
    assert page.evaluate("[kit === MusicKit.getInstance(), kit.isAuthorized, kit.storefrontId]") == [
        True, False, "us",
    ]  # fmt: skip
    for decision in ("Cancel", "Agree"):
        with page.expect_popup() as opened:
            page.evaluate(
                "window.ended = kit.authorize().catch((one) => [one instanceof MusicKit.MKError, one.errorCode]); 0"
            )
        opened.value.get_by_role("button", name=decision).click()
        ended = page.evaluate("window.ended")
        if decision == "Cancel":
            assert ended == [True, "AUTHORIZATION_ERROR"]
    assert page.evaluate("[kit.musicUserToken, kit.storefrontCountryCode, told]") == [
        ended, "de", ["loaded", 3, True],
    ]  # fmt: skip
    assert apple.ask("GET", "/v1/me/storefront", ended).status == 200
    assert page.evaluate("kit.api.music('/v1/me/library/albums').then((one) => one.data.data)") == []
    assert page.evaluate("kit.unauthorize().then(() => [kit.isAuthorized, told.slice(3)])") == [
        False, [0, False],
    ]  # fmt: skip
