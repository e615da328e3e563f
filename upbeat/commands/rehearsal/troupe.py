"""Starts the rehearsal as a process that knows nothing of the real installation, and hears what it tells."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from upbeat.commands.rehearsal.script import Script

KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""All that the rehearsal sees of our environment: where Python is, and where temporary files go. Everything of the
real installation (data folder, database, credentials, mail) has another name."""
MOST_SECONDS_TO_END = 40


class RehearsalFailed(Exception):  # noqa: N818 - it is what happened
    """It could not be played to its end. The message says why; it says nothing about the deliveries."""


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What the rehearsal's process is given of `given`."""
    return {name: value for name, value in given.items() if name in KEPT or name.startswith("LC_")}


def play(script: Script, server: str, hear: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Play a script to its end. `server`: a PostgreSQL server to make the throw-away database on; "": SQLite.

    `hear` gets each {"told", "at"}. Returns the result. Whatever happens here, nothing is left running or on disk.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "upbeat.commands.rehearsal"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(os.environ), start_new_session=True,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(json.dumps({"script": script.to_json(), "server": server}) + "\n")
        process.stdin.flush()
        said: dict[str, Any] = {}
        for line in process.stdout:
            said = json.loads(line)
            if "told" in said:
                hear(said)
        if "result" in said:
            return dict(said["result"])
        raise RehearsalFailed(str(said.get("problem") or _last_words(process)))
    finally:
        _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(MOST_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _last_words(process: "subprocess.Popen[str]") -> str:
    assert process.stderr
    words = process.stderr.read().strip()
    return words.splitlines()[-1] if words else "The rehearsal ended without a word."
