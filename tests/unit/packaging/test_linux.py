"""The desktop's files are valid, and a checkout can be put into the menu and taken out again."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from prepare import install_command

LINUX = install_command.LINUX


def test_the_desktop_entry_is_valid() -> None:
    done = subprocess.run(
        ["desktop-file-validate", str(LINUX / "io.github.hostelry.Hostelry.desktop")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_metainfo_is_valid() -> None:
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", str(LINUX / "io.github.hostelry.Hostelry.metainfo.xml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_checkout_goes_into_the_menu_and_out_again(tmp_path: Path) -> None:
    assert install_command.main(["--destdir", str(tmp_path), "--prefix", "/usr"]) == 0
    launcher = tmp_path / "usr" / "bin" / "hostelry"
    assert os.access(launcher, os.X_OK)
    assert (tmp_path / "usr/share/applications/io.github.hostelry.Hostelry.desktop").is_file()
    assert (tmp_path / "usr/share/icons/hicolor/scalable/apps/io.github.hostelry.Hostelry.svg").is_file()
    assert install_command.main(["--destdir", str(tmp_path), "--prefix", "/usr", "--remove"]) == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_place_that_may_not_be_written_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_prefix: Path) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(install_command, "install", refuse)
    assert install_command.main(["--prefix", str(tmp_path)]) == 1
    assert "--prefix" in capsys.readouterr().err
