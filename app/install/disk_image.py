"""What a disk image is, asked of ``qemu-img``; the image is taken for hostile.

``qemu-img`` runs with bounds on time and memory; an image that keeps its data in further files which it names
itself (qcow2 data file, VMDK extents) is refused before QEMU's code opens it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import Invalid, TimedOut
from app.i18n import _

_MEMORY_BYTES = 1 << 30
_SECONDS = 8
_QCOW2_MAGIC = b"QFI\xfb"
_EXTERNAL_DATA = 1 << 2
"""Incompatible feature bit of qcow2 (docs/interop/qcow2.txt)."""

_VMDK_MAGIC = b"KDMV"
_VMDK_TEXT = re.compile(rb"(?:#[^\n]*\n| *\r?\n)*(?:version=|# Disk DescriptorFile)", re.IGNORECASE)
"""What QEMU takes for a VMDK descriptor: comments and blank lines, then the version (block/vmdk.c, vmdk_probe)."""

_PROTOCOL = re.compile(r"[A-Za-z][\w.+-]*:")
"""What QEMU does not take for a file's name: "nbd:", "json:" """

_LONGEST_CHAIN = 50

_MAGIC = {
    b"KDMV": "vmdk",
    b"# Disk DescriptorFile": "vmdk",
    b"vhdxfile": "vhdx",
    b"<<< ": "vdi",
    b"conectix": "vpc",
    b"QED\0": "qed",
}

COMPRESSED = {
    b"\xfd7zXZ\x00": "xz",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"7z\xbc\xaf\x27\x1c": "7z",
}
"""First bytes of archives in which images are published."""


@dataclass(frozen=True, slots=True)
class Image:
    """format: qemu-img's name ("qcow2", "raw", "vmdk" ...); sizes in bytes; backing_file: "" if it has none."""

    format: str
    virtual_size: int
    actual_size: int
    backing_file: str = ""
    encrypted: bool = False


def compression(path: str) -> str:
    """The name of the packer that made the file, or ``""``."""
    head = _head(path, 8)
    return next((name for magic, name in COMPRESSED.items() if head.startswith(magic)), "")


def looks_raw(path: str) -> bool:
    """Whether a file without a format of its own starts like a disk: boot signature of an MBR (GPT has one too)."""
    head = _head(path, 512)
    return len(head) == 512 and head[510:] == b"\x55\xaa"


def read(path: str) -> Image:
    """Blocks up to 8 s.  Raises ``Invalid`` for what qemu-img cannot read or we will not open, ``TimedOut``."""
    _refuse_data_elsewhere(path)
    tool = shutil.which("qemu-img")
    if tool is None:
        return _by_magic(path)
    command = [*_bounds(), tool, "info", "--force-share", "--output=json", "--", str(Path(path).absolute())]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        what = _("The disk image could not be examined in time.")
        raise TimedOut(what, next_step=_("Check the file, then try again.")) from error
    try:
        facts = json.loads(done.stdout)
        _refuse_other_extents(facts, path)
        return Image(
            format=str(facts["format"]),
            virtual_size=int(facts["virtual-size"]),
            actual_size=int(facts.get("actual-size", 0)),
            backing_file=str(facts.get("backing-filename", "")),
            encrypted=bool(facts.get("encrypted", False)),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(
            _("This disk image cannot be used."),
            why=_("QEMU cannot read it; it may be damaged."),
            next_step=_("Fetch the file again or choose another one."),
            raw=done.stderr.strip(),
        ) from error


def _bounds() -> list[str]:
    prlimit = shutil.which("prlimit")
    return [prlimit, f"--as={_MEMORY_BYTES}", f"--cpu={_SECONDS}", "--"] if prlimit else []


def _head(path: str, count: int) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(count)


def _refuse_data_elsewhere(path: str) -> None:
    """By the header alone, which QEMU has not seen yet."""
    head = _head(path, 4096)
    newer = head[:4] == _QCOW2_MAGIC and len(head) >= 80 and int.from_bytes(head[4:8], "big") >= 3
    external = newer and int.from_bytes(head[72:80], "big") & _EXTERNAL_DATA
    # A sparse VMDK of capacity 0 is only the envelope of a descriptor (block/vmdk.c, vmdk_open_vmdk4).
    envelope = head[:4] == _VMDK_MAGIC and not any(head[12:20])
    if external or envelope or _VMDK_TEXT.match(head):
        raise _data_elsewhere()


def _refuse_other_extents(facts: dict[str, Any], path: str) -> None:
    """What QEMU found: a VMDK may name parts of itself in ways that only QEMU reads."""
    extents = facts.get("format-specific", {}).get("data", {}).get("extents", [])
    if any(Path(str(extent.get("filename", path))).name != Path(path).name for extent in extents):
        raise _data_elsewhere()


def _data_elsewhere() -> Invalid:
    return Invalid(
        _("This disk image cannot be used."),
        why=_("It keeps its data in another file that it names itself, which could be any file of this host."),
        next_step=_("Convert it into one file with “qemu-img convert” where you trust it."),
    )


def backing_beside(path: str, backing_file: str) -> bool:
    """Whether the file that the image stands on is a plain neighbour of it.

    Anything else (a file elsewhere, a network address) could be any file of the host, given to the guest by libvirt.
    """
    if _PROTOCOL.match(backing_file):
        return False
    folder = Path(path).parent
    return (folder / backing_file).resolve().parent == folder.resolve()


def _by_magic(path: str) -> Image:
    """Format by the first bytes, where qemu-img is not installed (a client for remote hosts only)."""
    head = _head(path, 32)
    size = Path(path).stat().st_size
    if head[:4] == _QCOW2_MAGIC:
        return Image("qcow2", int.from_bytes(head[24:32], "big"), size, _qcow2_backing(path, head))
    found = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "raw")
    return Image(found, size if found == "raw" else 0, size)


def chain(path: str) -> list[str]:
    """The local files that a qcow2 image stands on, nearest first, by the headers alone: nothing is asked of QEMU, so also
    for files that are in use.  Ends at what cannot be read or is no file."""
    found: list[str] = []
    while len(found) < _LONGEST_CHAIN:
        try:
            head = _head(path, 104)
            backing = _qcow2_backing(path, head) if head[:4] == _QCOW2_MAGIC else ""
        except OSError:
            return found
        path = str(Path(path).parent / backing)
        if not backing or _PROTOCOL.match(backing) or path in found:
            return found
        found.append(path)
    return found


def _qcow2_backing(path: str, head: bytes) -> str:
    """The name in the header (docs/interop/qcow2.txt: offset at 8, length at 16, at most 1023 bytes)."""
    start, length = int.from_bytes(head[8:16], "big"), int.from_bytes(head[16:20], "big")
    if not start:
        return ""
    with Path(path).open("rb") as file:
        file.seek(min(start, 1 << 40))
        return file.read(min(length, 1023)).decode("utf-8", "replace") or "?"
