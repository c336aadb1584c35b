"""Opening machines and taking pictures of them."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.actions import console
from app.errors import NoSpace
from app.jobs.job import JobState
from tests.unit.actions.practice import OFF, RUNNING, Practice, practise


def test_open_works_in_every_state(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.open-console", "on", "off")
        assert practice.ui.consoles == [practice.ref("on"), practice.ref("off")]
        await practice.host.session.close()
        assert practice.reason("domain.open-console", "on") == ""

    practise(tmp_path, {"on": RUNNING, "off": OFF}, test)


def test_pictures_to_files(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.file = tmp_path / "shot.png"
        await practice.run("domain.screenshot-file", "on")
        assert practice.ui.errors == []

    practise(tmp_path, {"on": RUNNING}, test)
    (picture,) = tmp_path.glob("shot.*")
    assert picture.suffix == (".png" if picture.read_bytes().startswith(b"\x89PNG") else ".ppm")
    assert picture.stat().st_size > 100


def test_a_picture_to_the_clipboard(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.screenshot-copy", "on")
        (data,) = practice.ui.copied
        assert len(data) > 100
        assert practice.ui.notices[0].text == "The picture of “on” was copied."
        assert practice.reason("domain.screenshot-copy", "off") == "“off” is not running, so it has no picture"

    practise(tmp_path, {"on": RUNNING, "off": OFF}, test)


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.file = tmp_path / "gone" / "shot.png"
        await practice.run("domain.screenshot-file", "on")
        assert practice.last_job.state is JobState.FAILED
        assert practice.ui.errors[0].next_step

    practise(tmp_path, {"on": RUNNING}, test)


def test_pictures_never_replace_a_file_unasked(tmp_path: Path) -> None:
    """The dialog asked about one name; what is written under another one is always a new file."""

    async def test(practice: Practice) -> None:
        (tmp_path / "shot.png").write_text("mine")
        (tmp_path / "shot.ppm").write_text("mine")
        practice.ui.file = tmp_path / "shot"
        await practice.run("domain.screenshot-file", "on")
        assert practice.ui.errors == []

    practise(tmp_path, {"on": RUNNING}, test)
    assert (tmp_path / "shot.png").read_text() == (tmp_path / "shot.ppm").read_text() == "mine"
    assert len(list(tmp_path.glob("shot*"))) == 3


def test_a_full_disk_keeps_the_picture_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "shot.png"
    old.write_bytes(b"old")
    monkeypatch.setattr("os.fsync", _full)
    with pytest.raises(NoSpace):
        console._write(old, old, b"new")
    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["shot.png"]


def _full(_fd: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
