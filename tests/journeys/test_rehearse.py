"""`upbeat rehearse`: a release day before the release day, that touches nothing of the real one."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
        }
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


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    yield Installation(tmp_path_factory.mktemp("real"))


def left_behind() -> set[str]:
    """Folders and processes of rehearsals."""
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return {line for line in running.splitlines() if "upbeat.commands.rehearsal" in line}


def test_a_hard_night_loses_nobody_and_touches_nothing_real(installation: Installation) -> None:
    before = installation.rows()
    told = json.loads(
        installation.rehearse("slow-lanterns", "--fans", "200", "--faults", "hard", "--json").stdout
    )
    assert told["passed"] is True
    assert (told["lost"], told["doubled"], told["out_of_order"], told["untrue"]) == (0, 0, 0, 0)
    thrown = {one["what"]: one["times"] for one in told["thrown"]}
    assert thrown["kill -9"] == 2
    assert thrown["calls that failed after their effect"] > 10
    assert sum(has["delivered"] + has["needs_fan"] for has in told["services"].values()) == 200
    after = installation.rows()
    (row,) = after.pop("delivery_rehearsal")
    assert before.pop("delivery_rehearsal") == []
    assert {name: rows for name, rows in after.items() if rows != before[name]}.keys() <= {"sqlite_sequence"}
    assert SECRET not in str(row)
    assert not left_behind()


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
        (("slow-lanterns", "--store", "mysql://x"), "sqlite, or an address like"),
        (("slow-lanterns", "--store", "postgresql://nobody@127.0.0.1:1/x"), "cannot be used"),
    ],
)
def test_odd_words_get_a_sentence(installation: Installation, words: tuple[str, ...], sentence: str) -> None:
    said = installation.rehearse(*words, code=2).stderr
    assert sentence in said
    assert "Traceback" not in said
