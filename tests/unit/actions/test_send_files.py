"""Files by the console's own channel, and what is said when there is none; on libvirt's test driver."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from app.actions import made_discs
from app.actions.context import Target
from app.actions.file_channels import Ways
from app.actions.send_files import send
from app.errors import Failed
from app.install.file_survey import look_now
from app.jobs.job import JobState
from tests.unit.actions.practice import RUNNING, Practice, practise


class Spice:
    """A SPICE connection's files."""

    def __init__(self, fails: str = "", hangs: str = "") -> None:
        self.came: list[str] = []
        self._fails, self._hangs = fails, hangs

    async def send_file(self, path: Path, progress: Callable[[int, int], None]) -> None:
        if path.name == self._hangs:
            await asyncio.Event().wait()
        if path.name == self._fails:
            raise Failed("The guest refused it.", next_step="Ask the guest.")
        progress(4, 4)
        self.came.append(path.name)


def target_of(practice: Practice) -> Target:
    (target,) = practice.ctx.targets(practice.select("g"))
    return target


def two_files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text("text")
    return paths


def test_all_files_go_one_after_the_other_and_it_is_said_where_they_are(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        spice = Spice()
        steps: list[float | None] = []
        practice.ctx.jobs.added.connect(lambda job: job.changed.connect(lambda job: steps.append(job.fraction)))
        target = target_of(practice)
        await send(practice.ctx, target, look_now(two_files(tmp_path)), Ways(spice=True), spice=spice)
        assert spice.came == ["a.txt", "b.txt"]
        told = [step for step in steps if step is not None]
        assert told == sorted(told) and told[-1] == 1
        assert "2 files are in the downloads of “g”" in practice.ui.notices[-1].text

    practise(tmp_path, {"g": RUNNING}, test)


def test_one_that_fails_ends_it_with_the_machines_name(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        spice = Spice(fails="b.txt")
        await send(practice.ctx, target_of(practice), look_now(two_files(tmp_path)), Ways(spice=True), spice=spice)
        assert spice.came == ["a.txt"]
        (job,) = practice.ui.jobs
        assert job.error is not None and "“g”" in job.error.what and job.error.next_step
        assert [row.state for row in job.rows] == [JobState.DONE, JobState.FAILED]

    practise(tmp_path, {"g": RUNNING}, test)


def test_a_disc_that_is_not_in_its_drive_yet_is_not_left_over(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        target, path = target_of(practice), tmp_path / "disc.iso"
        path.write_bytes(b"disc")
        made_discs.remember(practice.ctx.settings, made_discs.MadeDisc(target.host.id, target.record.uuid, str(path), volume=False))
        with made_discs.on_its_way(target):
            await made_discs.tidy(practice.ctx, target)  # as at the end of another sending
            assert path.exists()
        await made_discs.tidy(practice.ctx, target)
        assert not path.exists() and made_discs.listed(practice.ctx.settings) == []

    practise(tmp_path, {"g": RUNNING}, test)


def test_a_stopped_one_says_nothing_more(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        jobs = practice.ctx.jobs
        jobs.added.connect(lambda job: asyncio.get_running_loop().call_later(0.05, jobs.cancel, job))
        await send(practice.ctx, target_of(practice), look_now(two_files(tmp_path)), Ways(spice=True), spice=Spice(hangs="a.txt"))
        assert [job.state.value for job in jobs.jobs] == ["cancelled"]
        assert practice.ui.errors == []

    practise(tmp_path, {"g": RUNNING}, test)


def test_without_a_way_the_reason_is_said(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await send(practice.ctx, target_of(practice), look_now(two_files(tmp_path)), Ways(can_add=False))
        assert "no CD drive" in practice.ui.errors[-1].why

    practise(tmp_path, {"g": RUNNING}, test)
