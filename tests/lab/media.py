"""Media of the lab, built once and cached: boot sector, Linux kernel + initrd, bootable ISO images.

The kernel comes from Debian's or Ubuntu's package archive by `apt-get download` (nothing is installed). Other distributions lend
their own kernel from /boot or /lib/modules when an ordinary user may read it; otherwise `LabError` says what is missing.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

from tests.lab import cache, initramfs, iso, packages

BOOT_SECTOR_TEXT = b"BOOTSECT READY\r\n"
"""What the boot sector guest writes to its serial port when it runs."""


def boot_sector_code() -> bytes:
    """512 bytes of real-mode code: 320x200 graphics, each key paints the screen in its code's colour and is echoed on COM1.

    "q" powers off (ACPI port of QEMU's "pc" machine), "r" resets. Runs where no operating system does; ignores the ACPI button.
    """
    start = bytes.fromhex("31c08ed8bc007cb81300cd10b800a08ec0")  # ds = 0, stack, mode 13h, es = video memory
    load = bytes.fromhex("be0000")  # si = message
    say = bytes.fromhex("acb4003c007406baf803eeebf3")  # lodsb; to COM1 until zero
    key = bytes.fromhex("30e4cd16")  # wait for a key -> al
    quit_ = bytes.fromhex("ba0406b80020efebfe")  # out 0x604, 0x2000; hang
    reset = bytes.fromhex("b0fee664ebfe")  # pulse the keyboard controller's reset line; hang
    paint = bytes.fromhex("fc31ffb900faf3aabaf803ee")  # fill 64000 pixels, echo
    choose = bytes([0x3C, 0x71, 0x74, 6, 0x3C, 0x72, 0x74, 2 + len(quit_), 0xEB, len(quit_) + len(reset)])
    body = start + load + say + key + choose + quit_ + reset + paint
    body += bytes([0xEB, -(len(key + choose + quit_ + reset + paint) + 2) & 0xFF])
    message = (0x7C00 + len(body)).to_bytes(2, "little")
    code = body.replace(load, load[:1] + message, 1) + BOOT_SECTOR_TEXT + b"\0"
    return code.ljust(510, b"\0") + b"\x55\xaa"


def in_boot_sector_graphics(picture: bytes) -> bool:
    """Whether a screenshot (PNG, or PPM of old libvirt) has the size of its graphics mode, each pixel doubled."""
    return picture[16:24] == struct.pack(">II", 640, 400) or picture.startswith(b"P6\n640 400\n")


def boot_sector() -> Path:
    """The 1 MiB raw disk image of the boot sector guest."""
    code = boot_sector_code()
    return cache.cached("bootsector.img", cache.digest(code), lambda path: _write(path, code + bytes((1 << 20) - 512)))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


CMDLINE = "quiet mitigations=off no_timer_check console=ttyS0 console=tty0"
READY_TEXT = "LAB GUEST READY"
"""What the Linux guests write to their serial ports when the shell is there."""


def _recipe() -> str:
    """A digest of what the ramdisks are made of, besides the packages."""
    files = sorted(initramfs.GUEST.iterdir())
    return cache.digest(Path(initramfs.__file__), *files)


def kernel(flavour: str = "cloud") -> Path:
    """A Linux kernel. "cloud" boots in half the time; "generic" also has SATA, USB and framebuffer drivers."""
    tree = packages.kernel_tree(flavour)
    return next(tree.glob("boot/vmlinuz-*"))


def initrd(flavour: str = "cloud", *, agent: bool = False) -> Path:
    """The initial ramdisk that goes with `kernel(flavour)`; with `agent` the one with QEMU's guest agent and a serial login."""
    name = f"initrd-{flavour}{'-agent' if agent else ''}.img"
    return cache.cached(
        name,
        cache.digest(_recipe(), Path(packages.__file__), kernel(flavour).name),
        lambda path: _build_initrd(path, flavour, agent),
    )


def _build_initrd(path: Path, flavour: str, agent: bool) -> None:
    busybox = packages.find_in(packages.unpacked("busybox", "busybox-static"), "bin/busybox")
    data = initramfs.base(packages.kernel_tree(flavour), busybox)
    if agent:
        data += initramfs.agent_part(packages.unpacked("agent", "qemu-guest-agent"))
    path.write_bytes(data)


def remembered_verdict(name: str, find_out: Callable[[], str]) -> str:
    """A slow finding about this machine, kept until its next start (boot id)."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text()
    path = cache.cached(
        f"{name}.txt", cache.digest(boot, _recipe(), str(os.geteuid())), lambda file: _write(file, find_out().encode())
    )
    return path.read_text()


FIRST_TEXT, SECOND_TEXT = "THIS IS THE FIRST DISC", "THIS IS THE SECOND DISC"
FIRST_COLOUR, SECOND_COLOUR = (0, 0, 170), (0, 170, 0)
"""What `readcd` fills the guest's screen with, as RGB (VGA's blue and green). The first ISO boots into its colour."""

FIRST_VOLUME_ID = "Debian 11.6.0 amd64 n"
"""So that libosinfo takes the first ISO for an installer of Debian 11; the second one is no operating system that it knows."""


def _disc_texts(name: str, text: str, colour: int) -> dict[str, bytes]:
    stars = "   " + "#" * (len(text) + 4)
    return {f"{name}.txt": f"\n{stars}\n   # {text} #\n{stars}\n\n".encode(), "colour": str(colour).encode()}


def tiny_iso() -> Path:
    """The first ISO: boots the lab's Linux by BIOS or UEFI into a blue screen with a shell; holds /first.txt."""
    sources = (_recipe(), Path(iso.__file__), kernel("generic").name, FIRST_TEXT)
    return cache.cached(
        "first.iso",
        cache.digest(*sources),
        lambda path: iso.write_live(
            path, FIRST_VOLUME_ID, kernel("generic"), initrd("generic"), _disc_texts("first", FIRST_TEXT, 44)
        ),
    )


def second_iso() -> Path:
    """The second ISO: data only, /second.txt; `readcd` in the guest turns the screen green and prints its text."""
    return cache.cached(
        "second.iso",
        cache.digest(Path(iso.__file__), SECOND_TEXT),
        lambda path: iso.write_data(path, "HOSTELRY_SECOND", _disc_texts("second", SECOND_TEXT, 42)),
    )


def saved_state(kind: str, name: str, network: str, versions: str, save: Callable[[Path], None]) -> Path:
    """The saved state of a guest for a kind of world and these versions; `save(path)` makes it the first time."""
    key = cache.digest(kind, name, network, versions, _recipe(), kernel().name)
    return cache.cached(f"{name}-{kind}.state", key, save)
