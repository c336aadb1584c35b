"""Deletion, saving and media with real guests and real files: libvirt and the file system agree afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.actions.catalogue import action
from app.actions.context import Context, Selection, Target
from app.actions.delete_plan import DeletePlan, DeleteRequest, StorageItem, StorageKind
from app.actions.media import insert_file
from app.hosts.host import Host
from app.hosts.host_list import HostList
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from app.model.records import DomainRecord, DomainRef, DomainState
from app.settings.store import Settings
from tests.lab import guests
from tests.lab.hosts import RootHost
from tests.lab.world import SessionWorld, World
from tests.scripted_ui import ScriptedUi


class Desk:
    """The program without a window, connected to a world."""

    def __init__(self, world: World, folder: Path) -> None:
        self.hosts = HostList()
        self.host: Host = self.hosts.add(world.uri, label="lab")
        self.ui = ScriptedUi(yes=True)
        self.ctx = Context(self.hosts, JobRunner(), Settings(folder / "config", folder / "state"), self.ui)

    def record(self, name: str) -> DomainRecord | None:
        return next((record for record in self.host.inventory.domains.values() if record.name == name), None)

    def target(self, name: str) -> Target:
        record = self.record(name)
        assert record is not None
        return Target(self.host, record)

    async def use(self, action_id: str, *names: str) -> Job:
        refs = tuple(DomainRef(self.host.id, self.target(name).record.uuid) for name in names)
        await action(action_id).run(self.ctx, Selection(domains=refs))
        return self.ctx.jobs.jobs[-1]

    async def seen(self, check: Callable[[], bool]) -> None:
        changed = asyncio.Event()
        link = self.host.inventory.changed.connect(lambda _change: changed.set())
        while not check():
            changed.clear()
            await changed.wait()
        link.disconnect()


def at_desk(world: World, folder: Path, test: Callable[[Desk], Awaitable[None]]) -> None:
    """Runs ``test`` with the machines of the world listed."""

    async def main() -> None:
        desk = Desk(world, folder)
        await desk.host.connect()
        try:
            names = set(world.domains())
            await desk.seen(lambda: {record.name for record in desk.host.inventory.domains.values()} == names)
            await test(desk)
        finally:
            await desk.ctx.jobs.close()
            await desk.hosts.close()

    asyncio.run(asyncio.wait_for(main(), 90))


def volume_path(host: RootHost, name: str) -> Path:
    return Path(host.virsh("vol-path", "--pool", "default", name).strip())


def everything(plan: DeletePlan) -> DeleteRequest:
    return DeleteRequest(plan, frozenset(item.key for item in plan.storage if item.tick))


def items_of(desk: Desk) -> dict[str, StorageItem]:
    return {Path(item.path).name: item for item in desk.ui.plans[-1].storage}


def test_a_running_guest_goes_with_its_disk_in_the_pool(root_host: RootHost, tmp_path: Path) -> None:
    root_host.virsh("vol-create-as", "default", "mine.qcow2", "64M", "--format", "qcow2")
    path = root_host.virsh("vol-path", "--pool", "default", "mine.qcow2").strip()
    guests.define_boot_sector(root_host, extra_devices=guests.disk(Path(path))).start()

    async def test(desk: Desk) -> None:
        desk.ui.delete = everything
        job = await desk.use("domain.delete", "boot")
        assert desk.ui.errors == []
        assert job.state is JobState.DONE
        item = items_of(desk)["mine.qcow2"]
        assert (item.kind, item.pool, item.format, item.tick) == (StorageKind.VOLUME, "default", "qcow2", True)
        assert desk.ui.plans[-1].machines[0].running

    at_desk(root_host, tmp_path, test)
    assert root_host.domains() == []
    assert "mine.qcow2" not in root_host.virsh("vol-list", "default")


def test_bases_and_shared_disks_are_named_and_kept(root_host: RootHost, tmp_path: Path) -> None:
    root_host.virsh("vol-create-as", "default", "base.qcow2", "64M", "--format", "qcow2")
    for name in ("top1.qcow2", "top2.qcow2"):
        base = ("--backing-vol", "base.qcow2", "--backing-vol-format", "qcow2")
        root_host.virsh("vol-create-as", "default", name, "64M", "--format", "qcow2", *base)
    paths = {name: volume_path(root_host, f"{name}.qcow2") for name in ("base", "top1", "top2")}
    for number in (1, 2):
        guests.define_boot_sector(root_host, f"guest{number}", extra_devices=guests.disk(paths[f"top{number}"]))
    guests.define_boot_sector(root_host, "owner", extra_devices=guests.disk(paths["base"]))

    async def test(desk: Desk) -> None:
        await desk.use("domain.delete", "guest1")
        items = items_of(desk)
        assert items["top1.qcow2"].tick and not items["top1.qcow2"].used_by
        assert list(items["base.qcow2"].used_by) == ["guest2", "owner"] and not items["base.qcow2"].tick
        await desk.use("domain.delete", "owner")
        assert list(items_of(desk)["base.qcow2"].used_by) == ["guest1", "guest2"]
        assert not items_of(desk)["base.qcow2"].tick
        desk.ui.delete = everything
        assert (await desk.use("domain.delete", "guest1")).state is JobState.DONE

    at_desk(root_host, tmp_path, test)
    left = root_host.virsh("vol-list", "default")
    assert "top1" not in left and "top2" in left and "base" in left
    assert sorted(root_host.domains()) == ["guest2", "owner"]


def test_saved_state_and_snapshots_do_not_keep_it(root_host: RootHost, tmp_path: Path) -> None:
    root_host.virsh("vol-create-as", "default", "snap.qcow2", "64M", "--format", "qcow2")
    path = Path(root_host.virsh("vol-path", "--pool", "default", "snap.qcow2").strip())
    nowhere = "<memory unit='MiB'>32</memory><os><type arch='x86_64'>hvm</type></os>"
    root_host.define(f"<domain type='qemu'><name>snap</name>{nowhere}<devices>{guests.disk(path)}</devices></domain>")
    root_host.virsh("snapshot-create-as", "snap", "first")
    root_host.virsh("start", "snap")
    root_host.virsh("managedsave", "snap")

    async def test(desk: Desk) -> None:
        desk.ui.delete = everything
        job = await desk.use("domain.delete", "snap")
        assert desk.ui.errors == [] and job.state is JobState.DONE
        assert list(desk.ui.plans[0].machines[0].extras) == ["the saved state", "the list of 1 snapshot"]

    at_desk(root_host, tmp_path, test)
    assert root_host.domains() == []


def test_storage_that_cannot_be_deleted_is_told_and_tried_again(root_host: RootHost, tmp_path: Path) -> None:
    for name in ("one.qcow2", "two.qcow2"):
        root_host.virsh("vol-create-as", "default", name, "64M", "--format", "qcow2")
    paths = [Path(root_host.virsh("vol-path", "--pool", "default", name).strip()) for name in ("one.qcow2", "two.qcow2")]
    devices = guests.disk(paths[0]) + guests.disk(paths[1], dev="vdb")
    guests.define_boot_sector(root_host, extra_devices=devices)

    async def test(desk: Desk) -> None:
        def pool_stops(plan: DeletePlan) -> DeleteRequest:
            root_host.virsh("pool-destroy", "default")
            return everything(plan)

        desk.ui.delete = pool_stops
        job = await desk.use("domain.delete", "boot")
        assert job.state is JobState.FAILED and root_host.domains() == []
        (error,) = desk.ui.errors
        assert "3 of 3" in str(error) and "one.qcow2" in error.why and "two.qcow2" in error.why
        assert "one.qcow2" in job.result
        root_host.virsh("pool-start", "default")
        again = desk.ctx.jobs.retry(job)
        assert again is not None and await again.wait() is JobState.DONE

    at_desk(root_host, tmp_path, test)
    assert "one.qcow2" not in root_host.virsh("vol-list", "default")


def test_loose_files_of_a_session(session_world: SessionWorld, tmp_path: Path) -> None:
    image = guests.make_disk(session_world, "loose.qcow2", "32M")
    guests.define_boot_sector(session_world, extra_devices=guests.disk(image))
    boot = session_world.images / "boot.img"

    async def test(desk: Desk) -> None:
        desk.ui.delete = everything
        assert (await desk.use("domain.delete", "boot")).state is JobState.DONE
        assert items_of(desk)["loose.qcow2"].kind is StorageKind.FILE

    at_desk(session_world, tmp_path, test)
    assert not image.exists() and not boot.exists()


def test_save_and_go_on(session_world: SessionWorld, tmp_path: Path) -> None:
    guest = guests.define_boot_sector(session_world).start()

    async def test(desk: Desk) -> None:
        assert (await desk.use("domain.save", "boot")).state is JobState.DONE
        await desk.seen(lambda: (record := desk.record("boot")) is not None and bool(record.managed_save))
        assert guest.state == "shut off"
        await desk.use("domain.start-paused", "boot")
        await desk.seen(lambda: desk.target("boot").record.state is DomainState.PAUSED)
        await desk.use("domain.resume", "boot")
        await desk.seen(lambda: desk.target("boot").record.state is DomainState.RUNNING)
        await desk.use("domain.force-off", "boot")
        await desk.seen(lambda: desk.target("boot").record.state is DomainState.SHUTOFF)
        assert desk.ui.errors == []

    at_desk(session_world, tmp_path, test)


def test_start_with_emulation(session_world: SessionWorld, tmp_path: Path) -> None:
    guest = guests.define_boot_sector(session_world)
    xml = session_world.virsh("dumpxml", "--inactive", "boot")
    xml = xml.replace("type='qemu'", "type='kvm'", 1).replace("</vcpu>", "</vcpu><cpu mode='host-passthrough'/>", 1)
    session_world.define(xml)

    async def test(desk: Desk) -> None:
        job = await desk.use("domain.start-emulated", "boot")
        assert desk.ui.errors == [] and job.state is JobState.DONE
        assert desk.ui.questions[-1].items

    at_desk(session_world, tmp_path, test)
    assert guest.state == "running"
    assert "mode='maximum'" in session_world.virsh("dumpxml", "--inactive", "boot")


def test_a_medium_goes_in_and_out(session_world: SessionWorld, second_iso: Path, tmp_path: Path) -> None:
    guest = guests.define_boot_sector(session_world, extra_devices=guests.cdrom()).start()
    before = guest.screenshot()
    guest.send_keys("KEY_A")
    guest.wait_picture(other_than=before)  # the firmware has let go of the drive
    iso = session_world.put(second_iso)

    async def test(desk: Desk) -> None:
        await insert_file(desk.ctx, desk.target("boot"), iso)
        assert desk.ui.errors == [] and desk.ctx.jobs.jobs[-1].state is JobState.DONE
        assert str(iso) in session_world.virsh("domblklist", "boot")
        assert (await desk.use("domain.eject-medium", "boot")).state is JobState.DONE
        assert str(iso) not in session_world.virsh("domblklist", "boot")

    at_desk(session_world, tmp_path, test)


def test_a_picture_of_a_real_screen(session_world: SessionWorld, tmp_path: Path) -> None:
    guests.define_boot_sector(session_world).start()

    async def test(desk: Desk) -> None:
        desk.ui.file = tmp_path / "picture.png"
        job = await desk.use("domain.screenshot-file", "boot")
        assert job.state is JobState.DONE

    at_desk(session_world, tmp_path, test)
    assert list(tmp_path.glob("picture.*"))
