"""What the power buttons do, on libvirt's test driver."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions.action import MenuPath
from app.errors import HostelryError
from app.jobs.job import JobState
from app.model.records import DomainState
from app.settings import options
from tests.unit.actions.practice import OFF, PAUSED, RUNNING, Practice, practise

THREE = {"on": RUNNING, "paused": PAUSED, "off": OFF}


@pytest.mark.parametrize(
    ("action", "name", "state"),
    [
        ("domain.start", "off", DomainState.RUNNING),
        ("domain.resume", "paused", DomainState.RUNNING),
        ("domain.pause", "on", DomainState.PAUSED),
        ("domain.force-off", "on", DomainState.SHUTOFF),
    ],
)
def test_each_changes_the_state(tmp_path: Path, action: str, name: str, state: DomainState) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.yes = True
        assert practice.reason(action, name) == ""
        await practice.run(action, name)
        assert practice.ui.errors == []
        assert practice.last_job.state is JobState.DONE
        assert (await practice.real(name)).state is state
        await practice.seen(lambda: (record := practice.record(name)) is not None and record.state is state)

    practise(tmp_path, THREE, test)


@pytest.mark.parametrize(
    ("action", "name", "reason"),
    [
        ("domain.start", "on", "“on” is not off"),
        ("domain.resume", "on", "“on” is not paused"),
        ("domain.pause", "off", "“off” is not running"),
        ("domain.shut-down", "off", "“off” is not running"),
        ("domain.reboot", "paused", "“paused” is not running"),
        ("domain.force-off", "off", "“off” is not running"),
        ("domain.wake-up", "on", "“on” is not asleep"),
        ("domain.save", "off", "“off” is not running"),
        ("domain.discard-saved", "off", "“off” has no saved state"),
        ("domain.rename", "on", "“on” is not off; it can be renamed while it is off"),
    ],
)
def test_why_it_is_disabled(tmp_path: Path, action: str, name: str, reason: str) -> None:
    async def test(practice: Practice) -> None:
        assert practice.reason(action, name) == reason
        jobs = len(practice.ctx.jobs.jobs)
        await practice.run(action, name)
        assert len(practice.ctx.jobs.jobs) == jobs

    practise(tmp_path, THREE, test)


def test_nothing_selected_or_not_connected(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        from app.actions.catalogue import ACTIONS
        from app.actions.context import Selection

        for action in ACTIONS:
            able = action.enablement(practice.ctx, Selection())
            assert not able and able.reason, action.id
        selection = practice.select("on")
        await practice.host.session.close()
        for action in ACTIONS:
            if action.menu is not MenuPath.HOST and action.id != "domain.open-console":
                assert not action.enablement(practice.ctx, selection), action.id

    practise(tmp_path, THREE, test)


def test_a_selection_works_on_those_that_fit(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        assert practice.reason("domain.start", "on", "off", "off2") == ""
        assert practice.reason("domain.start", "on", "paused") == "None of the selected machines is off"
        await practice.run("domain.start", "on", "off", "off2")
        job = practice.last_job
        assert job.title == "Start 2 machines"
        assert [(row.subject, row.state) for row in job.rows] == [("off", JobState.DONE), ("off2", JobState.DONE)]
        assert (await practice.real("off2")).state is DomainState.RUNNING

    practise(tmp_path, {**THREE, "off2": OFF}, test)


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        # Started behind our back: libvirt refuses a second start, the inventory does not know yet.
        selection = practice.select("a", "b")
        from app.actions.bulk import start_job
        from app.actions.lifecycle import START_WORDS, start_each
        from app.virt import domains

        targets = practice.ctx.targets(selection)
        await domains.start(practice.host.session, targets[0].record.uuid)
        job = start_job(practice.ctx, START_WORDS, targets, start_each)
        assert await job.wait() is JobState.FAILED
        assert [row.state for row in job.rows] == [JobState.FAILED, JobState.DONE]
        assert "Cannot start “a”." in job.rows[0].text
        assert job.error is not None and "1 of 2" in job.error.what
        await domains.destroy(practice.host.session, targets[0].record.uuid)
        again = practice.ctx.jobs.retry(job)
        assert again is not None and await again.wait() is JobState.DONE
        assert [row.subject for row in again.rows] == ["a"]

    practise(tmp_path, {"a": OFF, "b": OFF}, test)


def test_force_off_asks_and_no_means_no(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.force-off", "on")
        (question,) = practice.ui.questions
        assert question.danger and question.verb == "Force off" and "“on”" in question.text
        assert (await practice.real("on")).state is DomainState.RUNNING

    practise(tmp_path, THREE, test)


def test_force_off_may_be_told_not_to_ask_but_asks_for_several(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ctx.settings.set(options.CONFIRM_FORCE_OFF, False)
        await practice.run("domain.force-off", "on")
        assert practice.ui.questions == []
        assert (await practice.real("on")).state is DomainState.SHUTOFF
        await practice.run("domain.force-off", "on2", "paused")
        (question,) = practice.ui.questions
        assert question.text == "Force off 2 machines?"
        assert list(question.items) == ["on2", "paused"]

    practise(tmp_path, {**THREE, "on2": RUNNING}, test)


def test_an_error_names_the_machine(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        from app.virt import domains

        async def refuse(*_args: object, **_kwargs: object) -> None:
            raise HostelryError("Cannot start the machine.", why="No memory is left.", raw="ENOMEM")

        original, domains.start = domains.start, refuse
        try:
            await practice.run("domain.start", "off")
        finally:
            domains.start = original
        (error,) = practice.ui.errors
        assert (error.what, error.why, error.raw) == ("Cannot start “off”.", "No memory is left.", "ENOMEM")

    practise(tmp_path, THREE, test)


def test_autostart_is_ticked(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        from app.actions.catalogue import action

        tick = action("domain.autostart")
        assert not tick.checked(practice.ctx, practice.select("off"))
        await practice.run("domain.autostart", "off")
        assert (await practice.real("off")).autostart
        await practice.seen(lambda: tick.checked(practice.ctx, practice.select("off")))
        assert not tick.checked(practice.ctx, practice.select("off", "on"))

    practise(tmp_path, THREE, test)
