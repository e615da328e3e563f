"""Every way back from every service's permission page, in every wrong form: one clear page, and nothing recorded."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.sandbox_process import Sandbox
from tests.web.browser import Browser, Reply
from tests.web.running import Product
from tests.web.test_connect import pre_saves

SERVICES = ("spotify", "deezer", "tidal", "soundcloud", "youtube")
"""Those whose permission is given on a page of their own. Apple Music's is in test_musickit."""
SOON = 3 * 3600
"""A release that even a permission of four hours outlives."""
NAME = "Nora"
Pairs = list[tuple[str, str]]


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def way_back(fan: Browser, page: str, service: str) -> str:
    return fan.decide(fan.ask_permission(page, service), NAME).headers["location"]


def bent(back: str, bend: Callable[[str, str], Pairs]) -> str:
    """The way back with another query, made of its code and its state."""
    parts = urlsplit(back)
    said = parse_qs(parts.query)
    return parts._replace(query=urlencode(bend(said["code"][0], said["state"][0]))).geturl()


def exchanged(services: Sandbox, service: str) -> int:
    """How often somebody handed in one of this fan's codes."""
    return len(services.calls(service=service, path="token", user=NAME))


WRONG: dict[str, tuple[Callable[[str, str], Pairs], str]] = {
    "no code": (lambda code, state: [("state", state)], "/try-again"),
    "an empty code": (lambda code, state: [("code", ""), ("state", state)], "/try-again"),
    "two codes": (lambda code, state: [("code", "another"), ("code", code), ("state", state)], "/try-again"),
    "no state": (lambda code, state: [("code", code)], "/callback"),
    "an empty state": (lambda code, state: [("code", code), ("state", "")], "/callback"),
    "two states": (lambda code, state: [("code", code), ("state", state), ("state", state)], "/callback"),
    "a state cut short": (lambda code, state: [("code", code), ("state", state[:-1])], "/callback"),
    "the fan said no": (lambda code, state: [("error", "access_denied"), ("state", state)], "/cancelled"),
    "the fan said no, in Deezer's words": (
        lambda code, state: [("error_reason", "user_denied"), ("state", state)],
        "/cancelled",
    ),
    "an error beside a code": (
        lambda code, state: [("error", "access_denied"), ("code", code), ("state", state)],
        "/cancelled",
    ),
    "the service is down": (lambda code, state: [("error", "server_error"), ("state", state)], "/no-answer"),
    "the service asks to come later": (
        lambda code, state: [("error", "temporarily_unavailable"), ("state", state)],
        "/no-answer",
    ),
    "the app is not accepted": (
        lambda code, state: [("error", "unauthorized_client"), ("state", state)],
        "/closed",
    ),
    "the scope is not accepted": (
        lambda code, state: [("error", "invalid_scope"), ("state", state)],
        "/closed",
    ),
    "an error nobody knows": (
        lambda code, state: [("error", "<b>odd</b>"), ("error_description", "a" * 900), ("state", state)],
        "/try-again",
    ),
}


def told(reply: Reply) -> None:
    assert reply.status in (200, 400)
    assert "<b>odd</b>" not in reply.text
    assert "Nothing was changed" in reply.text or "/remind" in reply.text


@pytest.mark.parametrize("wrong", WRONG)
def test_a_way_back_in_a_wrong_form_asks_the_service_nothing_and_records_nothing(
    product: Product, fan: Browser, services: Sandbox, service: str, wrong: str
) -> None:
    page = product.campaign(opens_in=SOON)
    bend, ending = WRONG[wrong]
    back = way_back(fan, page, service)
    before = exchanged(services, service)
    said = fan.open(bent(back, bend))
    told(said)
    assert said.path.endswith(ending)
    assert exchanged(services, service) == before
    assert pre_saves(product, page) == 0


def test_a_code_the_service_never_gave_records_nothing(product: Product, fan: Browser, service: str) -> None:
    page = product.campaign(opens_in=SOON)
    back = way_back(fan, page, service)
    said = fan.open(bent(back, lambda _, state: [("code", "made-up"), ("state", state)]))
    told(said)
    assert pre_saves(product, page) == 0


def test_a_code_sent_to_another_services_callback_is_handed_to_nobody(
    product: Product, fan: Browser, services: Sandbox, service: str
) -> None:
    page = product.campaign(opens_in=SOON)
    back = way_back(fan, page, service)
    before = exchanged(services, service)
    for other in {*SERVICES} - {service}:
        reply = fan.get(back.replace(f"/connect/{service}/", f"/connect/{other}/"))
        assert reply.status == 400
        told(reply)
    assert exchanged(services, service) == before
    assert pre_saves(product, page) == 0
    assert "Pre-saved" in fan.open(back).text
    assert exchanged(services, service) == before + 1


def test_a_way_back_in_another_fans_browser_is_not_theirs(
    product: Product, fan: Browser, stranger: Browser, service: str
) -> None:
    page = product.campaign(opens_in=SOON)
    back = way_back(fan, page, service)
    stranger.ask_permission(page, service)
    reply = stranger.get(back)
    assert reply.status == 400
    told(reply)
    assert pre_saves(product, page) == 0
    assert "Pre-saved" in fan.open(back).text


def test_who_was_sent_back_wrongly_goes_the_way_again_and_pre_saves(
    product: Product, fan: Browser, service: str
) -> None:
    page = product.campaign(opens_in=SOON)
    fan.open(
        bent(way_back(fan, page, service), lambda _, state: [("error", "server_error"), ("state", state)])
    )
    assert "Pre-saved" in fan.pre_save(page, service, NAME).text
    assert pre_saves(product, page) == 1
