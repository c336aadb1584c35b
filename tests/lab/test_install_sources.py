"""Machines from every kind of source, made by the job on a real host, and seen alive."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.hosts.host import Host
from app.hosts.host_list import HostList
from app.install import access, defaults, osinfo
from app.install.attendant import Attendant
from app.install.choices import Acceleration, DiskKind, DiskPlan, NetworkKind, NetworkPlan, Platform
from app.install.create import create
from app.install.gather import gather, learn
from app.install.media import recognise
from app.install.networks import parse_forward, user_mode
from app.install.plan import Plan, Recommended
from app.install.seed.form import Form, User
from app.install.sizes import MIB
from app.install.sources.images import DiskImage
from app.install.sources.machine import Clone
from app.install.sources.plain import DirectKernel, Nothing, Tree
from app.install.sources.source import Source
from app.jobs.job import Job
from app.model.records import DomainRef
from app.settings.store import Settings
from app.virt import domains
from app.xmldoc import Document
from tests.lab import guests, media
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.test_install_create import connected, disk_of, run, until
from tests.lab.world import wait_for

ROOT = Path(__file__).parents[2]
NO_NETWORK = Recommended(NetworkPlan(NetworkKind.NONE))


async def in_thread(work: Callable[[], object]) -> None:
    """Waits for a guest without holding up the host's events."""
    await asyncio.to_thread(work)


async def made(host: Host, plan: Plan, *, start: bool = True) -> DomainRef:
    """The machine of the plan; nothing is left over."""
    job = Job("make")
    ref = await create(host, plan, job, start=start)
    assert job.left_behind == []
    return ref


async def small(host: Host, source: Source, name: str, *, memory: int = 64) -> Plan:
    """A plan of that source, with little memory and no network."""
    plan = defaults.recommend_source(source, await gather(host)).choose("memory", memory)
    return replace(plan, name=Recommended(name), network=NO_NETWORK)


def image(folder: Path, form: str) -> Path:
    """The boot sector's disk as another program's image."""
    path = folder / f"disk.{form}"
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", form, "--", str(media.boot_sector()), str(path)], check=True)
    return path


@pytest.mark.parametrize("form", ["qcow2", "vmdk", "vdi"])
def test_an_imported_image_boots(root_host: RootHost, tmp_path: Path, form: str) -> None:
    source = image(tmp_path, form)
    before = source.read_bytes()

    async def work() -> None:
        async with connected(root_host) as host:
            medium = await recognise(str(source))
            assert medium.format == form
            plan = await small(host, DiskImage(medium), f"from-{form}")
            if form == "qcow2":
                (copy,) = [way.value for way in DiskImage(medium).choices(await gather(host)) if way.value.kind is DiskKind.COPY]
                plan = plan.choose("disk", copy)
            assert plan.disk.value.kind is DiskKind.COPY
            await made(host, plan)
            await in_thread(lambda: LabGuest(root_host, plan.name.value).wait_paint())

    run(work())
    path = disk_of(root_host, f"from-{form}")
    assert path is not None and path.suffix == ".qcow2" and path.parent == root_host.images
    assert source.read_bytes() == before
    assert not [file for file in root_host.images.iterdir() if file.name.startswith(".")]


def test_an_overlay_stands_on_the_image(root_host: RootHost, tmp_path: Path) -> None:
    source = root_host.put(image(tmp_path, "qcow2"), "base.qcow2")
    before = source.read_bytes()

    async def work() -> None:
        async with connected(root_host) as host:
            found = DiskImage(await recognise(str(source)))
            assert (await access.check(host, str(source))).ok
            plan = await small(host, found, "over")
            (over,) = [way.value for way in found.choices(await gather(host)) if way.value.kind is DiskKind.OVERLAY]
            await made(host, plan.choose("disk", over))
            await in_thread(lambda: LabGuest(root_host, "over").wait_paint())

    run(work())
    assert source.read_bytes() == before
    assert str(source) in root_host.virsh("dumpxml", "over")


def test_a_linked_clone_boots_and_a_whole_one_too(root_host: RootHost, tmp_path: Path) -> None:
    guests.define_boot_sector(root_host, "original")
    original = disk_of(root_host, "original")
    assert original is not None

    async def work() -> None:
        async with connected(root_host) as host:
            for name, linked in (("linked", True), ("whole", False)):
                text = root_host.virsh("dumpxml", "--inactive", "original")
                plan = defaults.recommend_source(Clone(text, linked), await gather(host))
                assert plan.memory.value == 16
                await made(host, replace(plan, name=Recommended(name)))
                await in_thread(LabGuest(root_host, name).wait_paint)

    run(work())
    chain = {name: _backing(disk_of(root_host, name)) for name in ("linked", "whole")}
    assert chain == {"linked": str(original), "whole": ""}
    uuids = {root_host.virsh("domuuid", name) for name in ("original", "linked", "whole")}
    assert len(uuids) == 3


def _backing(path: Path | None) -> str:
    told = subprocess.run(
        ["qemu-img", "info", "-U", "--output=json", "--", str(path)], check=True, capture_output=True, text=True
    )
    return str(json.loads(told.stdout).get("backing-filename", ""))


def kernel_source() -> DirectKernel:
    return DirectKernel(str(media.kernel()), str(media.initrd(agent=True)), media.CMDLINE, on_host=True)


async def linux(host: Host, source: Source, name: str) -> Plan:
    """A Linux that has an agent."""
    debian = osinfo.by_short_id("debian11")
    assert debian is not None
    plan = defaults.recommend_source(source, await gather(host), debian).choose("memory", 256).choose("vcpus", 1)
    return replace(plan, name=Recommended(name), network=NO_NETWORK)


def agent_says(guest: LabGuest, command: str) -> str:
    """What a shell command in the guest prints."""
    arguments = {"path": "/bin/sh", "arg": ["-c", command], "capture-output": True}
    asked = guest.world.virsh("qemu-agent-command", guest.name, json.dumps({"execute": "guest-exec", "arguments": arguments}))
    pid = json.loads(asked)["return"]["pid"]
    status = json.dumps({"execute": "guest-exec-status", "arguments": {"pid": pid}})

    def ended() -> dict[str, object] | None:
        told: dict[str, object] = json.loads(guest.world.virsh("qemu-agent-command", guest.name, status))["return"]
        return told if told["exited"] else None

    told = wait_for(ended, command, 30, 0.1)
    return base64.b64decode(str(told.get("out-data", ""))).decode()


def test_a_kernel_is_started_directly(root_host: RootHost) -> None:
    async def work() -> None:
        async with connected(root_host) as host:
            plan = await linux(host, kernel_source(), "kernel")
            assert plan.disk.value.kind is DiskKind.NONE
            await made(host, plan)
            guest = LabGuest(root_host, "kernel")
            await in_thread(lambda: wait_for(lambda: guests.agent_answers(guest), "the agent", 60, 0.2))
            assert "no_timer_check" in await asyncio.to_thread(agent_says, guest, "cat /proc/cmdline")

    run(work())


PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3zxEkmEu/qiDLs5QSkRouH8T9k945lfr88EIbB5Slu ann"

CLOUD_INIT = """mkdir -p /seed && mount -t iso9660 -o ro $(findfs LABEL=cidata 2>/dev/null || echo /dev/sr1) /seed 2>/dev/null \
|| mount -t iso9660 -o ro /dev/sr0 /seed; hostname $(sed -n 's/^hostname: *//p' /seed/user-data | tr -d "'\\""); \
mkdir -p /run/cloud-init; echo '{"v1": {"datasource": "DataSourceNoCloud", "errors": []}}' > /run/cloud-init/result.json; \
hostname; cat /seed/user-data; umount /seed"""
"""What cloud-init does, as far as the lab's guest needs it: reads the disc, takes the name, tells its end."""


def test_a_seed_is_applied_in_the_guest_and_goes(root_host: RootHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("app.install.attendant.SEED_S", 1.0)

    async def work() -> None:
        async with connected(root_host) as host:
            attendant = attend(host, tmp_path)
            plan = await linux(host, kernel_source(), "seeded")
            ref = await made(host, replace(plan, seed=Form("told-by-seed", (User("ann", keys=(PUBLIC_KEY,)),))))
            seeds = list(root_host.images.glob("hostelry-seed-*.iso"))
            assert len(seeds) == 1 and not list((tmp_path / "cache").rglob("*.iso"))
            guest = LabGuest(root_host, "seeded")
            await in_thread(lambda: wait_for(lambda: guests.agent_answers(guest), "the agent", 60, 0.2))
            said = await asyncio.to_thread(agent_says, guest, CLOUD_INIT)
            assert said.startswith("told-by-seed\n") and "ann" in said
            await until(lambda: not seeds[0].exists(), 30)
            await until(lambda: attendant.watched == [], 30)
            assert "hostelry-seed" not in root_host.virsh("dumpxml", "seeded")
            assert "hostelry-seed" not in root_host.virsh("dumpxml", "--inactive", "seeded")
            assert (await domains.read_records(host.session, [ref.uuid]))[0].active
            attendant.close()

    run(work())


def attend(host: Host, folder: Path) -> Attendant:
    """Watches that one host, as in the program."""
    attendant = Attendant(HostList(), Settings(folder / "config", folder / "state"))
    attendant._attend(host)
    host.loaded.emit(host)
    return attendant


def test_an_installer_that_restarts_leaves_the_installed_machine(root_host: RootHost, tmp_path: Path) -> None:
    """The lab's Linux in the installer's place: writes to the disk and restarts, as installers in the network do."""

    async def work() -> None:
        async with connected(root_host) as host:
            attendant = attend(host, tmp_path)
            tree = Tree("http://localhost/", str(media.kernel()), str(media.initrd(agent=True)), media.CMDLINE)
            plan = (await linux(host, tree, "tree")).choose("disk", DiskPlan(DiskKind.NEW, 200 * MIB, "default"))
            plan = replace(plan, network=Recommended(NetworkPlan(NetworkKind.NETWORK, "default")))
            ref = await made(host, plan)
            guest = LabGuest(root_host, "tree")
            files = [Path(text) for text in _kernel_of(root_host, "tree")]
            assert all(file.parent == root_host.images for file in files)
            await until(lambda: attendant.watched == [ref], 20)
            await in_thread(lambda: wait_for(lambda: guests.agent_answers(guest), "the agent", 60, 0.2))
            first = root_host.qemu_pid("tree")
            await asyncio.to_thread(agent_says, guest, "dd if=/dev/urandom of=/dev/vda bs=1M count=64; sync")
            await asyncio.to_thread(guests.agent_exec, guest, "/bin/reboot", "-f")
            await until(lambda: attendant.watched == [] and root_host.state("tree") == "running", 60)
            assert root_host.qemu_pid("tree") != first
            assert _kernel_of(root_host, "tree") == [] and not any(file.exists() for file in files)
            doc = Document.parse(root_host.virsh("dumpxml", "--inactive", "tree"))
            assert doc.get("on_reboot") == "restart" and doc.find("metadata/install:install") is None
            attendant.close()

    run(work())


def _kernel_of(world: RootHost, name: str) -> list[str]:
    doc = Document.parse(world.virsh("dumpxml", "--inactive", name))
    return [text for path in ("os/kernel", "os/initrd") if (text := doc.get(path))]


def test_windows_11_gets_secure_boot_and_a_tpm(root_host: RootHost) -> None:
    async def work() -> None:
        async with connected(root_host) as host:
            windows = osinfo.by_short_id("win11")
            assert windows is not None
            plan = defaults.recommend_source(Nothing(), await gather(host), windows).choose("memory", 512).choose("vcpus", 1)
            plan = replace(plan, name=Recommended("eleven"), network=NO_NETWORK)
            await made(host, plan.choose("disk", DiskPlan(DiskKind.NEW, 64 * MIB, "default")))
            assert root_host.state("eleven") == "running"
            command = root_host.run_inside("cat", f"/proc/{root_host.qemu_pid('eleven')}/cmdline")
            assert "tpm-crb" in command and "property=secure,value=on" in command and "smm=on" in command
            guest = LabGuest(root_host, "eleven")
            blank = await asyncio.to_thread(guest.screenshot)
            await in_thread(lambda: guest.wait_picture(blank, 60))

    run(work())
    doc = Document.parse(root_host.virsh("dumpxml", "eleven"))
    assert "ms" in (doc.get("os/nvram/@template") or "") and doc.get("os/loader/@secure") == "yes"


def test_arm_under_emulation(root_host: RootHost) -> None:
    if not Path("/usr/bin/qemu-system-aarch64").exists():
        pytest.skip("QEMU's emulator of ARM is not installed")

    async def work() -> None:
        async with connected(root_host) as host:
            survey = await gather(host)
            platform = Platform("aarch64")
            survey = await learn(host, survey, platform, Acceleration.EMULATION)
            assert survey.at(platform, Acceleration.EMULATION).efi
            plan = defaults.recommend_source(Nothing(), survey, platform=platform, accel=Acceleration.EMULATION)
            plan = replace(plan.choose("memory", 512).choose("vcpus", 1), name=Recommended("arm"), network=NO_NETWORK)
            await made(host, plan.choose("disk", DiskPlan(DiskKind.NEW, 64 * MIB, "default")))
            guest = LabGuest(root_host, "arm")
            blank = await asyncio.to_thread(guest.screenshot)
            await in_thread(lambda: guest.wait_picture(blank, 90))  # its firmware's picture

    run(work())
    assert root_host.state("arm") == "running"


def test_an_encrypted_disk(root_host: RootHost) -> None:
    async def work() -> None:
        async with connected(root_host) as host:
            plan = await small(host, Nothing(), "sealed")
            await made(host, plan.choose("disk", DiskPlan(DiskKind.NEW, 64 * MIB, "default", passphrase="geheim")))

    run(work())
    path = disk_of(root_host, "sealed")
    told = subprocess.run(
        ["qemu-img", "info", "-U", "--output=json", "--", str(path)], check=True, capture_output=True, text=True
    )
    assert json.loads(told.stdout)["encrypted"] is True
    assert root_host.state("sealed") == "running"
    assert "geheim" not in root_host.virsh("dumpxml", "--security-info", "sealed")


def test_ports_lead_into_a_machine(root_host: RootHost) -> None:
    """QEMU's own user network takes the forwards beside libvirt's devices."""

    async def work() -> None:
        async with connected(root_host) as host:
            plan = await small(host, Nothing(), "ports")
            network = user_mode(await gather(host), (parse_forward("127.0.0.1:22022:22"),))
            assert not network.passt
            await made(host, replace(plan, network=Recommended(network)))

    run(work())
    assert root_host.state("ports") == "running"
    assert "127.0.0.1" in root_host.run_inside("ss", "-Hltn", "sport", "=", ":22022")


def test_from_a_shell(root_host: RootHost, tmp_path: Path) -> None:
    source = image(tmp_path, "vdi")
    command = [
        sys.executable,
        "-m",
        "ui.main",
        "create",
        "--connect",
        root_host.uri,
        "--image",
        str(source),
        "--accel",
        "emulation",
    ]
    more = ["--name", "shell", "--memory", "64", "--network", "none"]
    dry = subprocess.run([*command, *more, "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert dry.returncode == 0, dry.stderr
    assert root_host.domains() == [] and "virt-install" in dry.stdout
    done = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    LabGuest(root_host, "shell").wait_paint()


def test_what_fails_half_way_leaves_nothing(root_host: RootHost, tmp_path: Path) -> None:
    """The network goes away after the disk and its secret were made."""
    source = image(tmp_path, "vmdk")
    before = {file.name for file in root_host.images.iterdir()}

    async def work() -> None:
        async with connected(root_host) as host:
            plan = await small(host, DiskImage(await recognise(str(source))), "half")
            more = DiskPlan(DiskKind.NEW, 64 * MIB, "default", passphrase="geheim")
            plan = replace(plan, more_disks=(more,), network=Recommended(NetworkPlan(NetworkKind.NETWORK, "gone")))
            job = Job("make")
            with pytest.raises(Exception, match="gone"):
                await create(host, plan, job)
            assert job.left_behind == []

    run(work())
    assert {file.name for file in root_host.images.iterdir()} == before
    assert root_host.virsh("secret-list").count("\n") <= 3
    assert root_host.domains() == []
