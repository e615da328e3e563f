"""A running product and its sandbox, shared by the tests of the web: each test makes a campaign of its own."""

from collections.abc import Iterator

import pytest

from tests.sandbox_process import Sandbox, running_sandbox
from tests.web.browser import Browser
from tests.web.desk import NOW
from tests.web.running import Product, running_product
from upbeat import clock
from upbeat.artists.models import Installation


@pytest.fixture(autouse=True)
def _the_day_they_play(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages asked in this process go by `NOW`, so that a day ahead in a test stays ahead when years have passed."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    clock.move(NOW - clock.now())
    yield
    clock.move(-Installation.the_one().clock_offset)


@pytest.fixture(scope="session")
def services() -> Iterator[Sandbox]:
    """The streaming services of the running product."""
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def _product(services: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("product"), **services.environment()) as product:
        yield product


@pytest.fixture
def product(_product: Product, services: Sandbox) -> Iterator[Product]:
    """The running product, and services without faults."""
    yield _product
    services.no_faults()
    services.turn("spotify", mode="extended", withhold_scopes=[])


@pytest.fixture
def fan() -> Browser:
    return Browser()


@pytest.fixture
def stranger() -> Browser:
    """Somebody else's browser."""
    return Browser()
