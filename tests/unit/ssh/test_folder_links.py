"""What lies in a folder that everybody may write to is not believed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from app.ssh import folder


def test_a_link_of_our_name_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    home = tmp_path / "home"
    home.mkdir()
    (home / "c-precious").write_text("mine")
    (tmp_path / f"{folder.PREFIX}{ended.pid}-x").symlink_to(home)
    touched: list[Path] = []
    monkeypatch.setattr(folder, "_remove", touched.append)
    folder._sweep(tmp_path)
    assert touched == []


def test_what_a_crash_left_goes(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = tmp_path / f"{folder.PREFIX}{ended.pid}-y"
    left.mkdir(mode=0o700)
    folder._sweep(tmp_path)
    assert not left.exists()
