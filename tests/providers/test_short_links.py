"""Short links, asked where they lead over real HTTP: only known hosts, three hops, five seconds, no private one."""

import asyncio
from collections.abc import AsyncIterator
from time import perf_counter

import pytest
from aiohttp import web

from upbeat.core.link import Link, LinkKind
from upbeat.core.links import parse_link
from upbeat.core.problem import Problem
from upbeat.providers import http, short_links

ALBUM = "https://open.spotify.com/album/5vkqYmiPBYLaalcmjujWxK"
LEADS = {
    "spotify.link/album": f"{ALBUM}?si=1&utm_source=share",
    "spotify.link/app": "https://spotify.app.link/next",
    "spotify.app.link/next": ALBUM,
    "link.deezer.com/s/x": "https://www.deezer.com/en/album/302127?deferredFl=1",
    "on.soundcloud.com/own": "/album",
    "on.soundcloud.com/album": "https://soundcloud.com/low/sets/tides",
    "tidal.link/1": "https://tidal.link/2",
    "tidal.link/2": "https://tidal.link/3",
    "tidal.link/3": "https://tidal.link/1",
    "apple.co/private": "http://169.254.169.254/latest/meta-data",
    "apple.co/local": "http://localhost:8000/dashboard",
    "apple.co/file": "file:///etc/passwd",
    "apple.co/alike": "https://music.apple.com.evil.example/us/album/x/1",
    "apple.co/broken": "https://[",
    "apple.co/shop": "https://evil.example/",
}


@pytest.fixture
async def played_at() -> AsyncIterator[str]:
    """A server that plays the short hosts, and remembers whom it was asked about."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _say)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await http.close()
    await runner.cleanup()


async def _say(request: web.Request) -> web.StreamResponse:
    path = request.path.strip("/")
    if path == "amzn.to/slow":
        await asyncio.sleep(60)
    if path == "amzn.to/page":
        return web.Response(text="<script>location = 'https://evil.example'</script>")
    return web.Response(status=307, headers={"Location": LEADS[path]})


def short(text: str) -> Link:
    link = parse_link(text)
    assert isinstance(link, Link)
    return link


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://spotify.link/album?utm=1", ALBUM),
        ("spotify.link/app", ALBUM),
        ("https://link.deezer.com/s/x", "https://www.deezer.com/album/302127"),
        ("https://on.soundcloud.com/own", "https://soundcloud.com/low/sets/tides"),
    ],
)
async def test_a_short_link_stands_for_what_it_leads_to(played_at: str, text: str, url: str) -> None:
    led = await short_links.lead(short(text), played_at=played_at)
    assert isinstance(led, Link), led
    assert led.url == url


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tidal.link/1", "short_hops"),
        ("apple.co/private", "address_private"),
        ("apple.co/local", "address_private"),
        ("apple.co/file", "address_scheme"),
        ("apple.co/alike", "host_unknown"),
        ("apple.co/shop", "host_unknown"),
        ("apple.co/broken", "address_malformed"),
        ("amzn.to/page", "short_dead"),
    ],
)
async def test_what_a_short_link_must_not_lead_to_is_refused(played_at: str, text: str, code: str) -> None:
    problem = await short_links.lead(short(text), played_at=played_at)
    assert isinstance(problem, Problem), problem
    assert problem.code == code
    assert problem.right.startswith("Open it")


async def test_a_short_link_has_five_seconds(played_at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert short_links.SECONDS == 5
    monkeypatch.setattr(short_links, "SECONDS", 0.2)
    began = perf_counter()
    problem = await short_links.lead(short("amzn.to/slow"), played_at=played_at)
    assert isinstance(problem, Problem)
    assert problem.code == "short_silent"
    assert perf_counter() - began < 1


async def test_a_short_host_that_resolves_into_a_private_network_is_not_asked(played_at: str) -> None:
    port = played_at.rpartition(":")[2]
    inside = Link("spotify", LinkKind.SHORT, "album", f"http://localhost:{port}/spotify.link/album")
    problem = await short_links.lead(inside)
    assert isinstance(problem, Problem)
    assert problem.code == "short_silent"
