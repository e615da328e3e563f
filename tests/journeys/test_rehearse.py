"""`upbeat rehearse`: a release day before the release day, that touches nothing of the real one."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from upbeat.core.channels import CHANNELS
from upbeat.providers.registry import names

ROOT = Path(__file__).parents[2]
SECRET = "a-real-secret-that-must-not-leave"
SETUP = """
import django; django.setup()
from datetime import UTC, date, datetime, time
from upbeat.artists.models import Artist, Team
from upbeat.campaigns.models import Campaign, FollowTarget, Release
artist = Artist.objects.create(team=Team.objects.create(name="Pale Harbour"), name="Ines Marlow")
for title, upc in (("Slow Lanterns", "4061707811234"), ("Slow Rivers", "")):
    release = Release.objects.create(artist=artist, title=title, upc=upc, track_count=11)
    one = Campaign(release=release, slug=title.lower().replace(" ", "-"), day=date(2027, 3, 26), time=time(0),
                   zone="Europe/Berlin", state="published", created_at=datetime.now(UTC))
    one.derive_moment()
    one.save()
    FollowTarget.objects.create(campaign=one, kind="artist", service_id="real", name="Ines Marlow", main=True)
"""


class Installation:
    """A real one, with credentials, as `upbeat rehearse` finds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("UPBEAT_", "DJANGO_"))
        }
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "upbeat.settings",
            "UPBEAT_DATA_DIR": str(folder),
            "UPBEAT_SPOTIFY_CLIENT_ID": "real",
            "UPBEAT_SPOTIFY_CLIENT_SECRET": SECRET,
            "TMPDIR": str(folder / "temporary"),
        }
        (folder / "temporary").mkdir()
        self.run("-m", "upbeat", "manage", "migrate", "-v", "0")
        self.run("-c", SETUP)

    def run(self, *words: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=240,
            check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def rehearse(self, *words: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        return self.run("-m", "upbeat", "rehearse", *words, code=code)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with sqlite3.connect(f"file:{self.folder / 'upbeat.sqlite3'}?mode=ro", uri=True) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables}

    def running(self) -> dict[int, str]:
        """What each process that began here has in its environment."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                has = (process / "environ").read_text(errors="replace")
                if str(self.folder / "temporary") in has:
                    found[int(process.name)] = has
        return found

    def left_behind(self) -> list[object]:
        return [*(self.folder / "temporary").iterdir(), *self.running()]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("real"))


def test_a_hard_night_loses_nobody_and_touches_nothing_real(installation: Installation) -> None:
    before = installation.rows()
    told = json.loads(
        installation.rehearse(
            "slow-lanterns", "--fans", "240", "--faults", "hard", "--services", "all", "--json", "--store", "sqlite"
        ).stdout
    )  # fmt: skip
    assert told["passed"] is True
    assert (told["lost"], told["doubled"], told["out_of_order"], told["untrue"]) == (0, 0, 0, 0)
    thrown = {one["what"]: one["times"] for one in told["thrown"]}
    assert thrown["kill -9"] == 2
    assert thrown["calls that failed after their effect"] > 10
    played = told["services"]
    assert {name for name, has in played.items() if has["fans"] == 30} == {*names(), *CHANNELS}
    for has in played.values():
        assert (
            has["fans"] - has["needs_fan"] - has["unknown"]
            <= has["delivered"]
            <= has["fans"] - has["needs_fan"]
        )
    after = installation.rows()
    (row,) = after.pop("delivery_rehearsal")
    assert before.pop("delivery_rehearsal") == []
    assert {name: rows for name, rows in after.items() if rows != before[name]}.keys() <= {"sqlite_sequence"}
    assert SECRET not in str(row)
    assert not installation.left_behind()


def test_one_that_is_stopped_leaves_nothing_and_never_knew_a_secret(installation: Installation) -> None:
    command = [
        sys.executable,
        "-u",
        "-m",
        "upbeat",
        "rehearse",
        "lanterns",
        "--fans",
        "60",
        "--store",
        "sqlite",
    ]
    told = subprocess.Popen(
        command, cwd=ROOT, env=installation.environment, stdout=subprocess.PIPE, text=True
    )
    assert told.stdout
    heard = ""
    while "It is out" not in heard:
        line = told.stdout.readline()
        assert line, heard
        heard += line
    others = {pid: has for pid, has in installation.running().items() if pid != told.pid}
    assert len(others) == 3, "the rehearsal, the sandbox, the product"
    assert not [has for has in others.values() if SECRET in has or f"DATA_DIR={installation.folder}\0" in has]
    told.send_signal(signal.SIGINT)
    assert told.wait(30) == 130
    assert not installation.left_behind()


@pytest.mark.only_on("postgresql")
def test_it_plays_on_postgresql_too_and_drops_its_database(installation: Installation) -> None:
    has = connection.settings_dict
    server = f"postgresql://{has['USER']}@{has['HOST']}:{has['PORT']}/postgres"
    words = (
        "lanterns",
        "--fans",
        "120",
        "--faults",
        "hard",
        "--services",
        "all",
        "--json",
        "--store",
        server,
    )
    assert json.loads(installation.rehearse(*words).stdout)["passed"] is True
    with psycopg.connect(server) as database:
        names = {name for (name,) in database.execute("SELECT datname FROM pg_database")}
    assert not [name for name in names if name.startswith("upbeat_rehearsal")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("slow",), "Several campaigns have"),
        (("",), "Say which campaign"),
        (("no such thing",), "No campaign has"),
        (("'; DROP TABLE fans--",), "No campaign has"),
        (("9" * 40,), "No campaign has"),
        (("slow-rivers",), "no UPC, ISRC or link"),
        (("slow-lanterns", "--fans", "0"), "a number from 1"),
        (("slow-lanterns", "--fans", "1e3"), "a number from 1"),
        (("slow-lanterns", "--fans", "-4"), "a number from 1"),
        (("slow-lanterns", "--faults", "soft"), "invalid choice"),
        (("slow-lanterns", "--services", "spotify,napster"), "There is no service “napster”"),
        (("slow-lanterns", "--store", "mysql://x"), "sqlite, or an address like"),
        (("slow-lanterns", "--store", "postgresql://nobody@127.0.0.1:1/x"), "cannot be used"),
    ],
)
def test_odd_words_get_a_sentence(installation: Installation, words: tuple[str, ...], sentence: str) -> None:
    said = installation.rehearse(*words, code=2).stderr
    assert sentence in said
    assert "Traceback" not in said
