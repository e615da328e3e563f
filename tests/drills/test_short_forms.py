"""The short form of every drill: a bad night with sixty fans, judged by the sandbox's library."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from drills.scenes import DRILLS

ROOT = Path(__file__).parents[2]
STORE = "sqlite" if settings.EMBEDDED else "postgresql"
MINE = [
    drill.name
    for drill in DRILLS.values()
    if STORE in drill.stores and (os.geteuid() == 0 or not (drill.everywhere or drill.small_disk))
]


@pytest.fixture(scope="session")
def played() -> dict[str, dict[str, Any]]:
    """All of them, played in one process of their own."""
    command = [sys.executable, "-m", "drills", "--short", "--store", STORE]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {line["drill"]: line for line in lines}


@pytest.mark.parametrize("name", MINE)
def test_nobody_is_lost_and_nobody_doubled(name: str, played: dict[str, dict[str, Any]]) -> None:
    assert played[name]["wrong"] == []
    assert played[name]["figures"]["fans"] == 60
