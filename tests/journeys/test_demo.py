"""The demonstration: what a new user types first must never rot."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("UPBEAT_", "DJANGO_"))}


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def listened(demo: "subprocess.Popen[str]", wanted: str) -> str:
    """What it said until it said `wanted`."""
    assert demo.stdout
    said = ""
    while wanted not in said:
        line = demo.stdout.readline()
        assert line, f"it ended without “{wanted}”:\n{said}"
        said += line
    return said


def jump(said: str) -> None:
    """Press "Jump to the release" on the fan page."""
    page = re.search(r"(http://127\.0\.0\.1:\d+)/(night-ferry-north)", said)
    assert page
    request = urllib.request.Request(
        f"{page[1]}/_demo/jump?to={page[2]}", b"", {"Origin": page[1], "Sec-Fetch-Site": "same-origin"}
    )
    urllib.request.urlopen(request).close()


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


def test_an_evening_with_the_demo_tells_what_happened_and_leaves_nothing_running() -> None:
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "upbeat", "demo", "--fans", "3"],
        cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said = listened(demo, "Ctrl-C stops everything")
    ports = [int(port) for port in set(re.findall(r"127\.0\.0\.1:(\d+)", said))]
    assert len(ports) == 2, said
    assert all(listens(port) for port in ports)
    jump(said)
    happened = listened(demo, "Spotify: delivered")
    assert "Out." in happened
    assert "Deezer: delivered to 1 fan" in happened
    demo.send_signal(signal.SIGINT)
    demo.wait(timeout=20)
    assert not any(listens(port) for port in ports)
