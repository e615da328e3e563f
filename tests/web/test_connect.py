"""The way to a service's permission page and back, over real HTTP, as a fan goes it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.browser import Browser
from tests.web.running import Product

PRE_SAVES = """SELECT count(*) FROM fans_presave JOIN campaigns_campaign ON campaign_id = campaigns_campaign.id
               WHERE slug = ?"""


def pre_saves(product: Product, page: str) -> int:
    return int(product.one(PRE_SAVES, page.rpartition("/")[2]))


def query_of(location: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(location).query)


@pytest.mark.parametrize("service", ["spotify", "deezer"])
def test_a_fan_pre_saves_and_is_told_what_happens_when(product: Product, fan: Browser, service: str) -> None:
    page = product.campaign()
    success = fan.pre_save(page, service, "Ada")
    assert (success.status, success.path) == (200, f"{urlsplit(page).path}/{service}/yours")
    assert f"Pre-saved on {service.title()}" in success.text
    assert "your time" in success.text
    assert pre_saves(product, page) == 1


def test_nothing_is_recorded_before_the_permission(product: Product, fan: Browser) -> None:
    page = product.campaign()
    fan.ask_permission(page, "spotify")
    assert pre_saves(product, page) == 0


def test_the_first_trip_asks_for_saving_and_for_the_follows_the_page_offers(
    product: Product, fan: Browser
) -> None:
    with_follows, without, strict = (
        product.campaign(**one) for one in ({}, {"follows": False}, {"strict": True})
    )
    asked = {}
    for page in (with_follows, without, strict):
        leaving = fan.post(f"{page}/spotify", [("zone", "")])
        asked[page] = set(query_of(leaving.headers["location"])["scope"][0].split())
    save, follow, read = "user-library-modify", "user-follow-modify", "user-library-read"
    assert asked[with_follows] == {save, read, follow}
    assert asked[without] == {save, read}
    assert asked[strict] == {save}
    assert not [
        scope for scopes in asked.values() for scope in scopes if "playlist" in scope or "email" in scope
    ]


def test_a_trip_carries_state_and_an_s256_challenge_and_the_one_redirect_uri(
    product: Product, fan: Browser
) -> None:
    page = product.campaign()
    leaving = [fan.post(f"{page}/spotify", [("zone", "")], Host="evil.example") for _ in range(2)]
    asked = [query_of(one.headers["location"]) for one in leaving]
    assert [one.status for one in leaving] == [303, 303]
    assert {one["redirect_uri"][0] for one in asked} == {f"{product.url}/connect/spotify/callback"}
    assert {one["code_challenge_method"][0] for one in asked} == {"S256"}
    assert len({one["state"][0] for one in asked}) == 2
    assert all(len(one["state"][0]) >= 43 and len(one["code_challenge"][0]) == 43 for one in asked)


def test_no_state_and_no_token_is_in_the_database_as_it_is(product: Product, fan: Browser) -> None:
    page = product.campaign()
    asked = fan.ask_permission(page, "spotify")
    state = query_of(asked.url)["state"][0]
    fan.answer(asked, "Sealed")
    stored = b"".join(one.read_bytes() for one in product.folder.glob("upbeat.sqlite3*"))
    assert state.encode() not in stored
    seals = product.rows(
        "SELECT sealed_access, sealed_refresh FROM fans_connection WHERE service = 'spotify'"
    )
    assert all(seal.startswith(b"\x02k1") for pair in seals for seal in pair)


def test_cookies_are_kept_from_scripts_and_from_other_sites(product: Product, fan: Browser) -> None:
    page = product.campaign()
    leaving = fan.post(f"{page}/spotify", [("zone", "")])
    asked = fan.follow(leaving)
    coming = fan.follow(fan.get(fan.decide(asked, "Cora").headers["location"]))
    assert coming.status == 200
    set_on_the_way = leaving.set_cookies
    assert len(set_on_the_way) == 1
    for cookie in set_on_the_way:
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_a_fans_own_page_is_kept_by_nobody(product: Product, fan: Browser) -> None:
    success = fan.pre_save(product.campaign(), "spotify", "Nora")
    assert success.headers["cache-control"] == "no-store"


def test_a_fans_own_page_is_not_another_browsers(product: Product, fan: Browser, stranger: Browser) -> None:
    page = product.campaign()
    own = fan.pre_save(page, "spotify", "Olga").url.partition("?")[0]
    seen = stranger.get(own)
    assert (seen.status, seen.headers["location"]) == (303, f"{urlsplit(page).path}/spotify")
    pressed = stranger.post(own, [("do", "complete"), ("playlist", "no")])
    assert (pressed.status, pressed.headers["location"]) == (303, f"{urlsplit(page).path}/spotify")
    completed = f"{PRE_SAVES} AND completed_at IS NOT NULL"
    assert product.one(completed, page.rpartition("/")[2]) == 0


def test_a_made_up_receipt_key_opens_nothing(product: Product, fan: Browser) -> None:
    page = product.campaign()
    campaign = product.one("SELECT id FROM campaigns_campaign WHERE slug = ?", page.rpartition("/")[2])
    fan.cookies[urlsplit(page).netloc] = {f"fan-{campaign}": "spotify_" + "A" * 43}
    assert "Pre-saved" not in fan.open(page).text
    assert fan.get(f"{product.url}/r/{'A' * 43}").status == 404


def test_the_page_shows_the_fan_what_they_have_and_everybody_else_what_they_may(
    product: Product, fan: Browser, stranger: Browser
) -> None:
    page = product.campaign()
    fan.pre_save(page, "spotify", "Pia")
    mine, theirs = fan.open(page), stranger.open(page)
    assert "Change or undo" in mine.text
    assert mine.headers["cache-control"] == "no-store"
    assert "Change or undo" not in theirs.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=["another site", "an opaque origin", "no origin, but cross-site"],
)
@pytest.mark.parametrize("address", ["/spotify", "/spotify/yours"])
def test_a_form_of_another_site_is_refused(
    product: Product, fan: Browser, address: str, headers: dict[str, str]
) -> None:
    page = product.campaign()
    fan.pre_save(page, "spotify", "Quinn")
    refused = fan.post(page + address, [("do", "complete"), ("playlist", "no")], **headers)
    assert refused.status == 403
    assert "another site" in refused.text


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x"])
def test_only_a_plain_form_is_a_form(product: Product, fan: Browser, kind: str) -> None:
    refused = fan.post(f"{product.campaign()}/spotify", [("zone", "")], **{"Content-Type": kind})
    assert refused.status == 415


def test_a_form_too_large_is_refused(product: Product, fan: Browser) -> None:
    assert fan.post(f"{product.campaign()}/spotify", [("zone", "x" * 70_000)]).status == 413


def test_a_get_starts_no_trip(product: Product, fan: Browser) -> None:
    before = product.one("SELECT count(*) FROM fans_trip")
    assert fan.get(f"{product.campaign()}/spotify").status == 200
    assert product.one("SELECT count(*) FROM fans_trip") == before


def test_the_same_account_in_two_browsers_is_one_pre_save_with_one_receipt(
    product: Product, fan: Browser, stranger: Browser
) -> None:
    page = product.campaign()
    first, second = (browser.pre_save(page, "spotify", "Rosa") for browser in (fan, stranger))
    assert "Already pre-saved. Nothing was added twice." in second.text
    assert pre_saves(product, page) == 1
    links = [re.search(r"/r/[\w-]{43}", one.text) for one in (first, second)]
    assert links[0] and links[1]
    assert links[0][0] == links[1][0]


def test_two_accounts_in_one_browser_are_two_pre_saves(product: Product, fan: Browser) -> None:
    page = product.campaign()
    fan.pre_save(page, "spotify", "Sam")
    fan.cookies = {host: jar for host, jar in fan.cookies.items() if host == urlsplit(page).netloc}
    fan.pre_save(page, "spotify", "Tess")
    assert pre_saves(product, page) == 2


def test_a_fan_on_two_services_is_one_fan(product: Product, fan: Browser) -> None:
    page = product.campaign()
    fan.pre_save(page, "spotify", "Uma")
    fan.pre_save(page, "deezer", "Uma")
    fans = product.one(PRE_SAVES.replace("count(*)", "count(DISTINCT fan_id)"), page.rpartition("/")[2])
    assert (pre_saves(product, page), fans) == (2, 1)


def test_a_code_is_nowhere_in_the_log(product: Product, fan: Browser) -> None:
    fan.pre_save(product.campaign(), "spotify", "Vera")
    code = query_of(fan.callback())["code"][0]
    assert code not in product.log()
