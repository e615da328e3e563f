"""Each service, played by the sandbox in a fresh world."""

from collections.abc import AsyncIterator

import pytest

from tests.providers.played import Played, played
from tests.sandbox_process import Sandbox


async def _fresh(sandbox: Sandbox, name: str) -> AsyncIterator[Played]:
    """A service that must have found nothing wrong with our calls when the test ends."""
    one = played(sandbox, name)
    yield one
    assert one.wrongs() == []
    await one.provider.close()


@pytest.fixture(params=["spotify", "apple_music", "deezer", "soundcloud", "tidal", "youtube"])
async def service(request: pytest.FixtureRequest, sandbox: Sandbox) -> AsyncIterator[Played]:
    """One service after the other."""
    async for one in _fresh(sandbox, request.param):
        if one.name == "tidal":
            one.switch(gives_refresh_token=True)
        yield one


@pytest.fixture
async def tidal(sandbox: Sandbox) -> AsyncIterator[Played]:
    """As it is since July 2026: no refresh token comes."""
    async for one in _fresh(sandbox, "tidal"):
        yield one


@pytest.fixture
async def youtube(sandbox: Sandbox) -> AsyncIterator[Played]:
    async for one in _fresh(sandbox, "youtube"):
        yield one


@pytest.fixture
async def spotify(sandbox: Sandbox) -> AsyncIterator[Played]:
    async for one in _fresh(sandbox, "spotify"):
        yield one


@pytest.fixture
async def apple_music(sandbox: Sandbox) -> AsyncIterator[Played]:
    async for one in _fresh(sandbox, "apple_music"):
        yield one


@pytest.fixture
async def soundcloud(sandbox: Sandbox) -> AsyncIterator[Played]:
    async for one in _fresh(sandbox, "soundcloud"):
        yield one


@pytest.fixture
async def deezer(sandbox: Sandbox) -> AsyncIterator[Played]:
    async for one in _fresh(sandbox, "deezer"):
        yield one
