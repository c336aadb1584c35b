"""While a question is open the world goes on: what was shown and what is done must be the same thing."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.actions.context import Question
from app.actions.delete_plan import DeletePlan, DeleteRequest
from app.editing.history import History
from app.errors import NoSpace
from app.jobs.job import JobState
from app.virt import domains
from tests.unit.actions.practice import OFF, Practice, plain_xml, practise, uuid_of

VNC = "<graphics type='vnc' passwd='hunter2'/>"


async def change(practice: Practice, name: str) -> None:
    """As another program would."""
    xml = await domains.xml(practice.host.session, uuid_of(name), inactive=True, secure=True)
    await domains.define(practice.host.session, xml.replace("<vcpu placement='static'>1<", "<vcpu placement='static'>2<"))


async def definition(practice: Practice, name: str, *, secure: bool = False) -> str:
    return await domains.xml(practice.host.session, uuid_of(name), inactive=True, secure=secure)


def changing_first(practice: Practice, name: str) -> None:
    """The user says yes, but somebody else was faster."""

    async def confirm(question: Question) -> bool:
        practice.ui.questions.append(question)
        await change(practice, name)
        return True

    practice.ui.confirm = confirm  # type: ignore[method-assign]


def test_a_definition_that_changed_behind_the_question_is_not_replaced(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.file = tmp_path / "new.xml"
        practice.ui.file.write_text(plain_xml("a").replace("<vcpu>1<", "<vcpu>3<"))
        changing_first(practice, "a")
        await practice.run("domain.redefine", "a")
        assert practice.last_job.state is JobState.FAILED
        (error,) = practice.ui.errors
        assert "“a”" in error.what and error.why and error.next_step
        assert ">2</vcpu>" in await definition(practice, "a")

    practise(tmp_path, {"a": OFF}, test)


def test_the_question_shows_the_differences_and_a_password_that_goes(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.file = tmp_path / "new.xml"
        practice.ui.file.write_text((await definition(practice, "a")).replace(">1</vcpu>", ">3</vcpu>"))
        await practice.run("domain.redefine", "a")
        (question,) = practice.ui.questions
        assert list(question.items) == ["vcpu: 1 → 3"]
        assert "password" in question.detail
        assert "hunter2" not in str(question)

    practise(tmp_path, {"a": OFF}, test, devices=VNC)


def test_what_libvirt_left_out_is_said(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.file = tmp_path / "odd.xml"
        practice.ui.file.write_text(plain_xml("a").replace("<vcpu>", "<unheard-of x='1'/><vcpu>"))
        practice.ui.yes = True
        practice.ui.error_choices = ["anyway"]
        await practice.run("domain.redefine", "a")
        assert practice.last_job.state is JobState.DONE
        assert "unheard-of" in practice.last_job.result
        assert "unheard-of" in str(practice.ui.notices)

    practise(tmp_path, {"a": OFF}, test)


def test_a_new_machine_never_replaces_one_that_has_come_meanwhile(tmp_path: Path) -> None:
    """Also with a UUID that is spelled otherwise, and before the inventory has heard of it."""

    async def test(practice: Practice) -> None:
        practice.host.inventory.clear()
        uuid = uuid_of("a").upper().replace("-", "")
        practice.ui.file = tmp_path / "new.xml"
        practice.ui.file.write_text(plain_xml("a").replace(uuid_of("a"), uuid).replace("<vcpu>1<", "<vcpu>3<"))
        await practice.run("host.define-file")
        assert "“a” is there already" in str(practice.ui.errors[-1])
        assert ">1</vcpu>" in await definition(practice, "a")

    practise(tmp_path, {"a": OFF}, test)


def agree(plan: DeletePlan) -> DeleteRequest:
    return DeleteRequest(plan, frozenset())


def test_a_machine_that_changed_behind_the_question_is_not_deleted(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        async def show_delete(plan: DeletePlan) -> DeleteRequest:
            await change(practice, "a")
            return agree(plan)

        practice.ui.show_delete = show_delete  # type: ignore[method-assign]
        await practice.run("domain.delete", "a")
        (error,) = practice.ui.errors
        assert "“a”" in error.what and error.next_step
        assert ">2</vcpu>" in await definition(practice, "a")

    practise(tmp_path, {"a": OFF}, test)


def test_undo_brings_back_the_password_and_autostart(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.delete = agree
        practice.ui.offer_answers = ["undo"]
        await domains.set_autostart(practice.host.session, uuid_of("a"), True)
        await practice.host.refresh()
        before = await definition(practice, "a", secure=True)
        assert "hunter2" in before
        await practice.run("domain.delete", "a")
        assert practice.last_job.state is JobState.DONE
        assert await definition(practice, "a", secure=True) == before
        assert (await practice.real("a")).autostart
        kept = list((practice.ctx.settings.state_folder / "history").glob("*/*/*.xml"))
        assert kept and not any("hunter2" in path.read_text() for path in kept)

    practise(tmp_path, {"a": OFF}, test, devices=VNC)


def test_a_history_on_a_full_disk_leaves_no_torn_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NoSpace):
        History(tmp_path / "history").keep("h", "u", "n", "<domain/>")
    assert list((tmp_path / "history").glob("*/*/*")) == []
