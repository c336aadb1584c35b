"""Media change in a running machine; what stands in the way is said with a way on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import pytest

from app.errors import Busy, NotFound, Unsupported
from app.install import media_drive
from app.install.media_drive import Done
from app.virt.session import Session
from app.xmldoc import Document
from tests.lab import guests
from tests.lab.hosts import RootHost
from tests.lab.media import READY_TEXT
from tests.lab.world import wait_for

GUEST = """<domain type='qemu'><name>{name}</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='{machine}'>hvm</type></os><features><acpi/></features>
<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>{devices}
<graphics type='vnc'><listen type='socket'/></graphics></devices></domain>"""


def drive(bus: str, source: str = "", target: str = "sda") -> str:
    inner = f"<source file='{source}'/>" if source else ""
    head = "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>"
    return f"{head}{inner}<target dev='{target}' bus='{bus}'/><readonly/></disk>"


def guest(host: RootHost, devices: str, *, machine: str = "q35", name: str = "g") -> str:
    host.define(GUEST.format(name=name, machine=machine, devices=devices))
    host.virsh("start", name)
    return host.virsh("domuuid", name).strip()


def on(host: RootHost, work: object) -> None:
    """Runs ``work(session)`` with a session of the program on the host."""

    async def main() -> None:
        session = Session(host.uri)
        await session.open()
        try:
            step = work(session)  # type: ignore[operator]
            assert isinstance(step, Awaitable)
            await step
        finally:
            await session.close()

    asyncio.run(main())


@pytest.fixture
def iso(root_host: RootHost, second_iso: Path) -> Path:
    return root_host.put(second_iso)


@pytest.mark.parametrize(("machine", "bus", "target"), [("q35", "sata", "sda"), ("q35", "scsi", "sda"), ("pc", "ide", "hda")])
def test_empty_drive_is_filled_and_emptied(root_host: RootHost, iso: Path, machine: str, bus: str, target: str) -> None:
    scsi = "<controller type='scsi' model='virtio-scsi'/>" if bus == "scsi" else ""
    uuid = guest(root_host, scsi + drive(bus, target=target), machine=machine)
    before = Document.parse(root_host.virsh("dumpxml", "g", "--inactive"))

    async def work(session: Session) -> None:
        done = await media_drive.insert(session, uuid, str(iso), active=True)
        assert (done.how, done.target) == (Done.CHANGED, target)
        assert str(iso) in root_host.virsh("dumpxml", "g")
        assert str(iso) in root_host.virsh("dumpxml", "g", "--inactive")
        await media_drive.eject(session, uuid, target, active=True)
        assert Document.parse(root_host.virsh("dumpxml", "g", "--inactive")).to_text() == before.to_text()

    on(root_host, work)


def test_no_drive_but_a_scsi_controller(root_host: RootHost, iso: Path) -> None:
    uuid = guest(root_host, "<controller type='scsi' model='virtio-scsi'/>")

    async def work(session: Session) -> None:
        done = await media_drive.insert(session, uuid, str(iso), active=True)
        assert done.how is Done.ADDED
        drives = await media_drive.list_drives(session, uuid, active=True)
        assert [(one.bus, one.medium) for one in drives] == [("scsi", str(iso))]
        again = await media_drive.list_drives(session, uuid, active=False)
        assert again == drives

    on(root_host, work)


def test_no_drive_but_usb(root_host: RootHost, iso: Path) -> None:
    uuid = guest(root_host, "<controller type='usb' model='qemu-xhci'/>")

    async def work(session: Session) -> None:
        done = await media_drive.insert(session, uuid, str(iso), active=True)
        assert done.how is Done.ADDED
        assert [one.bus for one in await media_drive.list_drives(session, uuid, active=True)] == ["usb"]

    on(root_host, work)


def test_no_drive_and_no_way_but_the_next_start(root_host: RootHost, iso: Path) -> None:
    uuid = guest(root_host, "<controller type='usb' model='none'/>")

    async def work(session: Session) -> None:
        with pytest.raises(Unsupported) as caught:
            await media_drive.insert(session, uuid, str(iso), active=True)
        assert "next start" in caught.value.next_step
        done = await media_drive.add_for_next_start(session, uuid, str(iso))
        assert done.how is Done.NEXT_START
        root_host.virsh("destroy", "g")
        root_host.virsh("start", "g")
        assert [one.medium for one in await media_drive.list_drives(session, uuid, active=True)] == [str(iso)]

    on(root_host, work)


def test_off_machine(root_host: RootHost, iso: Path) -> None:
    uuid = guest(root_host, drive("sata"))
    root_host.virsh("destroy", "g")

    async def work(session: Session) -> None:
        done = await media_drive.insert(session, uuid, str(iso), active=False)
        assert done.how is Done.NEXT_START
        assert str(iso) in root_host.virsh("dumpxml", "g", "--inactive")

    on(root_host, work)


def test_medium_that_is_gone(root_host: RootHost, tmp_path: Path) -> None:
    uuid = guest(root_host, drive("sata"))

    async def work(session: Session) -> None:
        with pytest.raises(NotFound) as caught:
            await media_drive.insert(session, uuid, str(tmp_path / "gone.iso"), active=True)
        assert "gone.iso" in caught.value.what
        assert caught.value.next_step
        assert [one.empty for one in await media_drive.list_drives(session, uuid, active=True)] == [True]

    on(root_host, work)


def test_iso_deleted_while_in_use_can_be_ejected(root_host: RootHost, iso: Path) -> None:
    uuid = guest(root_host, drive("sata", str(iso)))
    iso.unlink()

    async def work(session: Session) -> None:
        await media_drive.eject(session, uuid, "sda", active=True, force=True)
        assert [one.empty for one in await media_drive.list_drives(session, uuid, active=True)] == [True]
        assert root_host.state("g") == "running"

    on(root_host, work)


def lock_tray(linux: guests.LabGuest) -> None:
    """Mounts the CD in the guest, which says on its serial port that it has (looking at the drive locks it for an instant too)."""
    linux.type_text("mount /dev/sr0 /mnt && echo cd-is-mounted >/dev/ttyS1\n")
    linux.wait_serial("cd-is-mounted")
    wait_for(lambda: "locked" in linux.world.virsh("qemu-monitor-command", linux.name, "--hmp", "info block"), "a locked tray", 10)


def test_locked_tray_needs_force(root_host: RootHost, tiny_iso: Path, second_iso: Path) -> None:
    second = root_host.put(second_iso)
    linux = guests.define_iso(root_host, tiny_iso, "g").start()
    linux.wait_serial(READY_TEXT)
    lock_tray(linux)
    uuid = linux.uuid

    async def work(session: Session) -> None:
        with pytest.raises(Busy) as caught:
            await media_drive.insert(session, uuid, str(second), active=True)
        assert "locked" in caught.value.why
        assert [one.medium for one in await media_drive.list_drives(session, uuid, active=True)] != [str(second)]
        await media_drive.insert(session, uuid, str(second), active=True, force=True)
        assert [one.medium for one in await media_drive.list_drives(session, uuid, active=True)] == [str(second)]

    on(root_host, work)
