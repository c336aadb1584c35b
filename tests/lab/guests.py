"""Guests of the lab: domain XML and a handle to drive them by virsh (never by the program under test)."""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.lab import media
from tests.lab.world import LabError, World, find_program, wait_for

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
        argv = [find_program("qemu-system-x86_64"), "-accel", "kvm", "-m", "256", "-display", "none", "-nodefaults", "-no-reboot",
                "-kernel", str(media.kernel()), "-initrd", str(media.initrd()), "-append", media.CMDLINE, "-serial", f"file:{serial}"]
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
    return (f"<disk type='file' device='disk'><driver name='qemu' type='{fmt}'/><source file={quoteattr(str(path))}/>"
            f"<target dev='{dev}' bus='{bus}'/></disk>")


def cdrom(path: Path | None = None, *, dev: str = "hdc", bus: str = "ide") -> str:
    """A CD drive's XML, empty without a path."""
    source = f"<source file={quoteattr(str(path))}/>" if path else ""
    return (f"<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>{source}"
            f"<target dev='{dev}' bus='{bus}'/><readonly/></disk>")


def domain_xml(
    name: str, *, devices: str = "", memory_mib: int = 256, vcpus: int = 1, accel_name: str | None = None, kernel: Path | None = None,
    initrd: Path | None = None, boot: str = "hd", graphics: str = VNC, network: str = "", machine: str = "pc", extra: str = "",
) -> str:
    """The XML of a lab guest; `devices`, `graphics`, `network` and `extra` (top level) are pieces of XML."""
    direct = ""
    if kernel:
        direct = f"<kernel>{kernel}</kernel><initrd>{initrd}</initrd><cmdline>{escape(media.CMDLINE)}</cmdline>"
    return f"""<domain type='{domain_type(accel_name)}'><name>{escape(name)}</name><memory unit='MiB'>{memory_mib}</memory>
<vcpu>{vcpus}</vcpu><os><type arch='x86_64' machine='{machine}'>hvm</type>{direct}<boot dev='{boot}'/></os>
<features><acpi/><apic/></features>{extra}<devices>{devices}{network}<serial type='pty'/><console type='pty'/>
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
        """Types lower-case letters, digits, space, "/", ".", "-" and newline."""
        for key in text:
            self.send_keys(KEYS.get(key) or f"KEY_{key.upper()}")

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

    def wait_picture(self, other_than: bytes, timeout_s: float = 10) -> bytes:
        """Waits until its screen shows something else than the given screenshot; gives the new one."""
        def changed() -> bytes | None:
            shot = self.screenshot()
            return shot if shot != other_than else None
        return wait_for(changed, f"the screen of “{self.name}” to change", timeout_s, 0.1)


KEYS = {" ": "KEY_SPACE", "\n": "KEY_ENTER", "/": "KEY_SLASH", ".": "KEY_DOT", "-": "KEY_MINUS"}


def serial_log(world: World, name: str) -> str:
    """A second serial port (ttyS1) whose output goes to a file in the world's `images`."""
    path = world.images / f"{name}.serial"
    return f"<serial type='file'><source path={quoteattr(str(path))}/><target port='1'/></serial>"


def define_boot_sector(world: World, name: str = "boot", *, accel_name: str = "tcg", graphics: str = VNC, extra_devices: str = "") -> LabGuest:
    """The smallest guest: runs half a second after its start, keys paint its screen, ignores the ACPI button; 16 MiB."""
    image = world.put(media.boot_sector(), f"{name}.img")
    devices = disk(image, fmt="raw", dev="hda", bus="ide") + extra_devices
    world.define(domain_xml(name, devices=devices, memory_mib=16, accel_name=accel_name, graphics=graphics))
    return LabGuest(world, name)


def define_linux(world: World, name: str = "linux", *, extra_devices: str = "", graphics: str = VNC, network: str = USER_NET) -> LabGuest:
    """Kernel + initrd: a shell on the screen and on the serial port, ACPI button, DHCP, an empty CD drive ("readcd" shows a CD's text)."""
    kernel, initrd = world.put(media.kernel(), "vmlinuz"), world.put(media.initrd(), "initrd.img")
    devices = cdrom() + serial_log(world, name) + extra_devices
    world.define(domain_xml(name, devices=devices, kernel=kernel, initrd=initrd, graphics=graphics, network=network))
    return LabGuest(world, name)


def define_iso(world: World, iso: Path, name: str = "live", *, graphics: str = VNC, network: str = "") -> LabGuest:
    """Boots a CD image (of `media`)."""
    copy = world.put(iso)
    devices = cdrom(copy) + serial_log(world, name)
    world.define(domain_xml(name, devices=devices, boot="cdrom", graphics=graphics, network=network))
    return LabGuest(world, name)
