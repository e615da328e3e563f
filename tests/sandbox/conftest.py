"""One sandbox for all of these tests, as new for each."""

from collections.abc import Iterator

import pytest

from tests.sandbox.stranger import Stranger, started


@pytest.fixture(scope="session")
def _one_sandbox() -> Iterator[Stranger]:
    stranger = started()
    try:
        yield stranger
    finally:
        stranger.process.terminate()
        stranger.process.wait(10)


@pytest.fixture
def sandbox(_one_sandbox: Stranger) -> Stranger:
    """A sandbox nobody has touched."""
    _one_sandbox.control("POST", "/reset", {})
    return _one_sandbox
