"""A machine that was only started has nothing pending, whatever it is made of; and what was changed is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.editing.pending import pending_of
from app.editing.session import EditSession
from app.jobs.runner import JobRunner
from app.xmldoc.document import Document
from tests.lab import guests
from tests.lab.editing_stage import editing
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.world import World

GUEST = """<domain type='qemu'><name>g</name>{top}<memory unit='MiB'>64</memory>{middle}<os{os}><type arch='x86_64' machine='{machine}'>hvm</type>
{boot}</os><features><acpi/><apic/></features>{cpu}<devices>{devices}</devices></domain>"""

CHANNELS = """<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>
<redirdev bus='usb' type='spicevmc'/><graphics type='spice' autoport='yes'/><graphics type='vnc' passwd='x'/>
<sound model='ich9'/><video><model type='qxl'/></video><console type='pty'><target type='virtio'/></console>
<serial type='pty'/><parallel type='pty'/><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
<watchdog model='i6300esb' action='reset'/><panic model='isa'/>
<memballoon model='virtio'><stats period='5'/></memballoon><input type='tablet' bus='usb'/>"""

SHAPES = {
    "bare": {},  # what libvirt itself makes of it
    "q35": {"machine": "q35", "devices": CHANNELS},
    "pc": {"devices": CHANNELS.replace("ich9", "ich6")},
    "host-cpu": {"cpu": "<cpu mode='maximum'/>"},
    "named-cpu": {"cpu": "<cpu match='exact'><model>Nehalem</model><feature policy='disable' name='vmx'/></cpu>"},
    "numa": {
        "middle": "<vcpu current='1'>2</vcpu><iothreads>2</iothreads>",
        "top": "<maxMemory unit='MiB' slots='2'>256</maxMemory><genid/><title>t</title>",
        "cpu": "<cpu><topology sockets='1' dies='1' cores='2' threads='1'/><numa>"
        "<cell id='0' cpus='0-1' memory='64' unit='MiB'/></numa></cpu>",
    },
    "tuned": {
        "middle": "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking><cputune><shares>512</shares>"
        "<quota>50000</quota></cputune>",
        "devices": "<interface type='network'><source network='default'/><model type='virtio'/></interface>"
        "<interface type='user'/><disk type='file' device='cdrom'><target dev='sda' bus='scsi'/><readonly/></disk>"
        "<disk type='file' device='floppy'><target dev='fda' bus='fdc'/></disk><controller type='scsi' model='virtio-scsi'/>",
    },
    "clock": {"cpu": "<clock offset='variable' adjustment='0' basis='utc'><timer name='hpet' present='no'/></clock><pm/>"},
}


def _pending(guest: LabGuest) -> list[tuple[str, str, str]]:
    found = pending_of(Document.parse(guest.xml()), Document.parse(guest.xml(inactive=True)))
    return [(one.path, one.live, one.next) for one in found]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_fresh_machine_has_nothing_pending(root_host: RootHost, shape: str) -> None:
    parts = {"top": "", "middle": "", "os": "", "boot": "", "cpu": "", "devices": "", "machine": "pc"} | SHAPES[shape]
    root_host.define(GUEST.format(**parts))
    guest = LabGuest(root_host, "g").start()
    assert _pending(guest) == []


KINDS: dict[str, Callable[[World], LabGuest]] = {
    "boot-sector": guests.define_boot_sector,
    "linux": guests.define_linux,
    "agent": guests.define_agent,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_guest_of_the_lab_has_nothing_pending(any_world: World, kind: str) -> None:
    guest = KINDS[kind](any_world).start()
    assert _pending(guest) == []


def test_firmware_adds_nothing(root_host: RootHost) -> None:
    if not Path("/usr/share/OVMF/OVMF_CODE_4M.fd").exists() and not Path("/usr/share/qemu/firmware").is_dir():
        pytest.skip("needs OVMF")
    tpm = "<tpm model='tpm-crb'><backend type='emulator'/></tpm>" if Path("/usr/bin/swtpm").exists() else ""
    root_host.define(
        GUEST.format(top="", middle="", os=" firmware='efi'", boot="", cpu="", machine="q35", devices=tpm)
    )
    assert _pending(LabGuest(root_host, "g").start()) == []


def test_what_was_changed_waits(root_host: RootHost) -> None:
    """By another program, in every band."""
    parts = {"top": "<title>t</title>", "middle": "<vcpu>1</vcpu>", "os": "", "boot": "<boot dev='hd'/>", "cpu": "", "machine": "pc"}
    root_host.define(GUEST.format(**parts, devices=CHANNELS.replace("ich9", "ich6")))
    guest = LabGuest(root_host, "g").start()
    changed = Document.parse(root_host.virsh("dumpxml", "g", "--inactive", "--security-info"))
    changed.set("memory", "131072")
    changed.set("currentMemory", "131072")
    changed.set("vcpu", "2")
    changed.set("os/boot/@dev", "cdrom")
    changed.set("devices/watchdog/@action", "poweroff")
    changed.set("cputune/shares", "300")
    changed.remove("devices/sound")
    changed.insert("<interface type='user'><mac address='52:54:00:01:02:03'/></interface>")
    root_host.define(changed.to_text())
    paths = [path for path, _live, _next in _pending(guest)]
    assert sorted(paths) == sorted([
        "memory", "currentMemory", "vcpu", "os/boot/@dev", "devices/watchdog/@action", "cputune/shares", "devices/sound",
        "devices/interface",
    ])  # fmt: skip

    async def take_back(session: EditSession, jobs: JobRunner) -> None:
        session.take_back()
        outcome = await session.apply(jobs)
        assert outcome.ok, outcome.words()
        assert session.pending == ()

    editing(guest, take_back)
    assert _pending(guest) == []
