"""The desktop's keys and the captured pointer on a real Wayland compositor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.lab.nest import missing_programs
from tests.lab.sway import Sway

SUPER, D = 0xE05B, 0x20


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What ``wayland_stage`` saw; one run for all."""
    if missing := missing_programs("sway"):
        pytest.skip(f"needs programs that are not installed: {', '.join(missing)}")
    with Sway() as sway:
        done = subprocess.run(
            [sys.executable, "-m", "tests.lab.wayland_stage", str(sway.told)],
            env=os.environ | sway.env, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "grabbing" not in done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_the_compositors_keys_are_its_own_unless_the_user_wants_them_in_the_guest(found: dict[str, Any]) -> None:
    assert found["not wanted"]["host"] and [D, True] not in found["not wanted"]["guest"]
    assert found["wanted"] == {"host": False, "guest": [[SUPER, True], [D, True], [D, False], [SUPER, False]]}


def test_the_release_key_gives_them_back(found: dict[str, Any]) -> None:
    assert not found["captured after the release key"]
    assert found["released"] == {"host": True, "guest": []}


def test_a_captured_pointer_moves_further_than_the_screen(found: dict[str, Any]) -> None:
    assert found["pointer captured"] and found["pointer released"]
    x, y = found["motion"]
    assert x > 900 and y < -130  # 2000 by -300 of the screen's pixels, at twice the guest's size
