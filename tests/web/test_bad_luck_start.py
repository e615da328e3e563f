"""Settings that are wrong in an unusual way: `upbeat run` still answers with a sentence."""

from pathlib import Path

import pytest

from tests.web.running import free_port
from tests.web.test_fan_run import refused


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("UPBEAT_URL", "http://localhost:99999", "whole public origin"),
        ("UPBEAT_DATABASE_URL", "postgresql://me:hidden@127.0.0.1:abc/x", "number from 1 to 65535"),
        ("UPBEAT_LOG_LEVEL", "loud", "must be one of WARNING, DEBUG"),
    ],
)
def test_a_wrong_setting_is_a_sentence_and_no_stack_trace(
    tmp_path: Path, setting: str, value: str, sentence: str
) -> None:
    said = refused(tmp_path, "--port", str(free_port()), **{setting: value})
    assert sentence in said
    assert setting in said
    assert "hidden" not in said


@pytest.mark.parametrize("port", ["0", "99999", "http", "-1"])
def test_what_is_no_port_is_said(tmp_path: Path, port: str) -> None:
    assert "a port is a number from 1 to 65535" in refused(tmp_path, f"--port={port}")


def test_a_data_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    for folder in (tmp_path / "data", tmp_path / "data" / "below"):
        assert "UPBEAT_DATA_DIR must be a folder" in refused(folder, "--port", str(free_port()))


def test_a_secret_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff\xfe\x00")
    setting = {"UPBEAT_SPOTIFY_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    said = refused(tmp_path, "--port", str(free_port()), **setting)
    assert "UPBEAT_SPOTIFY_CLIENT_SECRET_FILE is no text" in said


def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    refused(tmp_path / "new", "--port", str(free_port()), UPBEAT_URL="http://music.example")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
