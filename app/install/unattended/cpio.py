"""Files added to an initial ramdisk: the kernel unpacks every cpio archive that it finds in it, one after the other.

Linux, Documentation/driver-api/early-userspace/buffer-format.rst: "newc" archives, each beginning at a multiple of four bytes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

_HEADER = "070701" + "{:08X}" * 13
_FILE, _FOLDER = 0o100600, 0o040755
_END = "TRAILER!!!"
_ALIGN = 512


def archive(files: Mapping[str, bytes]) -> bytes:
    """A "newc" archive; names may have folders, which are made."""
    made = bytearray()
    folders: set[str] = set()
    number = 1
    for name, data in files.items():
        for folder in _above(name):
            if folder not in folders:
                folders.add(folder)
                made += _entry(folder, b"", _FOLDER, number)
                number += 1
        made += _entry(name, data, _FILE, number)
        number += 1
    made += _entry(_END, b"", 0, 0)
    return bytes(made) + bytes(-len(made) % _ALIGN)


def append_now(initrd: Path, target: Path, files: Mapping[str, bytes]) -> None:
    """``target`` (new, 0600) is ``initrd`` with the files added at its root.  Blocks; raises ``OSError``, and leaves nothing."""
    number = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(number, "wb") as out:
            with initrd.open("rb") as source:
                shutil.copyfileobj(source, out, 1 << 20)
            out.write(bytes(-out.tell() % _ALIGN))
            out.write(archive(files))
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def _above(name: str) -> Iterator[str]:
    parts = name.split("/")[:-1]
    for count in range(1, len(parts) + 1):
        yield "/".join(parts[:count])


def _entry(name: str, data: bytes, mode: int, number: int) -> bytes:
    spelled = name.encode() + b"\0"
    links = 2 if mode == _FOLDER else 1
    header = _HEADER.format(number, mode, 0, 0, links, 0, len(data), 0, 0, 0, 0, len(spelled), 0).encode()
    head = header + spelled
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)
