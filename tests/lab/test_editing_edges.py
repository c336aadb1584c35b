"""Machines without a definition, guests that do not let go, drives whose tray is locked."""

from __future__ import annotations

import time
from pathlib import Path

from app.editing.outcome import Fate
from app.editing.session import EditSession
from app.errors import Busy
from app.jobs.runner import JobRunner
from app.xmldoc.document import Document
from tests.lab import guests
from tests.lab.editing_stage import change, editing, inactive, live
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost


def test_a_machine_without_definition_takes_what_can_be_done_now(root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, "transient")
    file = root_host.root / "transient.xml"
    file.write_text(guest.xml(inactive=True), encoding="utf-8")
    root_host.virsh("undefine", "transient")
    root_host.virsh("create", str(file))
    path = guests.make_disk(root_host, "more.qcow2", "16M")

    async def test(session: EditSession, jobs: JobRunner) -> None:
        assert not session.persistent

        def edit(document: Document) -> None:
            document.insert(guests.disk(path, dev="vdb"))
            document.set("on_crash", "preserve")

        session.edit("both", edit)
        outcome = await session.apply(jobs)
        fates = {result.change.path: result.fate for result in outcome.results}
        assert fates == {"devices/disk": Fate.NOW, "on_crash": Fate.REFUSED}, outcome.words()
        assert [one.place for one in session.differences()] == ["on_crash"]
        assert session.foreign == ""

    editing(guest, test)
    assert "vdb" in root_host.virsh("domblklist", "transient")


def test_a_machine_that_was_undefined_while_it_ran(root_host: RootHost) -> None:
    """libvirt goes on giving the definition of that moment; what counts is what runs."""
    path, other = guests.make_disk(root_host, "more.qcow2", "16M"), guests.make_disk(root_host, "other.qcow2", "16M")
    guest = guests.define_boot_sector(root_host, "orphan").start()
    fresh = guests.disk(other, dev="vdc")

    async def test(session: EditSession, jobs: JobRunner) -> None:
        assert session.persistent
        root_host.virsh("undefine", "orphan")
        root_host.virsh("attach-disk", "orphan", str(path), "vdb", "--live", "--subdriver", "qcow2")
        await session.reload()
        assert not session.persistent
        assert {str(one.get("dev")) for one in session.document.find_all("devices/disk/target")} >= {"vdb"}
        assert (session.foreign, session.pending) == ("", ())
        before = session.base
        session.edit("add", lambda document: document.insert(fresh))
        session.edit("crash", lambda document: document.set("on_crash", "preserve"))
        outcome = await session.apply(jobs)
        fates = {result.change.path: result.fate for result in outcome.results}
        assert fates == {"devices/disk": Fate.NOW, "on_crash": Fate.REFUSED}, outcome.words()
        assert [one.place for one in session.differences()] == ["on_crash"]
        assert (session.foreign, session.conflicts) == ("", ())
        session.revert()
        assert session.base != before
        await session.reload()
        assert not session.edited
        session.edit("title", lambda document: document.set("title", "Alone"))
        outcome = await session.apply(jobs)
        assert [result.fate for result in outcome.results] == [Fate.NOW], outcome.words()
        assert not session.edited, session.diff_text()

    editing(guest, test)
    assert {"vdb", "vdc"} <= set(root_host.virsh("domblklist", "orphan").split())
    assert "Alone" in root_host.virsh("desc", "orphan", "--title", "--live")


def test_a_guest_that_does_not_let_go(root_host: RootHost) -> None:
    """A boot sector knows no hot-plug."""
    path = guests.make_disk(root_host, "more.qcow2", "16M")
    guest = guests.define_boot_sector(root_host, extra_devices=guests.disk(path, dev="vdb")).start()

    def remove(document: Document) -> None:
        document.remove_element(next(one for one in document.find_all("devices/disk") if document.get("target/@dev", "", one) == "vdb"))

    begun_s = time.monotonic()
    outcome = change(guest, remove)
    (result,) = outcome.results
    assert result.fate is Fate.NEXT
    assert isinstance(result.error, Busy), outcome.words()
    assert time.monotonic() - begun_s < 40
    assert "vdb" in root_host.virsh("domblklist", "boot")
    assert "vdb" not in root_host.virsh("domblklist", "boot", "--inactive")


def test_a_locked_tray(root_host: RootHost, tiny_iso: Path, second_iso: Path) -> None:
    guest: LabGuest = guests.define_linux(root_host)
    first, second = root_host.put(tiny_iso), root_host.put(second_iso)
    drive = "devices/disk[@device='cdrom']/source/@file"
    change(guest, lambda document: document.set(drive, str(first)))
    guest.start()
    guest.wait_serial("LEASE", 120)
    guest.type_text("mount /dev/sr0 /mnt\n")
    time.sleep(4)  # it locks the tray when it mounts
    outcome = change(guest, lambda document: document.set(drive, str(second)))
    (result,) = outcome.results
    assert result.fate is Fate.NEXT, outcome.words()
    assert isinstance(result.error, Busy)
    assert (live(guest).get(drive), inactive(guest).get(drive)) == (str(first), str(second))

    async def force(session: EditSession, jobs: JobRunner) -> None:
        (waiting,) = session.pending
        assert waiting.path == "devices/disk/source/@file"
        session.take_back()
        assert (await session.apply(jobs)).ok
        session.edit("again", lambda document: document.set(drive, str(second)))
        forced = await session.apply(jobs, force=True)
        assert forced.ok, forced.words()
        assert session.pending == ()

    editing(guest, force)
    assert live(guest).get(drive) == str(second)
