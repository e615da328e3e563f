"""A very large cover on a small server."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.web.running import ROOT
from upbeat.campaigns.artwork import MOST_BYTES, UnusableArtwork, read_artwork

READ = """
import re, sys
from pathlib import Path
from upbeat.campaigns.artwork import read_artwork
read_artwork(Path(sys.argv[1]).read_bytes())
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
"""The process's own peak: getrusage would count in the one that started it."""


def test_the_largest_cover_takes_less_than_300_mb(tmp_path: Path) -> None:
    file = tmp_path / "large.jpg"
    Image.effect_noise((70, 70), 80).convert("RGB").resize((7000, 7000), 0).save(file)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert int(done.stdout) < 300


def test_a_file_that_is_too_large_is_not_said_to_be_just_large_enough() -> None:
    with pytest.raises(UnusableArtwork, match="20 MB at the most") as refused:
        read_artwork(b"\x89PNG" + bytes(MOST_BYTES))
    assert str(refused.value).count("20 MB") == 1
