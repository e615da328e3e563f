"""Every bad way back ends in a clear page, and records nothing, or nothing twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox_process import Sandbox
from tests.web.browser import Browser, Reply
from tests.web.running import Product
from tests.web.test_connect import pre_saves


def way_back(fan: Browser, page: str, service: str, name: str) -> str:
    """The callback address the service sends the fan to, not visited yet."""
    return fan.decide(fan.ask_permission(page, service), name).headers["location"]


def nothing_changed(reply: Reply) -> bool:
    return "Nothing was changed" in reply.text


@pytest.mark.parametrize("service", ["spotify", "deezer"])
def test_a_fan_who_says_no_reads_that_nothing_was_changed(
    product: Product, fan: Browser, service: str
) -> None:
    page = product.campaign()
    said = fan.answer(fan.ask_permission(page, service), "Ann", agree=False)
    assert (said.status, said.path) == (200, f"{urlsplit(page).path}/{service}/cancelled")
    assert nothing_changed(said)
    assert "Try again" in said.text
    assert f'href="{urlsplit(page).path}/{service}"' in said.text
    assert pre_saves(product, page) == 0


def test_a_fan_who_says_no_may_say_yes_after_all(product: Product, fan: Browser) -> None:
    page = product.campaign()
    fan.answer(fan.ask_permission(page, "spotify"), "Bea", agree=False)
    assert "Pre-saved on Spotify" in fan.pre_save(page, "spotify", "Bea").text
    assert pre_saves(product, page) == 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?code=abc",
        "?code=abc&state=",
        "?code=abc&state=made-up",
        "?error=access_denied",
        "?state=%00&code=%ff",
    ],
)
def test_a_callback_nobody_began_is_refused(product: Product, fan: Browser, query: str) -> None:
    reply = fan.get(f"{product.url}/connect/spotify/callback{query}")
    assert reply.status == 400
    assert nothing_changed(reply)


def test_a_callback_of_a_service_we_do_not_speak_is_nothing(product: Product, fan: Browser) -> None:
    assert fan.get(f"{product.url}/connect/napster/callback?code=a&state=b").status == 404


def test_a_callback_with_anothers_state_is_refused_and_leaves_the_trip_to_its_owner(
    product: Product, fan: Browser, stranger: Browser
) -> None:
    page = product.campaign()
    back = way_back(fan, page, "spotify", "Cleo")
    stranger.ask_permission(page, "spotify")  # has a trip and a cookie of its own
    reply = stranger.get(back)
    assert reply.status == 400
    assert nothing_changed(reply)
    assert pre_saves(product, page) == 0
    assert "Pre-saved on Spotify" in fan.open(back).text


def test_a_code_of_one_service_sent_to_anothers_callback_is_refused(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    page = product.campaign()
    back = way_back(fan, page, "spotify", "Dora")
    before = len(services.calls(path="access_token.php"))
    reply = fan.get(back.replace("/connect/spotify/", "/connect/deezer/"))
    assert reply.status == 400
    assert pre_saves(product, page) == 0
    assert len(services.calls(path="access_token.php")) == before


def test_a_trip_that_took_too_long_is_over(product: Product, fan: Browser) -> None:
    page = product.campaign()
    back = way_back(fan, page, "spotify", "Edda")
    product.upbeat("clock", "+11m")
    time.sleep(1)  # every process follows within half a second
    said = fan.open(back)
    assert "This step took too long. Nothing was changed." in said.text
    assert pre_saves(product, page) == 0


def test_a_replayed_callback_adds_nothing_twice(product: Product, fan: Browser) -> None:
    page = product.campaign()
    fan.pre_save(page, "spotify", "Fay")
    again = fan.open(fan.callback())
    assert "Already pre-saved. Nothing was added twice." in again.text
    assert pre_saves(product, page) == 1


def test_a_replay_in_another_browser_shows_nothing_of_the_fan(
    product: Product, fan: Browser, stranger: Browser
) -> None:
    fan.pre_save(product.campaign(), "spotify", "Gwen")
    reply = stranger.get(fan.callback())
    assert reply.status == 400
    assert not reply.set_cookies


def test_a_callback_that_comes_twice_at_once_is_one_pre_save(product: Product, fan: Browser) -> None:
    page = product.campaign()
    back = way_back(fan, page, "spotify", "Hana")
    with ThreadPoolExecutor(4) as several:
        replies = list(several.map(fan.get, [back] * 4))
    assert {one.status for one in replies} == {303}
    assert all("/spotify/yours" in one.headers["location"] for one in replies)
    assert pre_saves(product, page) == 1


def test_two_trips_of_one_fan_at_once_are_one_pre_save(product: Product) -> None:
    page = product.campaign()
    browsers = [Browser() for _ in range(4)]
    backs = [way_back(browser, page, "spotify", "Ines") for browser in browsers]
    with ThreadPoolExecutor(4) as several:
        replies = list(several.map(lambda pair: pair[0].get(pair[1]), zip(browsers, backs, strict=True)))
    assert [one.status for one in replies] == [303] * 4
    assert pre_saves(product, page) == 1


def test_a_fan_who_goes_back_after_the_success_may_agree_again(product: Product, fan: Browser) -> None:
    page = product.campaign()
    asked = fan.ask_permission(page, "spotify")
    fan.answer(asked, "Jana")
    again = fan.answer(asked, "Jana")
    assert "Already pre-saved. Nothing was added twice." in again.text
    assert pre_saves(product, page) == 1


def test_a_fan_who_goes_back_after_saying_no_is_led_to_try_again_at_once(
    product: Product, fan: Browser
) -> None:
    page = product.campaign()
    asked = fan.ask_permission(page, "spotify")
    fan.answer(asked, "Kora", agree=False)
    began = time.monotonic()
    again = fan.answer(asked, "Kora")
    assert time.monotonic() - began < 5
    assert again.path.endswith("/spotify/try-again")
    assert pre_saves(product, page) == 0


def test_an_account_that_is_not_on_the_list_is_told_so_and_offered_the_next_rung(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    page = product.campaign()
    services.turn("spotify", mode="development", allow_list=["Somebody else"])
    said = fan.pre_save(page, "spotify", "Kim")
    assert said.path.endswith("/spotify/not-open")
    assert "open to everyone here yet" in said.text
    assert "Saving isn" in said.text
    assert f'href="/{page.rpartition("/")[2]}/remind?to=spotify"' in said.text
    assert pre_saves(product, page) == 0


@pytest.mark.parametrize(
    ("words", "ending"),
    [
        ("User not registered in the Developer Dashboard", "not-open"),
        ("Forbidden", "not-open"),
        ("Active premium subscription required for the owner of the app", "closed"),
    ],
)
def test_a_403_right_after_consent_puts_the_fan_on_the_next_rung_whatever_its_words(
    product: Product, fan: Browser, services: Sandbox, words: str, ending: str
) -> None:
    page = product.campaign()
    back = way_back(fan, page, "spotify", "Pia")
    services.fault("forbidden", match={"service": "spotify", "path": "^/v1/me$"}, message=words)
    said = fan.open(back)
    services.no_faults()
    assert said.path.endswith(f"/spotify/{ending}")
    assert f'href="/{page.rpartition("/")[2]}/remind?to=spotify"' in said.text
    assert pre_saves(product, page) == 0


@pytest.mark.parametrize("service", ["spotify", "deezer"])
def test_a_permission_without_saving_is_told_and_records_nothing(
    product: Product, fan: Browser, services: Sandbox, service: str
) -> None:
    page = product.campaign()
    save = {"spotify": "user-library-modify", "deezer": "manage_library"}[service]
    services.turn(service, withhold_scopes=[save])
    try:
        said = fan.pre_save(page, service, "Lou")
    finally:
        services.turn(service, withhold_scopes=[])
    assert said.path.endswith(f"/{service}/withheld")
    assert nothing_changed(said)
    assert pre_saves(product, page) == 0


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/api/token", {"kind": "error", "status": 503}),
        ("/api/token", {"kind": "drop"}),
        ("/api/token", {"kind": "garble"}),
        ("/v1/me", {"kind": "error", "status": 500}),
        ("/v1/me", {"kind": "rate_limit", "retry_after": 30}),
    ],
)
def test_a_service_that_is_down_puts_the_fan_on_the_next_rung_and_may_be_tried_again(
    product: Product, fan: Browser, services: Sandbox, path: str, fault: dict[str, Any]
) -> None:
    page = product.campaign()
    back = way_back(fan, page, "spotify", "Mona")
    services.fault(match={"service": "spotify", "path": path}, **fault)
    said = fan.open(back)
    services.no_faults()
    assert said.path.endswith("/spotify/no-answer")
    assert "No answer just now" in said.text and "Try again" in said.text
    assert f'href="/{page.rpartition("/")[2]}/remind?to=spotify"' in said.text
    assert pre_saves(product, page) == 0
    assert "Pre-saved on Spotify" in fan.pre_save(page, "spotify", "Mona").text


def test_a_slow_service_holds_up_nobody_else(product: Product, fan: Browser, services: Sandbox) -> None:
    page = product.campaign()
    browsers = [Browser() for _ in range(12)]
    backs = [way_back(browser, page, "spotify", f"Slow {n}") for n, browser in enumerate(browsers)]
    services.fault("delay", match={"service": "spotify", "path": "/api/token"}, seconds=3)
    with ThreadPoolExecutor(12) as several:
        waiting = [several.submit(browser.get, back) for browser, back in zip(browsers, backs, strict=True)]
        time.sleep(0.7)
        began = time.monotonic()
        assert fan.get(f"{page}/spotify").status == 200
        assert fan.get(page).status == 200
        took = time.monotonic() - began
        assert {one.result().status for one in waiting} == {303}
    services.no_faults()
    assert took < 1.5
    assert pre_saves(product, page) == 12


def test_the_way_back_is_never_repeated_as_a_post(product: Product, fan: Browser) -> None:
    page = product.campaign()
    leaving = fan.post(f"{page}/spotify", [("zone", "")])
    back = way_back(fan, page, "spotify", "Nell")
    assert (leaving.status, fan.get(back).status) == (303, 303)
    assert fan.post(back, []).status == 405


def test_a_callback_of_a_page_that_was_withdrawn_meanwhile_records_nothing(
    product: Product, fan: Browser
) -> None:
    page = product.campaign()
    back = way_back(fan, page, "spotify", "Orla")
    slug = page.rpartition("/")[2]
    product.change(
        "UPDATE campaigns_campaign SET state = 'withdrawn', version = version + 1 WHERE slug = ?", slug
    )
    assert fan.get(back).status == 400
    assert pre_saves(product, page) == 0
