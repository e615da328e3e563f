"""The demonstration: what a new user types first must never rot."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("UPBEAT_", "DJANGO_"))}


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_story_without_a_person_ends_with_every_fan_where_promised() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "upbeat", "demo", "--play", "--json"],
        cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    story = json.loads(told.stdout)
    assert story["ok"] is True
    assert len(story["fans"]) >= 10
    assert story["services"]["spotify"]["could_not_be_delivered"] == 1
    assert story["services"]["spotify"]["queued"] == story["services"]["deezer"]["queued"] == 0


def test_ctrl_c_leaves_nothing_running() -> None:
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "upbeat", "demo", "--fans", "3"],
        cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert demo.stdout
    said = ""
    until = time.monotonic() + 60
    while "Ctrl-C stops everything" not in said and time.monotonic() < until:
        said += demo.stdout.readline()
    ports = [int(port) for port in set(re.findall(r"127\.0\.0\.1:(\d+)", said))]
    assert len(ports) == 2, said
    assert all(listens(port) for port in ports)
    demo.send_signal(signal.SIGINT)
    demo.wait(timeout=20)
    assert not any(listens(port) for port in ports)
