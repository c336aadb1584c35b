"""A deleted machine is chosen from the history and defined again."""

from __future__ import annotations

from pathlib import Path

from app.actions.catalogue import action
from app.actions.context import Selection
from app.editing.history import History
from app.jobs.job import JobState
from app.virt import domains
from tests.unit.actions.practice import OFF, Practice, domain_xml, practise, uuid_of


async def bring_back(practice: Practice) -> None:
    await action("host.bring-back").run(practice.ctx, Selection(hosts=(practice.host,)))


def keep(practice: Practice, name: str, xml: str) -> None:
    history = practice.ctx.history or History(practice.ctx.settings.state_folder / "history")
    history.keep(practice.host.id, uuid_of(name), name, xml)


def test_a_deleted_machine_is_back_as_it_was(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        keep(practice, "a", domain_xml("a"))
        keep(practice, "b", domain_xml("b").replace("65536", "32768"))
        await domains.undefine(practice.host.session, uuid_of("b"))
        await practice.seen(lambda: practice.record("b") is None)
        practice.ui.bring_back = lambda machines: machines[0].entries[0]
        await bring_back(practice)
        assert [machine.uuid for machine in practice.ui.deleted] == [uuid_of("b")]
        assert practice.ctx.jobs.jobs[-1].state is JobState.DONE
        await practice.seen(lambda: practice.record("b") is not None)
        assert "32768" in await domains.xml(practice.host.session, uuid_of("b"), inactive=True)

    practise(tmp_path, {"a": OFF, "b": OFF}, test)


def test_a_name_that_is_taken_by_now_is_told(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        other = domain_xml("gone").replace("<name>gone<", "<name>a<")
        keep(practice, "gone", other)
        practice.ui.bring_back = lambda machines: machines[0].entries[0]
        await bring_back(practice)
        assert practice.ctx.jobs.jobs[-1].state is JobState.FAILED
        assert "there already" in str(practice.ui.errors[-1])

    practise(tmp_path, {"a": OFF}, test)


def test_without_a_deleted_machine_that_is_said(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        keep(practice, "a", domain_xml("a"))
        await bring_back(practice)
        assert practice.ui.deleted == []
        assert "No deleted machine" in practice.ui.notices[-1].text

    practise(tmp_path, {"a": OFF}, test)
