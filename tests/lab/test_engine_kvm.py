"""Whether KVM works is found out by trying, and nothing stays behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.virt import capabilities, kvm, kvm_probe
from app.virt.session import Session
from tests.lab import guests
from tests.lab.hosts import RootHost
from tests.lab.test_engine_host import connected
from tests.lab.test_engine_session import until
from tests.lab.world import World


def test_probe_tells_what_an_operating_system_would_find(any_world: World) -> None:
    before = set(Path("/var/tmp").iterdir())

    async def scenario() -> bool:
        session = Session(any_world.uri)
        await session.open()
        works = await kvm.probe(session)
        await session.close()
        return works

    works = asyncio.run(scenario())
    assert works is (guests.accel() == "kvm")
    assert any_world.domains() == []
    assert "hostelry-probe" not in any_world.virsh("pool-list", "--all", "--name")
    assert not {path for path in set(Path("/var/tmp").iterdir()) - before if path.name.startswith("hostelry-probe")}


def test_the_same_guest_runs_to_its_end_under_emulation(root_host: RootHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """The boot sector itself is sound: emulation runs it to its power-off."""
    names = kvm_probe._Names("NAME")
    emulated = names.domain.replace("type='kvm'", "type='qemu'", 1)
    monkeypatch.setattr(kvm_probe._Names, "domain", property(lambda self: emulated.replace(names.name, self.name)))

    async def scenario() -> bool:
        session = Session(root_host.uri)
        await session.open()
        works = await kvm.probe(session)
        await session.close()
        return works

    assert asyncio.run(scenario()) is True


def test_verdict_and_capabilities_of_this_computer(root_host: RootHost) -> None:
    async def scenario() -> None:
        session = Session(root_host.uri)
        await session.open()
        accel = await kvm.verdict(session)
        if guests.accel() != "kvm":
            assert accel.virt_type == "qemu"
            assert accel.reason
        caps = await capabilities.domain_capabilities(session, "x86_64", "q35", "qemu")
        assert caps is not None
        assert "efi" in caps.firmwares
        assert "virtio" in caps.values("disk/bus")
        assert "vnc" in caps.values("graphics/type")
        assert "virtio" in caps.values("video/modelType")
        assert caps.max_vcpus >= 1
        host = await capabilities.host_capabilities(session)
        guest = host.guest()
        assert guest is not None
        assert "q35" in guest.machines
        await session.close()

    asyncio.run(scenario())


def test_a_guest_that_kvm_cannot_run_is_explained(root_host: RootHost, tmp_path: Path) -> None:
    """The probe's sector in a defined guest: stops with an emulation failure where KVM runs no operating system."""
    if guests.accel() == "kvm":
        pytest.skip("KVM runs everything here, so no guest stops by an emulation failure")
    disk = root_host.images / "sector.img"
    disk.write_bytes(kvm_probe.BOOT_SECTOR.ljust(kvm_probe.DISK_BYTES, b"\0"))
    root_host.give(disk)
    xml = kvm_probe._Names("sector").domain.replace("/var/tmp/sector/disk", str(disk))
    root_host.define(xml)

    async def scenario() -> None:
        async with connected(root_host.uri) as host:
            (uuid,) = host.inventory.domains
            heard: list[str] = []
            host.start_failures.changed.connect(heard.append)
            await asyncio.to_thread(root_host.virsh, "start", "sector")
            await until(lambda: uuid in host.start_failures)
            assert heard == [uuid]
            assert "KVM" in host.start_failures[uuid].reason
            assert not host.start_failures[uuid].stopped

        async with connected(root_host.uri) as later:
            assert await later.start_failures.examine(uuid) is not None

    asyncio.run(scenario())
