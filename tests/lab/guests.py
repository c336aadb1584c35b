"""Guests of the lab: domain XML and a handle to drive them by virsh (never by the program under test)."""

from __future__ import annotations

import functools
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from tests.lab import cache, media
from tests.lab.world import LabError, World, find_program, wait_for

if TYPE_CHECKING:
    from tests.lab.spice_guest import SpiceGuest

VNC = "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>"
VNC_SOCKET = "<graphics type='vnc'><listen type='socket'/></graphics>"
SPICE = "<graphics type='spice' autoport='yes' listen='127.0.0.1'/>"
USER_NET = "<interface type='user'><model type='virtio'/></interface>"
DEFAULT_NET = "<interface type='network'><source network='default'/><model type='virtio'/></interface>"


@functools.cache
def accel() -> str:
    """ "kvm" where KVM runs an operating system (found out by running one), else "tcg".

    HOSTELRY_LAB_ACCEL=kvm or =tcg decides instead. There are machines whose /dev/kvm opens and whose guests die in early boot.
    """
    named = os.environ.get("HOSTELRY_LAB_ACCEL")
    if named in ("kvm", "tcg"):
        return named
    if named:
        raise LabError(f"HOSTELRY_LAB_ACCEL is “{named}”: it may be “kvm” or “tcg”.")
    return media.remembered_verdict("accel", _probe_kvm)


def _probe_kvm() -> str:
    """Boots the lab's Linux under KVM with QEMU alone; its shell must speak within 15 seconds (real KVM takes 1 or 2)."""
    if not kvm_opens():
        return "tcg"
    with tempfile.TemporaryDirectory(prefix="hl-kvm-") as folder:
        serial, errors = Path(folder) / "serial", Path(folder) / "errors"
        serial.touch()
        argv = [
            find_program("qemu-system-x86_64"),
            "-accel",
            "kvm",
            "-m",
            "256",
            "-display",
            "none",
            "-nodefaults",
            "-no-reboot",
            "-kernel",
            str(media.kernel()),
            "-initrd",
            str(media.initrd()),
            "-append",
            media.CMDLINE,
            "-serial",
            f"file:{serial}",
        ]
        with errors.open("wb") as log, subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as qemu:

            def verdict() -> str | None:
                if media.READY_TEXT in serial.read_text(errors="replace"):
                    return "kvm"
                return "tcg" if qemu.poll() is not None or "KVM internal error" in errors.read_text(errors="replace") else None

            try:
                return wait_for(verdict, "Linux under KVM", 15, 0.1)
            except LabError:
                return "tcg"
            finally:
                qemu.kill()


def kvm_opens() -> bool:
    """Whether this process may open /dev/kvm."""
    try:
        os.close(os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def domain_type(accel_name: str | None = None) -> str:
    """libvirt's `<domain type>` for "kvm" or "tcg"; None asks `accel`."""
    return "kvm" if (accel_name or accel()) == "kvm" else "qemu"


def disk(path: Path, *, fmt: str = "qcow2", dev: str = "vda", bus: str = "virtio") -> str:
    """A disk's XML."""
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='{fmt}'/><source file={quoteattr(str(path))}/>"
        f"<target dev='{dev}' bus='{bus}'/></disk>"
    )


def cdrom(path: Path | None = None, *, dev: str = "hdc", bus: str = "ide") -> str:
    """A CD drive's XML, empty without a path."""
    source = f"<source file={quoteattr(str(path))}/>" if path else ""
    return (
        f"<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>{source}"
        f"<target dev='{dev}' bus='{bus}'/><readonly/></disk>"
    )


def domain_xml(
    name: str,
    *,
    devices: str = "",
    memory_mib: int = 256,
    vcpus: int = 1,
    accel_name: str | None = None,
    kernel: Path | None = None,
    initrd: Path | None = None,
    boot: str = "hd",
    graphics: str = VNC,
    network: str = "",
    machine: str = "pc",
    extra: str = "",
) -> str:
    """The XML of a lab guest; `devices`, `graphics`, `network` and `extra` (top level) are pieces of XML."""
    direct = ""
    if kernel:
        direct = f"<kernel>{kernel}</kernel><initrd>{initrd}</initrd><cmdline>{escape(media.CMDLINE)}</cmdline>"
    # Without a port it would come after all others, and the first port, on which guests offer their login, would be nowhere.
    serial = "<serial type='pty'/>" if "port='0'" in devices else "<serial type='pty'><target port='0'/></serial>"
    return f"""<domain type='{domain_type(accel_name)}'><name>{escape(name)}</name><memory unit='MiB'>{memory_mib}</memory>
<vcpu>{vcpus}</vcpu><os><type arch='x86_64' machine='{machine}'>hvm</type>{direct}<boot dev='{boot}'/></os>
<features><acpi/><apic/></features>{extra}<devices><console type='pty'/>{devices}{network}{serial}
<input type='tablet' bus='usb'/>{graphics}<video><model type='vga' vram='16384'/></video>
<memballoon model='virtio'><stats period='2'/></memballoon></devices></domain>"""


@dataclass(frozen=True)
class LabGuest:
    """A domain of a world."""

    world: World
    name: str

    def start(self) -> LabGuest:
        """Starts it."""
        self.world.virsh("start", self.name)
        return self

    @property
    def state(self) -> str:
        """virsh's word: "running", "shut off", "paused"."""
        return self.world.state(self.name)

    @property
    def uuid(self) -> str:
        """Its UUID."""
        return self.world.virsh("domuuid", self.name).strip()

    def xml(self, *, inactive: bool = False) -> str:
        """Its live XML, or the one of its next start."""
        return self.world.virsh("dumpxml", self.name, *(["--inactive"] if inactive else []))

    def send_keys(self, *keys: str) -> None:
        """Presses Linux key names at once, for example "KEY_LEFTCTRL", "KEY_C"."""
        self.world.virsh("send-key", self.name, "--codeset", "linux", *keys)

    def type_text(self, text: str) -> None:
        """Types letters, digits, newline and the signs of ``KEYS``."""
        for key in text:
            shift = ("KEY_LEFTSHIFT",) if key.isupper() else ()
            self.send_keys(*shift, *KEYS.get(key, f"KEY_{key.upper()}").split())

    def screenshot(self) -> bytes:
        """What its first screen shows, as libvirt gives it (PNG; old versions PPM)."""
        with tempfile.NamedTemporaryFile(prefix="hl-shot-") as file:
            self.world.virsh("screenshot", self.name, "--file", file.name)
            return Path(file.name).read_bytes()

    def qemu_pid(self) -> int:
        """Its process."""
        return self.world.qemu_pid(self.name)

    def wait_state(self, state: str, timeout_s: float = 20) -> None:
        """Waits until virsh calls its state so."""
        wait_for(lambda: self.state == state, f"“{self.name}” to be {state} (is {self.state})", timeout_s, 0.1)

    def wait_serial(self, text: str, timeout_s: float = 60) -> None:
        """Waits until its serial port (a log file, see `serial_log`) has said `text`."""
        log = self.world.images / f"{self.name}.serial"
        wait_for(lambda: log.exists() and text in log.read_text(errors="replace"), f"“{text}” from “{self.name}”", timeout_s, 0.1)

    def wait_paint(self, timeout_s: float = 30) -> bytes:
        """Presses keys until a boot sector guest paints them; gives the painted screen. The BIOS before it loses keys."""
        press = self._pressing("KEY_A", "KEY_B")
        last = b""

        def painted() -> bytes | None:
            nonlocal last
            press()
            before, last = last, self.screenshot()
            return (
                last if before != last and media.in_boot_sector_graphics(before) and media.in_boot_sector_graphics(last) else None
            )

        return wait_for(painted, f"“{self.name}” to show a key", timeout_s, 0.1)

    def press_until(self, key: str, state: str, timeout_s: float = 20) -> None:
        """Presses a key until virsh calls its state so: a guest that is starting loses keys."""
        press = self._pressing(key)

        def reached() -> bool:
            if self.state != state:
                press()
                return False
            return True

        wait_for(reached, f"“{self.name}” to be {state} by {key}", timeout_s, 0.1)

    def _pressing(self, *keys: str) -> Callable[[], None]:
        """Presses the next of the keys when it is called a second after the last: more would pile up in a slow guest."""
        rest = itertools.cycle(keys)
        next_s = 0.0

        def press() -> None:
            nonlocal next_s
            if time.monotonic() >= next_s:
                self.world.virsh("send-key", self.name, "--codeset", "linux", next(rest), check=False)  # it may be off by now
                next_s = time.monotonic() + 1

        return press

    def wait_picture(self, other_than: bytes, timeout_s: float = 10) -> bytes:
        """Waits until its screen shows something else than the given screenshot; gives the new one."""

        def changed() -> bytes | None:
            shot = self.screenshot()
            return shot if shot != other_than else None

        return wait_for(changed, f"the screen of “{self.name}” to change", timeout_s, 0.1)


KEYS = {" ": "KEY_SPACE", "\n": "KEY_ENTER", "/": "KEY_SLASH", ".": "KEY_DOT", "-": "KEY_MINUS",
        "&": "KEY_LEFTSHIFT KEY_7", ">": "KEY_LEFTSHIFT KEY_DOT"}  # fmt: skip


def serial_log(world: World, name: str) -> str:
    """A second serial port (ttyS1) whose output goes to a file in the world's `images`."""
    path = world.images / f"{name}.serial"
    return f"<serial type='file'><source path={quoteattr(str(path))}/><target port='1'/></serial>"


def own_display(world: World) -> str:
    """VNC on TCP within a host's own network; on a UNIX socket in session worlds, whose daemons would race for one port."""
    return VNC if world.kind == "system" else VNC_SOCKET


def define_boot_sector(
    world: World, name: str = "boot", *, accel_name: str = "tcg", graphics: str | None = None, extra_devices: str = ""
) -> LabGuest:
    """The smallest guest: runs half a second after its start, keys paint its screen, ignores the ACPI button; 16 MiB."""
    image = world.put(media.boot_sector(), f"{name}.img")
    devices = disk(image, fmt="raw", dev="hda", bus="ide") + extra_devices
    world.define(domain_xml(name, devices=devices, memory_mib=16, accel_name=accel_name, graphics=graphics or own_display(world)))
    return LabGuest(world, name)


def define_linux(
    world: World, name: str = "linux", *, extra_devices: str = "", graphics: str | None = None, network: str = USER_NET
) -> LabGuest:
    """Kernel + initrd: a shell on screen and serial port, ACPI button, DHCP, an empty CD drive ("readcd" shows a CD's text)."""
    kernel, initrd = world.put(media.kernel(), "vmlinuz"), world.put(media.initrd(), "initrd.img")
    devices = cdrom() + serial_log(world, name) + extra_devices
    world.define(
        domain_xml(name, devices=devices, kernel=kernel, initrd=initrd, graphics=graphics or own_display(world), network=network)
    )
    return LabGuest(world, name)


def define_iso(world: World, iso: Path, name: str = "live", *, graphics: str | None = None, network: str = "") -> LabGuest:
    """Boots a CD image (of `media`)."""
    copy = world.put(iso)
    devices = cdrom(copy) + serial_log(world, name)
    world.define(domain_xml(name, devices=devices, boot="cdrom", graphics=graphics or own_display(world), network=network))
    return LabGuest(world, name)


AGENT_CHANNEL = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"


def agent_xml(world: World, name: str, network: str) -> str:
    """The XML of the guest with an agent, over files in the world's `images`."""
    devices = disk(world.images / f"{name}.qcow2") + cdrom() + serial_log(world, name) + AGENT_CHANNEL
    kernel, initrd = world.images / "vmlinuz", world.images / "agent.img"
    identity = uuid.uuid5(uuid.NAMESPACE_DNS, name)  # the same in each world, as the saved state asks for it
    mac = f"<mac address='52:54:00:{identity.hex[0:2]}:{identity.hex[2:4]}:{identity.hex[4:6]}'/>"
    network = network.replace("<model ", f"{mac}<model ", 1)
    return domain_xml(
        name,
        devices=devices,
        kernel=kernel,
        initrd=initrd,
        network=network,
        graphics=own_display(world),
        memory_mib=192,
        extra=f"<uuid>{identity}</uuid>",
    )


def define_agent(world: World, name: str = "agent", *, network: str = USER_NET) -> LabGuest:
    """The Linux guest with QEMU's guest agent, a 1 GiB qcow2 disk, network and a login on the serial port (root, no password)."""
    world.put(media.kernel(), "vmlinuz")
    world.put(media.initrd(agent=True), "agent.img")
    make_disk(world, f"{name}.qcow2")
    world.define(agent_xml(world, name, network))
    return LabGuest(world, name)


def define_spice_agent(world: World, name: str = "desktop", **how: object) -> SpiceGuest:
    """A Linux desktop with the SPICE agent, QEMU's agent, sound and USB: see `spice_guest`, which also starts it."""
    from tests.lab import spice_guest  # it is built on this module

    return spice_guest.define(world, name, **how)


def make_disk(world: World, name: str, size: str = "1G") -> Path:
    """An empty qcow2 image in the world's `images`."""
    path = world.images / name
    subprocess.run([find_program("qemu-img"), "create", "-q", "-f", "qcow2", str(path), size], check=True, capture_output=True)
    world.give(path)
    return path


def agent_answers(guest: LabGuest) -> bool:
    """Whether its agent answers a ping."""
    try:
        return "return" in guest.world.virsh("qemu-agent-command", guest.name, '{"execute":"guest-ping"}', "--timeout", "2")
    except LabError:
        return False


def start_agent_guest(world: World, name: str = "agent", *, network: str = USER_NET) -> LabGuest:
    """The guest with an agent, running, its agent answering: from a saved state in half a second where there is one.

    The state is kept in the cache for this libvirt, QEMU, kernel and kind of world; the first time it boots (6 s) and is saved.
    """
    guest = define_agent(world, name, network=network)
    saved = media.saved_state(world.kind, name, network, versions(world), lambda file: _boot_and_save(guest, file))
    restore(guest, saved)
    wait_for(lambda: agent_answers(guest), f"the agent of “{name}”", 30, 0.1)
    # This world's dnsmasq must learn of its lease; its bridge passes nothing on in its first seconds.
    agent_exec(guest, "/bin/udhcpc", "-q", "-n", "-t", "60", "-T", "1", "-i", "eth0", "-s", "/etc/udhcpc.sh")
    return guest


def agent_exec(guest: LabGuest, *argv: str) -> None:
    """Starts a program in the guest by its agent; does not wait for its end."""
    request = {"execute": "guest-exec", "arguments": {"path": argv[0], "arg": list(argv[1:])}}
    guest.world.virsh("qemu-agent-command", guest.name, json.dumps(request))


def versions(world: World) -> str:
    """What a saved state depends on."""
    return world.virsh("version", "--daemon") + domain_type() + cache.digest(Path(__file__))


def _boot_and_save(guest: LabGuest, file: Path) -> None:
    """Boots until the agent speaks, then saves; the state's XML holds this world's paths, which a restore replaces."""
    guest.start()
    wait_for(lambda: agent_answers(guest), f"the agent of “{guest.name}”", 60, 0.2)
    guest.wait_serial("LEASE")
    state = guest.world.images / "saving.state"
    guest.world.virsh("save", guest.name, str(state))
    state.rename(file) if state.stat().st_dev == file.parent.stat().st_dev else shutil.move(state, file)
    os.chown(file, os.geteuid(), os.getegid())


def restore(guest: LabGuest, saved: Path) -> None:
    """Restores a copy with this world's XML: same hardware, other paths, the disk as empty as when it was saved."""
    state = guest.world.put(saved, f"{guest.name}.state")
    xml = guest.world.root / "restore.xml"
    xml.write_text(guest.xml(inactive=True), encoding="utf-8")
    guest.world.virsh("restore", str(state), "--xml", str(xml), "--running")
    state.unlink()
