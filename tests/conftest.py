"""What all tests stand on: an environment that touches nothing of this machine, a database, and the sandbox.

Everything that uses Django's database runs on SQLite (a file: there are threads), or on a PostgreSQL cluster of the
tests' own with `--postgresql` or UPBEAT_TEST_STORE=postgresql.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from tests.postgres import cluster  # noqa: E402
from tests.sandbox_process import Sandbox, running_sandbox  # noqa: E402

_borrowed = ExitStack()


def _prepare_environment() -> None:
    """Settings are read once, when Django starts: so this is done when this file is read.

    A shell that starts tests in the background has them ignore Ctrl-C, which all they start would inherit.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = Path(_borrowed.enter_context(tempfile.TemporaryDirectory(prefix="upbeat-tests-")))
    for name in [name for name in os.environ if name.startswith("UPBEAT_") and name != "UPBEAT_TEST_STORE"]:
        del os.environ[name]
    on_postgresql = "--postgresql" in sys.argv or os.environ.get("UPBEAT_TEST_STORE") == "postgresql"
    url = _borrowed.enter_context(cluster()) if on_postgresql else f"sqlite://{folder / 'upbeat.sqlite3'}"
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "upbeat.settings",
        "UPBEAT_DATA_DIR": str(folder),
        "UPBEAT_DATABASE_URL": url,
        "UPBEAT_SANDBOX": "1",
    }


_prepare_environment()
django.setup()

from upbeat import clock  # noqa: E402
from upbeat.artists.models import Installation  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="run what needs a database on PostgreSQL")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say in the report which store a test ran on and whether it drove a browser: CI counts both (`tools/ran`).

    What is about one store only (`only_on`) is not chosen on the other; `make test` runs both.
    """
    others = [item for item in items if _is_about_another_store(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]
    for item in items:
        item.user_properties.append(("store", connection.vendor))
        if item.get_closest_marker("browser"):
            item.user_properties.append(("browser", "yes"))


def _is_about_another_store(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("only_on")
    return marker is not None and connection.vendor not in marker.args


def pytest_unconfigure() -> None:
    _borrowed.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    if settings.EMBEDDED:
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Nothing is dropped at the end (threads may still hold a connection): the folder or the cluster goes."""
    return True


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_sandbox: Sandbox) -> Sandbox:
    """The streaming services, played by a process of their own, as new; `settings.SERVICES` points at them."""
    _sandbox.reset()
    settings.SERVICES.update(_sandbox.service_settings())
    settings.SANDBOX_URL = _sandbox.url
    return _sandbox


@pytest.fixture(autouse=True)
def _nothing_of_others(request: pytest.FixtureRequest) -> None:
    """A test that commits begins with an empty queue (its tables are not Django's, which empties its own) and with
    the clock where it belongs."""
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        clock.refresh(force=True)
        Installation.objects.all().delete()
