"""USB devices of this desktop, as they are offered to guests."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYS = Path("/sys/bus/usb/devices")
BLOCKS = Path("/sys/class/block")
MOUNTS = Path("/proc/self/mounts")


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """One that is plugged in, or an emulated CD drive.

    ids: vendor and product as "0951:1666"; bus, address: its place until it is unplugged; connected: the guest has it;
    why_not: what stands in the way, in words, empty if nothing; emulated: a drive made of an image file.
    """

    ids: str
    maker: str
    product: str
    bus: int
    address: int
    connected: bool = False
    emulated: bool = False
    why_not: str = ""

    @property
    def key(self) -> str:
        """Which one of those that are plugged in now."""
        return f"{self.bus}-{self.address}-{self.ids}"

    @property
    def name(self) -> str:
        """For people."""
        words = self.product if self.product.startswith(self.maker) else f"{self.maker} {self.product}"
        return words.strip() or self.ids

    def with_(self, **changes: Any) -> UsbDevice:
        """The same one, differently."""
        return dataclasses.replace(self, **changes)


def mounted_from(bus: int, address: int, *, sys: Path = SYS, mounts: Path = MOUNTS, blocks: Path = BLOCKS) -> list[str]:
    """Any thread: where file systems of a device are mounted on this computer; taking it away would hurt them.

    Those inside encrypted volumes, logical volumes and arrays that lie on the device count too.
    """
    own = {block for device in _entries(sys) if _place(device) == (bus, address) for block in _blocks(device)}
    if not own:
        return []
    nodes = {node for block in _with_holders(own, blocks) for node in _nodes(block, blocks)}
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    pairs = (line.split(" ") for line in lines)
    return [_unescaped(words[1]) for words in pairs if len(words) > 1 and _is_one_of(_unescaped(words[0]), nodes)]


def _with_holders(names: set[str], blocks: Path) -> set[str]:
    """These block devices and all that are made of them: "sdb1" is held by "dm-0" of LUKS, that by "dm-1" of LVM."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= {holder.name for holder in _entries(blocks / name / "holders")} - found
    return found


def _nodes(name: str, blocks: Path) -> set[str]:
    """How a block device may be called in the table of mounts; a mapped one has the name that it was given."""
    nodes = {f"/dev/{name}"}
    with contextlib.suppress(OSError, ValueError):
        nodes.add(f"/dev/mapper/{(blocks / name / 'dm' / 'name').read_text().strip()}")
    return nodes


def _is_one_of(source: str, nodes: set[str]) -> bool:
    """Links count as what they lead to: "/dev/md/array", "/dev/volumes/home"."""
    return source in nodes or (source.startswith("/dev/") and os.path.realpath(source) in nodes)


def _entries(sys: Path) -> list[Path]:
    try:
        return list(sys.iterdir())
    except OSError:
        return []


def _place(device: Path) -> tuple[int, int]:
    try:
        return int((device / "busnum").read_text()), int((device / "devnum").read_text())
    except (OSError, ValueError):
        return -1, -1


def _blocks(device: Path) -> set[str]:
    """Names of its disks and their partitions: "sdb", "sdb1"."""
    return {found.name for folder in device.resolve().rglob("block") for found in (*folder.glob("*"), *folder.glob("*/sd*"))}


def _unescaped(path: str) -> str:
    return path.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
