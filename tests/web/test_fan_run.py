"""`upbeat run` starts only where it may, says where it is, and ends in order."""

import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sandbox_process import Sandbox
from tests.web.browser import Browser
from tests.web.running import ROOT, Product, free_port, running_product


def refused(folder: Path, *words: str, **environment: str) -> str:
    """What `upbeat run` says when it must not start."""
    base = {"PATH": "/usr/bin:/bin", "UPBEAT_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "upbeat", "run", *words]
    done = subprocess.run(
        command, env=base | environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_it_says_where_it_is(product: Product) -> None:
    assert f"Upbeat is at {product.url}  (Ctrl-C stops it)" in product.log()


def test_a_busy_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused(tmp_path, "--port", str(port))
    assert f"Port {port} on 127.0.0.1 cannot be used" in said
    assert "--port" in said


def test_two_at_once_on_one_folder_are_refused(product: Product) -> None:
    said = refused(product.folder, "--port", str(free_port()))
    assert "already running on this data" in said


def test_a_sandbox_is_not_taken_for_the_service(tmp_path: Path, services: Sandbox) -> None:
    environment = services.environment()
    del environment["UPBEAT_SANDBOX"]
    said = refused(tmp_path, "--port", str(free_port()), **environment)
    assert "is not Spotify but a sandbox or somebody else" in said
    assert "UPBEAT_SANDBOX=1" in said


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("UPBEAT_URL", "https://music.example/path", "whole public origin"),
        ("UPBEAT_URL", "http://music.example", "not encrypted"),
        ("UPBEAT_SEALING_KEYS", "k1:" + "A" * 43 + "=", "32 random bytes"),
        ("UPBEAT_SECRET_KEY", "changeme", "too short or too simple"),
        ("UPBEAT_SPOTIFY_CLIENT_ID", "abc", "UPBEAT_SPOTIFY_CLIENT_SECRET (or _FILE) is missing"),
        ("UPBEAT_SANDBOX", "perhaps", "must be 1 or 0"),
    ],
)
def test_a_wrong_setting_is_named_and_put_right(
    tmp_path: Path, setting: str, value: str, sentence: str
) -> None:
    said = refused(tmp_path, "--port", str(free_port()), **{setting: value})
    assert sentence in said
    assert setting.removeprefix("UPBEAT_").split("_")[0] in said.upper()


def test_every_page_of_a_sandbox_says_so_and_no_page_of_an_installation(
    product: Product, fan: Browser, tmp_path: Path
) -> None:
    page = product.campaign()
    for address in (page, f"{page}/spotify", f"{page}/remind", f"{product.url}/nothing"):
        assert "Sandbox: no real streaming service is asked." in fan.get(address).text
    with running_product(tmp_path) as real:
        for address in (real.campaign(), f"{real.url}/nothing"):
            assert "Sandbox" not in fan.get(address).text
        assert fan.post(f"{real.url}/_demo/jump?to=x", []).status == 404


def test_it_ends_within_ten_seconds_while_a_fan_waits_for_a_slow_service(
    tmp_path: Path, services: Sandbox, fan: Browser
) -> None:
    with running_product(tmp_path, **services.environment()) as product:
        page = product.campaign()
        back = fan.decide(fan.ask_permission(page, "spotify"), "Late").headers["location"]
        services.fault("delay", match={"service": "spotify", "path": "/api/token"}, seconds=20)
        with ThreadPoolExecutor(1) as beside:
            waiting = beside.submit(fan.get, back)
            time.sleep(1)
            assert not waiting.done()
            began = time.monotonic()
            assert product.stop() in (0, 1)
            assert time.monotonic() - began < 11
            waiting.exception()
    services.no_faults()
