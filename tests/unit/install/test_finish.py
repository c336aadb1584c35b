"""What is undone after an installation, and when."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.hosts.host_list import HostList
from app.install import completion, finish
from app.install.attendant import Attendant
from app.install.stage import Cd, From, Kernel, Stage
from app.model.records import DomainRecord, DomainRef, DomainState
from app.settings.store import Settings
from app.virt import domains, lifecycle, storage
from app.virt.lifecycle import ShutdownMode
from app.xmldoc import Document
from tests.unit.actions.practice import OFF, Practice, plain_xml, practise, uuid_of
from tests.unit.install.create_cases import definition

EJECTED = Stage((Cd("/a.iso", eject=True), Cd("/b.iso", remove=True), Cd("/c.iso")), (From.CD, From.DISK))


def noted(stage: Stage, name: str = "m") -> str:
    """A practice machine with that note."""
    doc = Document.parse(plain_xml(name))
    metadata = doc.insert("<metadata/>", parent="")
    metadata.append(finish.marker(stage, list(zip(stage.cds, ("sda", "sdb", "sdc"), strict=False))))
    doc.set("os/kernel", "/k")
    doc.set("os/initrd", "/i")
    return doc.to_text()


def test_a_note_comes_back_as_it_was_written() -> None:
    stage = Stage(EJECTED.cds, EJECTED.boot, Kernel("/k", "/i"), temporary=("/k", "/i"), restarts=True)
    note = finish.read(Document.parse(noted(stage)))
    assert note == finish.Note(True, ("sda",), ("sdb",), True, True, ("/k", "/i"))


def test_nothing_to_do_is_no_note_and_no_change() -> None:
    text = plain_xml("m")
    assert finish.final(text) == text
    assert not Stage((Cd("/a.iso"),)).passing


def test_what_the_user_changed_meanwhile_stays() -> None:
    doc = Document.parse(definition("url-tree"))
    doc.set("memory", "4096")
    doc.set("description", "mine")
    last = Document.parse(finish.final(doc.to_text()))
    assert (last.get("memory"), last.get("description"), last.find("os/kernel")) == ("4096", "mine", None)
    assert last.get("on_reboot") == "restart"
    assert finish.read(last) is None


def test_drives_are_emptied_or_taken_out_and_the_disk_leads() -> None:
    doc = Document.parse(definition("debian-over-old-disk"))
    assert doc.get("devices/disk[@device='cdrom']/boot/@order") == "1"
    last = Document.parse(finish.final(doc.to_text()))
    assert last.get("devices/disk[@device='cdrom']/boot/@order") == "2"
    assert last.get("devices/disk[@device='disk']/boot/@order") == "1"
    assert last.find("devices/disk[@device='cdrom']/source") is None
    note = finish.Note(remove=("sda",))
    finish.apply(last, note)
    assert last.find("devices/disk[@device='cdrom']") is None


def test_kinds_of_device_are_turned_round_where_devices_have_no_order() -> None:
    doc = Document.parse(definition("xen-hvm"))
    entries = doc.find_all("os/boot")
    entries[0].set("dev", "cdrom")
    entries[1].set("dev", "hd")
    finish.apply(doc, finish.Note(disk_first=True))
    assert [entry.get("dev") for entry in doc.find_all("os/boot")] == ["hd", "cdrom"]


def off(name: str, reason: int) -> DomainRecord:
    return DomainRecord(uuid_of(name), name, state=DomainState.SHUTOFF, reason=reason)


@pytest.mark.parametrize(("reason", "changed"), [(1, True), (2, False), (3, False), (0, False)])
def test_only_a_system_that_ended_itself_is_installed(tmp_path: Path, reason: int, changed: bool) -> None:
    async def test(practice: Practice) -> None:
        session = practice.host.session
        await domains.define(session, noted(Stage(kernel=Kernel("/k", "/i"), restarts=True)))
        done = await completion.went_off(session, off("m", reason))
        assert done == completion.Completed(changed, changed)
        kernel = Document.parse(await domains.xml(session, uuid_of("m"), inactive=True)).get("os/kernel")
        assert kernel == (None if changed else "/k")
        assert await completion.pending(session, uuid_of("m")) is not changed

    practise(tmp_path, {"a": OFF}, test)


def test_what_others_change_meanwhile_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(practice: Practice) -> None:
        session = practice.host.session
        asked: list[bool] = []
        await domains.define(session, noted(Stage(kernel=Kernel("/k", "/i"))))

        async def written(*_args: object) -> bool:
            if not asked:
                doc = Document.parse(await domains.xml(session, uuid_of("m"), inactive=True, secure=True))
                doc.set("description", "of another program")
                await domains.define(session, doc.to_text())
            asked.append(True)
            return True

        monkeypatch.setattr(completion, "_written", written)
        assert (await completion.went_off(session, off("m", 1))).changed
        last = Document.parse(await domains.xml(session, uuid_of("m"), inactive=True))
        assert (last.get("description"), last.find("os/kernel")) == ("of another program", None)

    practise(tmp_path, {"a": OFF}, test)


@pytest.mark.parametrize(("name", "deleted"), [("os/initrd", ["/k", "/i"]), ("os/kernel", ["/i"]), ("os/dtb", ["/i"])])
def test_a_file_that_another_machine_uses_is_not_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, deleted: list[str]
) -> None:
    """A copy of a machine that was being installed has the note too."""

    async def test(practice: Practice) -> None:
        session = practice.host.session
        gone: list[str] = []

        async def delete(_session: object, path: str) -> None:
            gone.append(path)

        monkeypatch.setattr(storage, "delete_volume", delete)
        doc = Document.parse(plain_xml("other"))
        doc.set(name, "/other" if name == "os/initrd" else "/k")
        await domains.define(session, doc.to_text())
        await domains.define(session, noted(Stage(kernel=Kernel("/k", "/i"), temporary=("/k", "/i"))))
        assert (await completion.went_off(session, off("m", 1))).changed
        assert gone == deleted

    practise(tmp_path, {"a": OFF}, test)


def test_files_that_the_machine_does_not_start_from_are_never_deleted() -> None:
    doc = Document.parse(noted(Stage(kernel=Kernel("/k", "/i"), temporary=("/k", "/etc/passwd"))))
    note = finish.read(doc)
    assert note is not None
    assert finish.deletable(doc, note) == ["/k"]


def test_the_attendant_finishes_what_goes_off_and_remembers_what_does_not(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        settings, host = Settings(tmp_path / "c", tmp_path / "s"), practice.host
        attendant = Attendant(practice.ctx.hosts, settings)
        finished: list[DomainRef] = []
        attendant.finished.connect(finished.append)
        host.loaded.emit(host)
        ref = practice.ref("m")
        await domains.define(host.session, noted(Stage(kernel=Kernel("/k", "/i"))))
        await _until(lambda: attendant.watched == [ref])
        await lifecycle.start(host.session, ref.uuid)
        await _until(lambda: (record := practice.record("m")) is not None and record.active)
        assert finished == []
        await lifecycle.shutdown(host.session, ref.uuid, ShutdownMode.DEFAULT)
        await _until(lambda: finished == [ref])
        assert attendant.watched == []
        assert Document.parse(await domains.xml(host.session, ref.uuid, inactive=True)).find("os/kernel") is None
        attendant.close()

    practise(tmp_path, {"a": OFF}, test)


def test_what_went_off_while_the_program_did_not_run_is_finished_at_the_next_start(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        settings, host, ref = Settings(tmp_path / "c", tmp_path / "s"), practice.host, practice.ref("m")
        await domains.define(host.session, noted(Stage(kernel=Kernel("/k", "/i"))))
        await lifecycle.start(host.session, ref.uuid)
        first = Attendant(practice.ctx.hosts, settings)
        await host.refresh()
        first._remember(ref, True)
        first.close()
        await lifecycle.shutdown(host.session, ref.uuid, ShutdownMode.DEFAULT)
        await host.refresh()
        second = Attendant(HostList(), settings)
        second._attend(host)
        host.loaded.emit(host)
        await _until(lambda: second.watched == [])
        assert Document.parse(await domains.xml(host.session, ref.uuid, inactive=True)).find("os/kernel") is None
        second.close()

    practise(tmp_path, {"a": OFF}, test)


async def _until(check: object, seconds: float = 10) -> None:
    assert callable(check)
    for _ in range(int(seconds * 50)):
        if check():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited in vain")
