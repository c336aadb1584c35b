"""Writes the lab's initial ramdisks: busybox, our init, the kernel modules that a libvirt guest meets. No root needed."""

from __future__ import annotations

import gzip
import io
import lzma
import subprocess
from pathlib import Path

from tests.lab import packages
from tests.lab.nest import LabError, find_program

GUEST = Path(__file__).with_name("guest")

APPLETS = (
    "sh mount umount ls cat ps dmesg modprobe insmod lsmod udhcpc ip ping login getty sleep echo poweroff reboot halt free top "
    "vi wget nc hostname setsid cttyhack uname stty clear find grep dd sync df mkdir rm cp mv ln kill acpid basename cut tee "
    "tr sed awk wc touch chmod blkid date lspci lsusb tail head seq env printf test id eject timeout md5sum usleep od cmp"
)

MODULES = (
    "button virtio_pci virtio_blk virtio_net virtio_console virtio_balloon virtio_rng virtio_gpu virtio_scsi bochs qxl ahci "
    "ata_piix sd_mod sr_mod cdrom isofs e1000 e1000e evdev psmouse usbhid hid_generic xhci_pci uhci_hcd ehci_pci usb_storage "
    "virtio_input nls_ascii"
)


def _unzstd(data: bytes) -> bytes:
    return subprocess.run([find_program("zstd"), "-d", "-c"], input=data, capture_output=True, check=True).stdout


OPENERS = {".xz": lzma.decompress, ".gz": gzip.decompress, ".zst": _unzstd}


class Cpio:
    """A cpio archive in the "newc" format (kernel: Documentation/driver-api/early-userspace/buffer-format.rst)."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._known: set[str] = set()

    def _entry(self, name: str, mode: int, data: bytes) -> None:
        encoded = name.encode() + b"\0"
        fields = (len(self._known) + 1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
        self._out.write(b"070701" + b"".join(b"%08X" % field for field in fields) + encoded)
        self._pad()
        self._out.write(data)
        self._pad()

    def _pad(self) -> None:
        self._out.write(b"\0" * (-self._out.tell() % 4))

    def _parents(self, name: str) -> None:
        folder = name.rpartition("/")[0]
        if folder and folder not in self._known:
            self._parents(folder)
            self.folder(folder)

    def folder(self, name: str) -> None:
        """A folder; twice is once."""
        if name not in self._known:
            self._parents(name)
            self._known.add(name)
            self._entry(name, 0o040755, b"")

    def file(self, name: str, data: bytes, mode: int = 0o644) -> None:
        """A file, with its folders; twice is once."""
        if name not in self._known:
            self._parents(name)
            self._known.add(name)
            self._entry(name, 0o100000 | mode, data)

    def link(self, name: str, target: str) -> None:
        """A symbolic link."""
        self._parents(name)
        self._known.add(name)
        self._entry(name, 0o120777, target.encode())

    def close(self, *, packed: bool = True) -> bytes:
        """The archive. Packed by gzip; not packed it is larger, but an emulated kernel unpacks it in a third of the time."""
        self._entry("TRAILER!!!", 0, b"")
        return gzip.compress(self._out.getvalue(), 6, mtime=0) if packed else self._out.getvalue()


def base(tree: Path, busybox: Path, *, more_modules: str = "") -> bytes:
    """The initial ramdisk of the plain guest; ``more_modules``: names beside the usual, which its init does not load."""
    cpio = Cpio()
    for name in ("proc", "sys", "dev", "tmp", "run", "mnt", "root", "sbin", "usr/sbin", "usr/bin"):
        cpio.folder(name)
    cpio.file("bin/busybox", busybox.read_bytes(), 0o755)
    for applet in APPLETS.split():
        cpio.link(f"bin/{applet}", "busybox")
    cpio.link("sbin/modprobe", "../bin/busybox")
    for name, target in (("init", "init"), ("readcd", "bin/readcd"), ("udhcpc.sh", "etc/udhcpc.sh")):
        cpio.file(target, (GUEST / name).read_bytes(), 0o755)
    cpio.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
    cpio.file("etc/group", b"root:x:0:\n")
    cpio.file("etc/shadow", b"root::19000:0:99999:7:::\n", 0o600)
    add_modules(cpio, tree, f"{MODULES} {more_modules}")
    return cpio.close()


def add_modules(cpio: Cpio, tree: Path, names: str = MODULES) -> None:
    """The wanted modules of a kernel tree with all that they need, unpacked, and a modules.dep of just these."""
    version = next((tree / "lib/modules").iterdir()).name
    home = tree / "lib/modules" / version
    needs = {}
    for line in (home / "modules.dep").read_text().splitlines():
        path, _, below = line.partition(":")
        needs[_module_name(path)] = (path, below.split())
    lines = []
    wanted = [needs[name] for name in names.split() if name in needs]  # the others are built in, or this kernel lacks them
    for path in sorted({path for own, below in wanted for path in (own, *below)}):
        data = (home / path).read_bytes()
        opener = OPENERS.get(Path(path).suffix)
        cpio.file(f"lib/modules/{version}/{_plain(path)}", opener(data) if opener else data)
        lines.append(f"{_plain(path)}: {' '.join(map(_plain, needs[_module_name(path)][1]))}\n")
    cpio.file(f"lib/modules/{version}/modules.dep", "".join(lines).encode())


def _plain(path: str) -> str:
    return path[: path.index(".ko") + 3]


def _module_name(path: str) -> str:
    return Path(_plain(path)).stem.replace("-", "_")


def agent_part(package: Path) -> bytes:
    """A second archive to append: the QEMU guest agent with this machine's libraries, and a serial login (root, no password)."""
    cpio = Cpio()
    agent = packages.find_in(package, "sbin/qemu-ga")
    cpio.file("usr/sbin/qemu-ga", agent.read_bytes(), 0o755)
    for library in _libraries(agent):
        cpio.file(str(library).lstrip("/"), library.read_bytes(), 0o755)
    cpio.file("etc/rc.local", (GUEST / "rc.agent").read_bytes(), 0o755)
    cpio.file("sbin/shutdown", (GUEST / "shutdown").read_bytes(), 0o755)
    cpio.file("etc/serial-login", b"")
    cpio.file("etc/qemu/.keep", b"")
    cpio.file("etc/os-release", b'NAME="Lab guest"\nPRETTY_NAME="Lab guest 1"\nID=lab\nVERSION_ID="1"\nVERSION="1"\n')
    return cpio.close()


def _libraries(program: Path) -> list[Path]:
    told = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True).stdout
    if "not found" in told:
        raise LabError(f"Libraries of the guest agent are missing on this machine:\n{told}")
    return [Path(word) for word in told.split() if word.startswith("/")]
