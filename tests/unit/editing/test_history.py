"""What is kept of definitions, by whom they were made, and bringing them back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.editing.difference_text import diff_text
from app.editing.history import History, Origin
from app.editing.passwords import hidden, without_passwords
from app.editing.recorder import Recorder
from app.editing.restore import bring_back, restore_as_edit
from app.editing.session import EditSession
from app.errors import Exists
from app.hosts.host_list import HostList
from app.virt import domains
from app.xmldoc.document import Document
from tests.unit.editing.machine import UUID, XML, edited, until

HOST = "qemu+ssh://root@box/system"


def test_the_last_fifty_with_time_and_origin(tmp_path: Path) -> None:
    history = History(tmp_path)
    for number in range(60):
        history.keep(HOST, UUID, "web", f"<domain><name>web</name><vcpu>{number}</vcpu></domain>", origin=list(Origin)[number % 3])
    entries = history.entries(HOST, UUID)
    assert len(entries) == 50
    assert [entry.origin for entry in entries[:3]] == [Origin.FOUND, Origin.OUTSIDE, Origin.OURS]
    assert "59" in history.read(entries[0])
    assert entries[0].when > entries[-1].when
    assert entries[0].name == "web"
    assert oct(entries[0].path.stat().st_mode & 0o777) == "0o600"


def test_the_same_again_is_not_kept_twice(tmp_path: Path) -> None:
    history = History(tmp_path)
    first = history.keep(HOST, UUID, "web", XML)
    assert history.keep(HOST, UUID, "web", XML, origin=Origin.OUTSIDE) == first
    assert len(history.entries(HOST, UUID)) == 1
    assert history.is_ours(HOST, UUID)
    assert not history.is_ours(HOST, "other")


def test_files_of_the_first_versions_are_read(tmp_path: Path) -> None:
    history = History(tmp_path)
    place = history.keep(HOST, UUID, "web", XML).parent
    (place / "20240102T030405.000006-old-name.xml").write_text("<domain/>")
    (place / "notes.xml").write_text("nothing of ours")
    oldest = history.entries(HOST, UUID)[-1]
    assert (oldest.name, oldest.origin, oldest.when.year) == ("old-name", Origin.OURS, 2024)
    assert len(history.entries(HOST, UUID)) == 2
    assert list(history.machines(HOST)) == [UUID]


@pytest.mark.parametrize(
    "secret",
    [
        "<graphics type='vnc' passwd='hunter2'/>",
        "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:arg value='-object'/>"
        "<qemu:arg value='secret,id=a,data=hunter2'/></qemu:commandline>",
        "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
        "<qemu:arg value='vnc=:1,password=hunter2,x=y'/></qemu:commandline>",
    ],
)
def test_passwords_never_enter_it(tmp_path: Path, secret: str) -> None:
    xml = f"<domain><name>a</name>{secret}</domain>"
    path = History(tmp_path).keep(HOST, UUID, "a", xml)
    assert "hunter2" not in path.read_text()
    assert "hunter2" not in without_passwords(xml)
    shown = hidden(Document.parse(xml)).to_text()
    assert "hunter2" not in shown
    assert "hunter2" not in diff_text(Document.parse("<domain/>"), Document.parse(xml))


def test_restoring_keeps_the_passwords_of_now(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        old = without_passwords(session.base).replace("The web", "Long ago").replace(">web<", ">oldname<")
        restore_as_edit(session, old)
        assert session.document.get("title") == "Long ago"
        assert session.document.get("name") == "web"
        assert session.document.get("devices/graphics/@passwd") == "topsecret"
        session.undo()
        assert not session.edited

    edited(tmp_path, test)


def test_a_machine_that_was_removed_is_brought_back(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        history = History(tmp_path / "h")
        history.keep(session.host.id, UUID, "web", session.base)
        with pytest.raises(Exists):
            await bring_back(session.host, session.base)
        await domains.undefine(session.host.session, UUID)
        await until(lambda: UUID not in session.host.inventory.domains)
        (entry,) = history.machines(session.host.id).values()
        assert await bring_back(session.host, history.read(entry)) == UUID
        assert "The web" in await domains.xml(session.host.session, UUID)

    edited(tmp_path, test)


def test_the_recorder_tells_ours_from_others(tmp_path: Path) -> None:
    async def run() -> None:
        driver = tmp_path / "node.xml"
        driver.write_text("<node><domain type='test'><name>a</name><memory>65536</memory><os><type>hvm</type></os></domain></node>")
        hosts, history = HostList(), History(tmp_path / "h")
        recorder = Recorder(hosts, history)
        host = hosts.add(f"test://{driver}")
        await host.connect()
        await until(lambda: history.machines(host.id))
        (uuid,) = host.inventory.domains
        xml = await domains.xml(host.session, uuid, inactive=True)
        await domains.define(host.session, xml.replace("<name>a</name>", "<name>a</name><title>Theirs</title>"))
        await until(lambda: len(history.entries(host.id, uuid)) == 2)
        xml = await domains.xml(host.session, uuid, inactive=True)
        history.keep(host.id, uuid, "a", xml)
        await domains.define(host.session, xml.replace("Theirs", "Ours"))
        await until(lambda: len(history.entries(host.id, uuid)) == 3)
        recorder.close()
        await hosts.close()
        entries = history.entries(host.id, uuid)
        assert [entry.origin for entry in entries] == [Origin.OURS, Origin.OUTSIDE, Origin.FOUND]
        assert "Ours" in history.read(entries[0])
        assert "<title>" not in history.read(entries[2])

    asyncio.run(run())
