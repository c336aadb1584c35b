"""Each command of the folder is a script that leads to its module, and can say what it does."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[3] / "packaging"
COMMANDS = sorted(path.name for path in PACKAGING.iterdir() if path.is_file() and 'tools/prepare" ' in path.read_text(errors="replace"))


def test_the_scripts_are_found() -> None:
    assert {"run", "test", "bench", "translations", "pictures", "install"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_says_what_it_does(name: str) -> None:
    done = subprocess.run([PACKAGING / name, "--help"], capture_output=True, text=True, check=True)
    assert f"packaging/{name}" in done.stdout
