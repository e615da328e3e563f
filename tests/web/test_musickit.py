"""Apple Music asks on our own page: what that page may do, and what comes back, over real HTTP."""

import json
import re
import time
from base64 import b64encode, urlsafe_b64decode
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.sandbox_process import Sandbox
from tests.web.browser import Browser, Reply
from tests.web.running import Product
from tests.web.test_connect import pre_saves

APPLE = "apple_music"


def kit_of(sheet: Reply) -> dict[str, str]:
    """What the page hands to its script."""
    return {name: unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', sheet.text)}


def agrees(fan: Browser, page: str, name: str, services: Sandbox) -> str:
    """The fan's token: what MusicKit brings after the fan has agreed in its window."""
    token = kit_of(fan.open(f"{page}/{APPLE}"))["token"]
    said = b64encode(json.dumps({"thirdPartyName": "x", "thirdPartyToken": token}).encode()).decode()
    window = f"{services.services[APPLE]['authorize_url']}?{urlencode({'a': said, 'referrer': page})}"
    told = Browser().post(window, [("fan", name), ("decision", "agree")])
    found = re.search(r'"params": \["([^"]+)"\]', told.text)
    assert found is not None
    return found[1]


def sets_out(fan: Browser, page: str) -> str:
    begun = fan.post(f"{page}/{APPLE}", [("zone", "Europe/Berlin")], Accept="application/json")
    assert begun.headers["cache-control"] == "no-store"
    return str(json.loads(begun.text)["state"])


def brings(fan: Browser, product: Product, **fields: str) -> Reply:
    return fan.post(f"{product.url}/connect/{APPLE}/callback", list(fields.items()))


def pre_adds(fan: Browser, product: Product, page: str, name: str, services: Sandbox) -> Reply:
    code = agrees(fan, page, name, services)
    return fan.follow(brings(fan, product, state=sets_out(fan, page), code=code))


def row_of(product: Product, page: str) -> tuple[Any, ...]:
    return tuple(
        product.one(
            f"SELECT {what} FROM fans_connection JOIN fans_presave ON connection_id = fans_connection.id "
            "JOIN campaigns_campaign ON campaign_id = campaigns_campaign.id WHERE slug = ?",
            page.rpartition("/")[2],
        )
        for what in ("account_id", "scopes", "julianday(dies_at) - julianday(granted_at)")
    )


def test_what_musickit_brought_is_a_pre_save_like_any_other(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    page = product.campaign()
    landed = pre_adds(fan, product, page, "Ada", services)
    assert (landed.status, landed.path) == (200, f"{urlsplit(page).path}/{APPLE}/yours")
    assert "Pre-saved on Apple Music" in landed.text
    assert pre_saves(product, page) == 1
    account, scopes, days = row_of(product, page)
    assert (len(account), scopes, round(days)) == (40, '["library"]', 180)
    assert "Evening walks" in landed.text  # one permission covers the playlists, too


def test_only_the_sheet_lets_the_service_s_script_in(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    page = product.campaign()
    sheet = fan.open(f"{page}/{APPLE}")
    policy = sheet.headers["content-security-policy"]
    assert f"script-src 'self' {services.url};" in policy
    assert f"connect-src 'self' {services.url};" in policy
    assert "unsafe" not in policy
    assert sheet.headers["cross-origin-opener-policy"] == "same-origin-allow-popups"
    assert sheet.headers["cache-control"] == "no-store"
    for other in (page, f"{page}/spotify", f"{page}/remind", f"{page}/{APPLE}/cancelled"):
        reply = fan.open(other)
        assert "script-src 'self';" in reply.headers["content-security-policy"]
        assert reply.headers["cross-origin-opener-policy"] == "same-origin"
        assert "data-token" not in reply.text


def test_the_page_is_given_a_token_that_is_good_here_alone_and_for_hours(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    token = kit_of(fan.open(f"{product.campaign()}/{APPLE}"))["token"]
    header, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    has = services.services[APPLE]
    assert header == {"alg": "ES256", "kid": has["key_id"], "typ": "JWT"}
    assert (claims["iss"], claims["origin"]) == (has["team_id"], [product.url])
    assert 3 * 3600 <= claims["exp"] - time.time() <= 6 * 3600


def test_a_token_that_comes_from_another_site_or_another_browser_is_refused(
    product: Product, fan: Browser, stranger: Browser, services: Sandbox
) -> None:
    page = product.campaign()
    code, state = agrees(fan, page, "Bea", services), sets_out(fan, page)
    url = f"{product.url}/connect/{APPLE}/callback"
    assert fan.post(url, [("state", state), ("code", code)], Origin="https://evil.example").status == 403
    sets_out(stranger, page)
    assert brings(stranger, product, state=state, code=code).status == 400
    assert brings(fan, product, state="made-up", code=code).status == 400
    assert fan.get(f"{url}?{urlencode({'state': state, 'code': code})}").status == 404
    assert pre_saves(product, page) == 0
    assert brings(fan, product, state=state, code=code).headers["location"].endswith("/yours")


def test_a_doubled_form_and_a_second_yes_are_one_pre_save(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    page = product.campaign()
    code, state = agrees(fan, page, "Cleo", services), sets_out(fan, page)
    for _ in range(2):
        assert "/yours" in brings(fan, product, state=state, code=code).headers["location"]
    before = row_of(product, page)
    assert "Already pre-saved" in pre_adds(fan, product, page, "Cleo", services).text
    assert (pre_saves(product, page), row_of(product, page)[0]) == (1, before[0])


@pytest.mark.parametrize("code", ["", "made-up", "a b", "x" * 5000, "é", "a\r\nX-Evil: 1"])
def test_a_token_apple_does_not_know_ends_in_a_page_that_asks_afresh(
    product: Product, fan: Browser, code: str
) -> None:
    page = product.campaign()
    said = fan.follow(brings(fan, product, state=sets_out(fan, page), code=code))
    assert said.path == f"{urlsplit(page).path}/{APPLE}/try-again"
    assert f'href="{urlsplit(page).path}/{APPLE}?fresh=1"' in said.text
    assert kit_of(fan.open(f"{page}/{APPLE}?fresh=1"))["fresh"] == "1"
    assert pre_saves(product, page) == 0


def test_a_trip_that_took_too_long_records_nothing(product: Product, fan: Browser, services: Sandbox) -> None:
    page = product.campaign()
    code, state = agrees(fan, page, "Edda", services), sets_out(fan, page)
    product.upbeat("clock", "+11m")
    time.sleep(1)  # every process follows within half a second
    assert "This step took too long" in fan.follow(brings(fan, product, state=state, code=code)).text
    assert pre_saves(product, page) == 0


def test_a_new_token_in_the_same_browser_mends_a_dead_permission_and_no_living_one(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    page = product.campaign()
    services.turn(APPLE, token_each_time=True)
    pre_adds(fan, product, page, "Fay", services)
    pre_adds(fan, product, page, "Fay", services)
    assert pre_saves(product, page) == 2  # who they are, nobody says: better two than one who gets nothing
    product.change(
        "UPDATE fans_connection SET sealed_access = x'', dead_at = granted_at WHERE service = ?", APPLE
    )
    landed = pre_adds(fan, product, page, "Fay", services)
    services.turn(APPLE, token_each_time=False)
    assert "Pre-saved on Apple Music" in landed.text
    assert pre_saves(product, page) == 2
