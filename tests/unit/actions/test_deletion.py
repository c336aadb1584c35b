"""Deleting on the practice host: what is asked, what goes, what can be taken back."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.actions.delete_plan import DeletePlan, DeleteRequest
from app.editing.history import History
from app.editing.passwords import without_passwords
from app.jobs.job import JobState
from app.model.records import DomainState
from app.virt import domains
from app.virt.disk_use import disks
from tests.unit.actions.practice import OFF, RUNNING, Practice, practise, uuid_of

DISK = "<disk type='file' device='disk'><source file='/nowhere/shared.img'/><target dev='hda'/></disk>"


def agree(plan: DeletePlan) -> DeleteRequest:
    """Deletes the machines and what is ticked."""
    return DeleteRequest(plan, frozenset(item.key for item in plan.storage if item.tick))


def test_declining_changes_nothing(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.delete", "a")
        assert len(practice.ui.plans) == 1
        assert (await practice.real("a")).state is DomainState.RUNNING
        assert practice.last_job.result == "Nothing was changed"

    practise(tmp_path, {"a": RUNNING}, test)


def test_running_ones_are_forced_off_and_removed(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.delete = agree
        practice.ui.offer_answers = [None]
        await practice.run("domain.delete", "a", "b")
        (plan,) = practice.ui.plans
        assert [machine.running for machine in plan.machines] == [True, False]
        assert practice.ui.errors == [] and practice.last_job.state is JobState.DONE
        await practice.seen(lambda: set(practice.host.inventory.domains) == {uuid_of("c")})

    practise(tmp_path, {"a": RUNNING, "b": OFF, "c": OFF}, test)


def test_undo_brings_it_back(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.delete = agree
        practice.ui.offer_answers = ["undo"]
        before = await domains.xml(practice.host.session, uuid_of("a"), inactive=True)
        await practice.run("domain.delete", "a")
        assert practice.ui.offers[0].text == "“a” was deleted."
        await practice.seen(lambda: practice.record("a") is not None)
        assert await domains.xml(practice.host.session, uuid_of("a"), inactive=True) == before
        (kept,) = (practice.ctx.settings.state_folder / "history").glob("*/*/*.xml")
        assert "<name>a</name>" in kept.read_text()

    practise(tmp_path, {"a": OFF}, test)


def test_storage_that_others_use_is_named_and_not_ticked(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.delete", "a")
        (item,) = practice.ui.plans[0].storage
        assert item.path == "/nowhere/shared.img"
        assert list(item.used_by) == ["b", "c"]
        assert not item.tick and item.locked

    practise(tmp_path, {"a": OFF, "b": OFF, "c": RUNNING}, test, devices=DISK)


def test_machines_that_go_together_do_not_count_as_users(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.delete", "a", "b")
        (item,) = practice.ui.plans[0].storage
        assert list(item.used_by) == []

    practise(tmp_path, {"a": OFF, "b": OFF}, test, devices=DISK)


def test_without_a_history_nothing_is_deleted(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.delete = agree
        practice.ctx.settings.state_folder.mkdir(parents=True, exist_ok=True)
        (practice.ctx.settings.state_folder / "history").write_text("in the way")
        await practice.run("domain.delete", "a")
        (error,) = practice.ui.errors
        assert "history" in str(error) and error.next_step
        assert (await practice.real("a")).state is DomainState.SHUTOFF

    practise(tmp_path, {"a": OFF}, test)


def test_one_that_somebody_else_removed_is_no_error(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        def removed_meanwhile(plan: DeletePlan) -> DeleteRequest:
            removal.append(asyncio.ensure_future(domains.undefine(practice.host.session, uuid_of("a"))))
            return agree(plan)

        removal: list[asyncio.Future[None]] = []
        practice.ui.delete = removed_meanwhile
        practice.ui.offer_answers = [None]
        await practice.run("domain.delete", "a")
        await asyncio.gather(*removal)
        assert practice.ui.errors == []

    practise(tmp_path, {"a": OFF}, test)


def test_history_keeps_fifty_and_no_passwords(tmp_path: Path) -> None:
    history = History(tmp_path / "history")
    for number in range(53):
        path = history.keep("qemu+ssh://u@h/system", "u-1", "../web 1", f"<domain n='{number}'><graphics passwd='x'/></domain>")
    files = sorted(path.parent.iterdir())
    assert len(files) == 50
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert path.is_relative_to(tmp_path / "history")
    assert "passwd" not in path.read_text()


def test_passwords_are_taken_out_and_the_rest_stays() -> None:
    text = "<domain>\n  <!-- c -->\n  <graphics type='vnc' passwd='x' port='1'/>\n</domain>\n"
    assert without_passwords(text) == text.replace(" passwd='x'", "")
    assert without_passwords("<a  b='1' />") == "<a  b='1' />"


def test_sources_of_a_definition() -> None:
    found = disks(
        "<domain><devices>"
        "<disk type='file' device='disk'><driver type='qcow2'/><source file='/a.qcow2'/>"
        "<backingStore type='file'><source file='/b.qcow2'/><backingStore type='file'><source file='/c.raw'/>"
        "</backingStore></backingStore><target dev='vda'/></disk>"
        "<disk type='file' device='cdrom'><target dev='sda'/><readonly/></disk>"
        "<disk type='volume' device='disk'><source pool='p' volume='v'/><target dev='vdb'/><shareable/></disk>"
        "<disk type='network' device='disk'><source protocol='rbd' name='pool/image'/><target dev='vdc'/></disk>"
        "</devices></domain>"
    )
    assert [(disk.target, disk.path, disk.pool, disk.where, disk.backing) for disk in found] == [
        ("vda", "/a.qcow2", "", "", ("/b.qcow2", "/c.raw")),
        ("vdb", "", "p", "", ()),
        ("vdc", "", "", "rbd pool/image", ()),
    ]
    assert found[1].shareable and found[0].format == "qcow2"
    assert disks("<broken") == ()
