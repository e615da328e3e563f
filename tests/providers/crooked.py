"""A line to the sandbox on which every JSON comes out crooked: fields missing, of another kind, too large, unknown."""

import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from upbeat.providers.registry import ServiceSettings

_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 3.5, 10**30, "", "x" * 5000, "9" * 5000, "٣", "\ud800", "../../me", [], {}, [None], [[]],
    [{}], {"id": None}, {"error": 5}, {"error": {"code": "9" * 5000}}, {"errors": [None]}, {"next": 7}, "2026-13-45",
)  # fmt: skip
_PASSED_ON = ("content-type", "location", "date", "retry-after")
_ADDRESSES = ("api_url", "authorize_url", "token_url", "open_url")


@dataclass
class Crooked:
    """The line. `url` leads to the sandbox through it; `dice` says what goes wrong, `often` how often."""

    target: str
    dice: random.Random
    often: float = 0.7
    url: str = ""

    def through(self, settings: ServiceSettings) -> ServiceSettings:
        """A service's settings, by this line."""
        changed = {name: getattr(settings, name).replace(self.target, self.url) for name in _ADDRESSES}
        return replace(settings, **changed)

    async def pass_on(self, request: web.Request) -> web.Response:
        """The sandbox's answer, bent."""
        headers = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
        asked = self.target + request.raw_path
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(
                request.method,
                aiohttp.client.URL(asked, encoded=True),
                headers=headers,
                data=await request.read(),
                allow_redirects=False,
            ) as answer,
        ):
            body = await answer.read()
            kept = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
            return web.Response(status=answer.status, body=self._bent(body), headers=kept)

    def _bent(self, body: bytes) -> bytes:
        try:
            said = json.loads(body)
        except ValueError:
            return body
        if self.dice.random() > self.often:
            return body
        if self.dice.random() < 0.1:
            said = deepcopy(self.dice.choice(_ODD))
        for _ in range(self.dice.randint(1, 3)):
            bend(said, self.dice)
        return json.dumps(said).encode()


def bend(said: Any, dice: random.Random) -> None:
    """One place in it, however deep, is changed."""
    places = [*_places(said)]
    if not places:
        return
    holder, key = dice.choice(places)
    if isinstance(holder, dict) and dice.random() < 0.3:
        del holder[key]
    elif isinstance(holder, dict) and dice.random() < 0.2:
        holder["something_new"] = deepcopy(dice.choice(_ODD))
    else:
        holder[key] = deepcopy(dice.choice(_ODD))


def _places(said: Any) -> list[tuple[Any, Any]]:
    keys = list(said) if isinstance(said, dict) else list(range(len(said))) if isinstance(said, list) else []
    return [(said, key) for key in keys] + [place for key in keys for place in _places(said[key])]


@asynccontextmanager
async def crooked(target: str, seed: str) -> AsyncIterator[Crooked]:
    """The line, open on a free port of this machine."""
    line = Crooked(target, random.Random(seed))
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{anything:.*}", line.pass_on)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    line.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    assert urlsplit(line.url).port
    try:
        yield line
    finally:
        await runner.cleanup()
