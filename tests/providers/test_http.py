"""The one door to the network, against a real server on this machine."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from upbeat.core.outcome import Outcome
from upbeat.providers import http
from upbeat.providers.http import Answer, Door

OPEN = Door("Deezer", allow_private=True)
SECRET = "frS3cretT0ken"


async def say(request: web.Request) -> web.StreamResponse:
    """/json, /text, /elsewhere, /cookie, /drop, /flood and /slow, each as its name says."""
    match request.path:
        case "/json":
            return web.json_response({"query": dict(request.query), "form": dict(await request.post())})
        case "/elsewhere":
            raise web.HTTPFound("/json")
        case "/cookie":
            answer = web.json_response(dict(request.cookies))
            answer.set_cookie("fan", "one")
            return answer
        case "/drop":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        case "/flood":
            return web.Response(body=b"0" * 2_000_001)
        case "/chunks":
            flood = web.StreamResponse()
            await flood.prepare(request)
            for _ in range(300):
                await flood.write(b"0" * 10_000)
            return flood
    return web.Response(text="<html>", status=404)


@pytest.fixture
async def server() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", say)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await http.close()
    await runner.cleanup()


async def test_an_answer_brings_status_headers_and_json(server: str) -> None:
    answer = await OPEN.ask("POST", f"{server}/json", query={"a": "b c"}, form={"x": "y"})
    assert isinstance(answer, Answer)
    assert (answer.status, answer.json) == (200, {"query": {"a": "b c"}, "form": {"x": "y"}})
    assert answer.headers["content-type"].startswith("application/json")


async def test_what_is_no_json_is_an_answer_all_the_same(server: str) -> None:
    answer = await OPEN.ask("GET", f"{server}/text")
    assert isinstance(answer, Answer)
    assert (answer.status, answer.json, answer.text) == (404, None, "<html>")


async def test_a_redirect_is_not_followed(server: str) -> None:
    answer = await OPEN.ask("GET", f"{server}/elsewhere")
    assert isinstance(answer, Answer)
    assert answer.status == 302


async def test_no_cookie_is_kept_from_one_fan_for_the_next(server: str) -> None:
    await OPEN.ask("GET", f"{server}/cookie")
    answer = await OPEN.ask("GET", f"{server}/cookie")
    assert isinstance(answer, Answer)
    assert answer.json == {}


@pytest.mark.parametrize(
    ("path", "reason"), [("/drop", "network"), ("/flood", "unreadable"), ("/chunks", "unreadable")]
)
async def test_a_line_that_fails_is_an_outcome_without_the_secret(
    server: str, path: str, reason: str
) -> None:
    outcome = await OPEN.ask("GET", server + path, query={"access_token": SECRET})
    assert isinstance(outcome, Outcome)
    assert outcome.reason == reason
    assert SECRET not in repr(outcome)


async def test_nobody_there_is_an_outcome() -> None:
    outcome = await OPEN.ask("GET", "http://127.0.0.1:1/", query={"access_token": SECRET})
    assert isinstance(outcome, Outcome)
    assert (outcome.reason, outcome.note) == ("network", "Deezer could not be reached.")
    await http.close()


@pytest.mark.parametrize(
    "address",
    [
        "{}",
        "http://localhost:{}",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
    ],
)
async def test_a_private_address_is_never_asked(server: str, address: str) -> None:
    url = address.format(server if address == "{}" else server.rpartition(":")[2])
    outcome = await Door("Shop").ask("GET", f"{url}/json")
    assert isinstance(outcome, Outcome)
    assert outcome.reason == "network"


async def test_a_picture_is_its_bytes_and_may_be_larger(server: str) -> None:
    assert await OPEN.fetch_image(f"{server}/flood") == b"0" * 2_000_001


async def test_what_is_no_picture_address_is_an_outcome(server: str) -> None:
    for url in (f"{server}/missing", "http://[", ""):
        assert isinstance(await OPEN.fetch_image(url), Outcome)


async def test_each_event_loop_has_connections_of_its_own(server: str) -> None:
    def elsewhere() -> Answer | Outcome:
        async def ask() -> Answer | Outcome:
            answer = await OPEN.ask("GET", f"{server}/json")
            await http.close()
            return answer

        return asyncio.run(ask())

    here = await OPEN.ask("GET", f"{server}/json")
    there = await asyncio.to_thread(elsewhere)
    assert isinstance(here, Answer)
    assert isinstance(there, Answer)


async def test_an_address_says_where_it_leads_and_nothing_is_followed_or_read(server: str) -> None:
    assert await OPEN.leads_to(f"{server}/elsewhere") == "/json"
    assert await OPEN.leads_to(f"{server}/flood") == ""
    dropped = await OPEN.leads_to(f"{server}/drop")
    assert isinstance(dropped, Outcome)
    assert dropped.reason == "network"
    private = await Door("Spotify").leads_to(f"{server}/elsewhere")
    assert isinstance(private, Outcome)
    assert private.note == "Spotify's address is not on the open internet."
