"""A floppy disk of 1.44 MB with a few files, for installers that look nowhere else (Windows XP and 2003).

FAT12 as in Microsoft's "FAT: General Overview of On-Disk Format" 1.03; names beyond 8.3 by long entries.  All files lie in the
root folder, each in one piece.
"""

from __future__ import annotations

import contextlib
import os
import re
import struct
from collections.abc import Mapping
from pathlib import Path

from app.errors import Invalid
from app.i18n import _

SECTOR, SECTORS = 512, 2880
_FATS, _FAT_SECTORS, _ROOT_ENTRIES = 2, 9, 224
_DATA = (1 + _FATS * _FAT_SECTORS) * SECTOR + _ROOT_ENTRIES * 32
_CLUSTERS = (SECTORS * SECTOR - _DATA) // SECTOR
_END = 0xFFF
_DAY = (2020 - 1980) << 9 | 1 << 5 | 1
"""1 January 2020: an image of the same files is the same image."""


def image(label: str, files: Mapping[str, bytes]) -> bytes:
    """The disk.  Raises ``Invalid`` if the files do not fit on it."""
    disk = bytearray(SECTORS * SECTOR)
    disk[: len(_boot(label))] = _boot(label)
    disk[510:512] = b"\x55\xaa"
    fat, root, cluster = [0xFF0, _END], bytearray(_label_entry(label)), 2
    for number, (name, data) in enumerate(files.items()):
        count = -(-len(data) // SECTOR)
        root += _entries(name, number, cluster if count else 0, len(data))
        if cluster - 2 + count > _CLUSTERS or len(root) > _ROOT_ENTRIES * 32:
            raise Invalid(_("The files do not fit on a floppy disk."), next_step=_("Choose another way."))
        fat += [*range(cluster + 1, cluster + count), _END] if count else []
        start = _DATA + (cluster - 2) * SECTOR
        disk[start : start + len(data)] = data
        cluster += count
    table = _packed(fat)
    for copy in range(_FATS):
        start = (1 + copy * _FAT_SECTORS) * SECTOR
        disk[start : start + len(table)] = table
    start = (1 + _FATS * _FAT_SECTORS) * SECTOR
    disk[start : start + len(root)] = root
    return bytes(disk)


def write_now(path: Path, label: str, files: Mapping[str, bytes]) -> None:
    """Makes the image ``path``, new and readable for its owner alone.  Blocks; raises ``OSError``, ``Invalid``."""
    made = image(label, files)
    number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(made)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def _boot(label: str) -> bytes:
    """The boot sector's table (BIOS parameter block)."""
    name = label.upper().encode("ascii", "replace")[:11].ljust(11)
    head = struct.pack(
        "<3s8sHBHBHHBHHHII",
        *(b"\xeb\x3c\x90", b"MSDOS5.0", SECTOR, 1, 1, _FATS, _ROOT_ENTRIES, SECTORS, 0xF0, _FAT_SECTORS, 18, 2, 0, 0),
    )
    return head + struct.pack("<BBBI11s8s", 0, 0, 0x29, 0x484F5354, name, b"FAT12   ")


def _label_entry(label: str) -> bytes:
    name = label.upper().encode("ascii", "replace")[:11].ljust(11)
    return struct.pack("<11sB10sHHHI", name, 0x08, b"", 0, _DAY, 0, 0)


def _entries(name: str, number: int, cluster: int, size: int) -> bytes:
    """The file's entry, with long ones before it if its name is not one of 8.3."""
    fit = re.fullmatch(r"([A-Z0-9_-]{1,8})(?:\.([A-Z0-9_-]{1,3}))?", name.upper())
    stem, suffix = f"FILE{number:02d}~1", re.sub(r"[^A-Z0-9]", "", name.upper().rpartition(".")[2])[:3]
    if fit:
        stem, suffix = fit[1], fit[2] or ""
    short = stem.ljust(8).encode() + suffix.ljust(3).encode()
    own = struct.pack("<11sBBBHHHHHHHI", short, 0x20, 0, 0, 0, _DAY, _DAY, 0, 0, _DAY, cluster, size)
    return own if fit and name.upper() == name else _long(name, short) + own


def _long(name: str, short: bytes) -> bytes:
    check = 0
    for byte in short:
        check = ((check & 1) << 7 | check >> 1) + byte & 0xFF
    text = name.encode("utf-16-le")
    pieces = [text[start : start + 26] for start in range(0, len(text), 26)]
    made = []
    for order, piece in enumerate(pieces, start=1):
        padded = piece if len(piece) == 26 else (piece + b"\0\0").ljust(26, b"\xff")
        last = 0x40 if order == len(pieces) else 0
        made.append(
            struct.pack("<B10sBBB12sH4s", order | last, padded[:10], 0x0F, 0, check, padded[10:22], 0, padded[22:])
        )
    return b"".join(reversed(made))


def _packed(fat: list[int]) -> bytes:
    """Twelve bits each, two in three bytes."""
    even = [*fat, *([0] if len(fat) % 2 else [])]
    made = bytearray()
    for low, high in zip(even[::2], even[1::2], strict=True):
        made += bytes((low & 0xFF, low >> 8 | (high & 0xF) << 4, high >> 4))
    return bytes(made)
