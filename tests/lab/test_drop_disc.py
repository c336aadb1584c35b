"""Files that go into a real guest on a disc: read there, gone after the eject, nothing left of what was stopped."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest

from app.actions import made_discs
from app.actions.context import Context, Target
from app.actions.file_channels import Channel, choose, gather
from app.actions.interface import UserInterface
from app.actions.media import eject_drive
from app.actions.send_files import send
from app.hosts.host_list import HostList
from app.install import access
from app.install.access import Access
from app.install.file_survey import look
from app.jobs.runner import JobRunner
from app.settings.store import Settings
from tests.lab import guests
from tests.lab.hosts import RootHost
from tests.lab.test_drop_agent import says
from tests.lab.test_install_drop import Person
from tests.lab.world import wait_for

READ = """for try in 1 2 3 4 5 6 7 8; do mount -t iso9660 -o ro /dev/sr0 /mnt && break; sleep 0.5; done 2>&1
sha256sum '/mnt/Отчёты/two words/data.bin' 2>&1; umount /mnt"""

Work = Callable[[Context, Target], Awaitable[None]]


@pytest.fixture
def guest(root_host: RootHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> guests.LabGuest:
    """Linux with an empty CD drive; what the program makes goes to a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return guests.start_agent_guest(root_host)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder, which no agent takes."""
    folder = tmp_path / "Отчёты"
    (folder / "two words").mkdir(parents=True)
    (folder / "two words" / "data.bin").write_bytes(os.urandom(300_000))
    return folder


def with_guest(world: RootHost, person: Person, folder: Path, work: Work) -> None:
    """Runs the work with the program's parts."""

    async def main() -> None:
        hosts, jobs = HostList(), JobRunner()
        ctx = Context(hosts, jobs, Settings(folder / "config", folder / "state"), cast(UserInterface, person))
        host = hosts.add(world.uri)
        await host.connect()
        try:
            await host.refresh()
            await work(ctx, Target(host, next(iter(host.inventory.domains.values()))))
        finally:
            await jobs.close()
            await hosts.close()

    asyncio.run(main())


async def send_all(ctx: Context, target: Target, *paths: Path) -> Channel:
    """As a drop does; the way that it took."""
    load = await look(paths)
    ways = await gather(target.host.session, target.record.uuid, active=True)
    await send(ctx, target, load, ways)
    return choose(load, ways).channel


def medium(world: RootHost, guest: guests.LabGuest) -> str:
    line = next(line for line in world.virsh("domblklist", guest.name).splitlines() if "hdc" in line)
    return line.split(None, 1)[1].strip()


def discs(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "cache" / "hostelry" / "discs").iterdir()]


def test_the_guest_reads_a_folder_from_a_disc_that_goes_with_its_eject(
    root_host: RootHost, guest: guests.LabGuest, files: Path, tmp_path: Path
) -> None:
    person = Person()

    async def work(ctx: Context, target: Target) -> None:
        assert await send_all(ctx, target, files) is Channel.DISC
        assert person.errors == [] and "is in the CD drive" in person.notices[0]
        digest = hashlib.sha256((files / "two words" / "data.bin").read_bytes()).hexdigest()
        assert digest in await asyncio.to_thread(says, guest, READ, "READ")
        assert len(discs(tmp_path)) == 1
        assert "source file" not in guest.xml(inactive=True).split("cdrom")[1].split("</disk>")[0], "the next start needs no disc"
        await send_all(ctx, target, files)
        assert len(discs(tmp_path)) == 1, "the first disc went when the second came"
        await eject_drive(ctx, target, "hdc")
        wait_for(lambda: medium(root_host, guest) == "-", "the eject")
        assert discs(tmp_path) == [] and made_discs.listed(ctx.settings) == []

    with_guest(root_host, person, tmp_path, work)


def test_where_the_hypervisor_cannot_read_it_goes_through_a_pool(
    root_host: RootHost, guest: guests.LabGuest, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(_host: object, path: str) -> Access:
        return Access(path, ok=False, remote=True, text="It is on another computer.")

    monkeypatch.setattr(access, "check", refused)

    async def work(ctx: Context, target: Target) -> None:
        await send_all(ctx, target, files)
        path = medium(root_host, guest)
        assert Path(path).parent == root_host.images and Path(path).name.startswith(made_discs.PREFIX)
        assert discs(tmp_path) == [], "it is on the host, no longer here"
        await eject_drive(ctx, target, "hdc")
        assert path not in root_host.virsh("vol-list", "default")

    with_guest(root_host, Person(), tmp_path, work)


def test_a_machine_that_stops_lets_go_of_its_disc(
    root_host: RootHost, guest: guests.LabGuest, files: Path, tmp_path: Path
) -> None:
    async def work(ctx: Context, target: Target) -> None:
        await send_all(ctx, target, files)
        await made_discs.tidy(ctx, target)
        assert len(discs(tmp_path)) == 1, "it is in the drive"
        root_host.virsh("destroy", guest.name)
        await made_discs.tidy(ctx, target)
        assert discs(tmp_path) == []
        root_host.virsh("start", guest.name)

    with_guest(root_host, Person(), tmp_path, work)


def test_another_medium_is_asked_about(
    root_host: RootHost, guest: guests.LabGuest, files: Path, tmp_path: Path, tiny_iso: Path
) -> None:
    iso = root_host.put(tiny_iso)
    root_host.virsh("change-media", guest.name, "hdc", str(iso), "--insert", "--live")

    async def refuse(ctx: Context, target: Target) -> None:
        await send_all(ctx, target, files)
        assert medium(root_host, guest) == str(iso)

    async def agree(ctx: Context, target: Target) -> None:
        await send_all(ctx, target, files)
        assert made_discs.PREFIX in medium(root_host, guest)

    with_guest(root_host, Person(), tmp_path, refuse)
    with_guest(root_host, Person("hdc"), tmp_path, agree)


def test_stopped_while_the_disc_is_made_leaves_nothing(
    root_host: RootHost, guest: guests.LabGuest, files: Path, tmp_path: Path
) -> None:
    (files / "large").write_bytes(bytes(256 << 20))

    async def work(ctx: Context, target: Target) -> None:
        ctx.jobs.added.connect(lambda job: job.changed.connect(lambda job: job.fraction and ctx.jobs.cancel(job)))
        await send_all(ctx, target, files)
        assert [job.state.value for job in ctx.jobs.jobs] == ["cancelled"]
        assert medium(root_host, guest) == "-" and discs(tmp_path) == []

    with_guest(root_host, Person(), tmp_path, work)
