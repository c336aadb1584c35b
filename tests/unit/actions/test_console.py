"""Opening machines and taking pictures of them."""

from __future__ import annotations

from pathlib import Path

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
