"""A machine is made from a medium on a real host and boots; what fails is taken back and said."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.errors import Exists, HostelryError, NoSpace, NotFound
from app.hosts.host import Host
from app.install import access, check, defaults, media_drive
from app.install.create import create
from app.install.gather import gather
from app.install.media import recognise
from app.install.media_drive import Done
from app.install.plan import Delivery, DiskKind, DiskPlan, NetworkKind, NetworkPlan, Plan, Recommended, Way
from app.install.survey import Survey
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from app.virt import domains
from app.virt.kvm import AccelChoice
from app.xmldoc import Document
from tests.lab import hosts
from tests.lab.hosts import RootHost
from tests.lab.world import SessionWorld, World


@asynccontextmanager
async def connected(world: World) -> AsyncIterator[Host]:
    """A host of the program on the lab's world, with its lists read; new machines are emulated."""
    host = Host(world.uri, accel_choice=AccelChoice.EMULATION)
    try:
        await host.connect()
        await until(lambda: (host.record is not None and "emulat" in host.accel.reason.lower()) or host.accel.reason != "")
        await host.refresh()
        yield host
    finally:
        await host.disconnect()


async def until(check_it: Callable[[], object], seconds: float = 60) -> None:
    for _ in range(int(seconds * 20)):
        if check_it():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("waited in vain")


async def until_async(check_it: Callable[[], Awaitable[object]], seconds: float = 90) -> None:
    for _ in range(int(seconds * 2)):
        if await check_it():
            return
        await asyncio.sleep(0.5)
    raise AssertionError("waited in vain")


async def planned(host: Host, iso: Path) -> tuple[Plan, Survey]:
    survey = await gather(host)
    return defaults.recommend(await recognise(str(iso)), survey), survey


def run(work: Awaitable[None]) -> None:
    async def main() -> None:
        await work

    asyncio.run(main())


def disk_of(world: World, name: str) -> Path | None:
    doc = Document.parse(world.virsh("dumpxml", name))
    path = doc.get("devices/disk[@device='disk']/source/@file")
    return Path(path) if path else None


def test_from_an_iso_to_a_booted_guest(root_host: RootHost, tiny_iso: Path, second_iso: Path) -> None:
    iso, other = root_host.put(tiny_iso), root_host.put(second_iso)

    async def work() -> None:
        async with connected(root_host) as host:
            plan, survey = await planned(host, iso)
            assert plan.system.name.short_id == "debian11"
            assert not [problem for problem in check.problems(plan, survey) if problem.blocks]
            plan = plan.choose("memory", 512)
            job = Job("make")
            ref = await create(host, plan, job)
            assert root_host.state("debian11") == "running"
            assert job.left_behind == []
            assert "type='qemu'" in root_host.virsh("dumpxml", "debian11")
            await sees(host, ref.uuid, (0, 0, 170))
            inserted = await media_drive.insert(host.session, ref.uuid, str(other), active=True, force=True)
            assert inserted.how is Done.CHANGED
            assert str(other) in root_host.virsh("domblklist", "debian11")
            assert str(other) in root_host.virsh("dumpxml", "debian11", "--inactive")
            await media_drive.eject(host.session, ref.uuid, inserted.target, active=True)
            drives = await media_drive.list_drives(host.session, ref.uuid, active=True)
            assert [drive.empty for drive in drives] == [True]

    run(work())


async def sees(host: Host, uuid: str, colour: tuple[int, int, int]) -> None:
    """Waits until most of the guest's screen has that colour."""

    async def look() -> bool:
        _mime, data = await domains.screenshot(host.session, uuid)
        picture = QImage.fromData(data).scaled(40, 30)
        pixels = [picture.pixelColor(x, y).toRgb() for x in range(40) for y in range(30)]
        return sum((pixel.red(), pixel.green(), pixel.blue()) == colour for pixel in pixels) > len(pixels) // 2

    await until_async(look)


def test_create_only_leaves_it_off(root_host: RootHost, tiny_iso: Path) -> None:
    iso = root_host.put(tiny_iso)

    async def work() -> None:
        async with connected(root_host) as host:
            plan, _survey = await planned(host, iso)
            await create(host, plan, Job("make"), start=False)
            assert root_host.state("debian11") == "shut off"
            before = root_host.virsh("dumpxml", "--inactive", "debian11")
            root_host.define(before)  # libvirt takes its own words back unchanged: nothing was dropped
            assert root_host.virsh("dumpxml", "--inactive", "debian11") == before

    run(work())


def test_name_taken_meanwhile(root_host: RootHost, tiny_iso: Path) -> None:
    iso = root_host.put(tiny_iso)

    async def work() -> None:
        async with connected(root_host) as host:
            plan, _survey = await planned(host, iso)
            await create(host, plan, Job("make"), start=False)
            await until(lambda: any(domain.name == "debian11" for domain in host.inventory.domains.values()))
            with pytest.raises(Exists) as caught:
                await create(host, plan, Job("make"), start=False)
            assert "debian11-2" in str(caught.value)
            again, _survey = await planned(host, iso)
            assert again.name.value == "debian11-2"

    run(work())


def test_start_fails_and_everything_is_taken_back(root_host: RootHost, tiny_iso: Path) -> None:
    iso = root_host.put(tiny_iso)

    async def work() -> None:
        async with connected(root_host) as host:
            plan, _survey = await planned(host, iso)
            iso.unlink()
            job = Job("make")
            with pytest.raises(NotFound) as caught:
                await create(host, plan, job)
            assert caught.value.next_step
            assert root_host.domains() == []
            assert list(root_host.images.iterdir()) == []
            assert job.left_behind == []

    run(work())


def test_cancelled_half_way(root_host: RootHost, tmp_path: Path, tiny_iso: Path) -> None:
    big = tmp_path / "big.raw"
    with big.open("wb") as file:
        for _ in range(1200):
            file.write(os.urandom(1 << 20))

    async def work() -> None:
        async with connected(root_host) as host:
            plan, _survey = await planned(host, tiny_iso)
            plan = plan.choose("disk", DiskPlan(DiskKind.COPY, 1200 << 20, "default", str(big), "raw"))
            root_host.virsh("pool-refresh", "default")  # a file of the test before may still be listed
            before = root_host.virsh("vol-list", "default")
            runner = JobRunner()

            async def make(job: Job) -> None:
                await create(host, plan, job)

            job = runner.run("make", make)
            await until(lambda: (job.fraction or 0) > 0.02 or job.over)
            runner.cancel(job)
            assert await job.wait() is JobState.CANCELLED
            assert root_host.virsh("vol-list", "default") == before
            assert root_host.domains() == []
            await runner.close()

    run(work())


def test_pool_without_space(root_host: RootHost, tiny_iso: Path) -> None:
    iso = root_host.put(tiny_iso)
    folder = root_host.images / "small"
    folder.mkdir()
    root_host.run_inside("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder))
    root_host.virsh("pool-create-as", "small", "dir", "--target", str(folder))

    async def work() -> None:
        async with connected(root_host) as host:
            await host.refresh()
            plan, survey = await planned(host, iso)
            plan = plan.choose("disk", replace(plan.disk.value, pool="small"))
            assert any(problem.field == "disk" and problem.blocks for problem in check.problems(plan, survey))
            with pytest.raises(NoSpace) as caught:
                await create(host, plan, Job("make"))
            assert "small" in str(caught.value)
            assert root_host.domains() == []

    try:
        run(work())
    finally:
        root_host.virsh("pool-destroy", "small")
        root_host.run_inside("umount", str(folder))


def test_network_and_pool_that_are_off_are_started(root_host: RootHost, tiny_iso: Path) -> None:
    iso = root_host.put(tiny_iso)
    root_host.virsh("net-destroy", "default", check=False)
    root_host.virsh("pool-destroy", "default", check=False)

    async def work() -> None:
        async with connected(root_host) as host:
            plan, _survey = await planned(host, iso)
            assert plan.network.value == NetworkPlan(NetworkKind.NETWORK, "default", start=True)
            assert "started" in plan.network.reason
            await create(host, plan.choose("memory", 256), Job("make"))
            assert root_host.state("debian11") == "running"
            assert "active" in root_host.virsh("net-list").replace("inactive", "")

    run(work())


def test_standard_pool_is_made_where_there_is_none(session_world: SessionWorld, tiny_iso: Path) -> None:
    iso = session_world.put(tiny_iso)

    async def work() -> None:
        async with connected(session_world) as host:
            plan, survey = await planned(host, iso)
            assert survey.session
            assert plan.network.value.kind is NetworkKind.USER
            folder = session_world.images / "pool"
            session_world.virsh("pool-define-as", "default", "dir", "--target", str(folder))
            await host.refresh()
            plan, survey = await planned(host, iso)
            await create(host, plan.choose("memory", 256), Job("make"))
            assert session_world.state("debian11") == "running"
            made = disk_of(session_world, "debian11")
            assert made is not None and made.parent == folder

    try:
        run(work())
    finally:
        session_world.virsh("pool-destroy", "default", check=False)
        session_world.virsh("pool-undefine", "default", check=False)


@pytest.fixture
def careful_host() -> Iterator[RootHost]:
    """A host whose QEMU runs as an unprivileged user, as distributions set it up."""
    if reason := hosts.why_not():
        pytest.skip(reason)
    with RootHost("careful", qemu_user="libvirt-qemu") as host:
        yield host


def test_folder_that_the_hypervisor_cannot_enter(careful_host: RootHost, tiny_iso: Path) -> None:
    root_host = careful_host
    home = (
        careful_host.root / "home of a user"
    )  # not in pytest's folder: every run of pytest sets that one's mode, and so its mask
    home.mkdir(mode=0o700)
    iso = home / "mine.iso"
    shutil.copy(tiny_iso, iso)

    async def work() -> None:
        async with connected(root_host) as host:
            found = await access.check(host, str(iso))
            assert not found.ok and not found.remote
            assert str(home) in [entry.path for entry in found.grants]
            plan, _survey = await planned(host, iso)
            with pytest.raises(HostelryError):
                await create(host, plan.choose("memory", 256), Job("make"))
            assert root_host.domains() == []
            granted = replace(plan.choose("memory", 256), delivery=Delivery(Way.GRANT, found))
            await create(host, granted, Job("make"))
            assert root_host.state("debian11") == "running"
            assert (await access.check(host, str(iso))).ok

    run(work())


def test_medium_copied_to_a_pool(root_host: RootHost, tiny_iso: Path) -> None:
    copies: list[Path] = []

    async def work() -> None:
        async with connected(root_host) as host:
            plan, _survey = await planned(host, tiny_iso)
            plan = replace(plan.choose("memory", 256), delivery=Delivery(Way.COPY))
            ref = await create(host, plan, Job("make"))
            assert root_host.state("debian11") == "running"
            drives = await media_drive.list_drives(host.session, ref.uuid, active=True)
            copies.append(Path(drives[0].medium))

    run(work())
    assert copies[0].parent == root_host.images
    assert copies[0].read_bytes() == tiny_iso.read_bytes()


def test_no_network_no_disk(root_host: RootHost, tiny_iso: Path) -> None:
    iso = root_host.put(tiny_iso)

    async def work() -> None:
        async with connected(root_host) as host:
            plan, _survey = await planned(host, iso)
            plan = plan.choose("disk", DiskPlan(DiskKind.NONE)).choose("memory", 256)
            plan = replace(plan, network=Recommended(NetworkPlan(NetworkKind.NONE)))
            await create(host, plan, Job("make"))
            assert root_host.state("debian11") == "running"
            assert disk_of(root_host, "debian11") is None

    run(work())
