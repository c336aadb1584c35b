"""The console fonts that this computer has (PC Screen Font, versions 1 and 2), for guests that load one of them.

The format: https://www.win.tue.nl/~aeb/linux/kbd/font-formats-1.html.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from app.console.reading.font import Font

FOLDERS = (Path("/usr/share/consolefonts"), Path("/usr/lib/kbd/consolefonts"), Path("/usr/share/kbd/consolefonts"))
"""Debian; Fedora; Arch."""

MOST_FONTS = 600
LARGEST = 1 << 20
"""Bytes of one font, unpacked."""

MAGIC_1, MAGIC_2 = b"\x36\x04", b"\x72\xb5\x4a\x86"


def installed_fonts(folders: tuple[Path, ...] = FOLDERS) -> Iterator[Font]:
    """Worker thread (reads files).  Those that tell which characters they show; what cannot be read is passed over."""
    files = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if ".psf" in path.name]
    for path in files[:MOST_FONTS]:
        try:
            font = parse(_content(path))
        except (OSError, EOFError, ValueError, struct.error, zlib.error):
            continue
        if font is not None:
            yield font


def _content(path: Path) -> bytes:
    if path.suffix != ".gz":
        with path.open("rb") as plain:
            return plain.read(LARGEST)
    with gzip.open(path) as packed:
        return packed.read(LARGEST)


def parse(data: bytes) -> Font | None:
    """None without a table of characters.  Raises ValueError or struct.error for what is no font."""
    if data.startswith(MAGIC_1):
        mode, height = data[2], data[3]
        count, width, start, has_table = (512 if mode & 1 else 256), 8, 4, bool(mode & 2)
        size, wide = height, True
    elif data.startswith(MAGIC_2):
        _magic, _version, start, flags, count, size, height, width = struct.unpack_from("<8I", data)
        has_table, wide = bool(flags & 1), False
    else:
        raise ValueError("no console font")
    if not (0 < width <= 64 and 0 < height <= 64 and 0 < count <= 65536) or size != height * ((width + 7) // 8):
        raise ValueError("not a font of a sensible size")
    if not has_table:
        return None
    names = _characters(data[start + count * size :], wide)
    pictures: dict[bytes, str] = {}
    for number, name in zip(range(count), names, strict=False):
        picture = data[start + number * size : start + (number + 1) * size]
        if len(picture) == size and name:
            pictures.setdefault(picture, name)
    return Font(width, height, pictures)


def _characters(table: bytes, wide: bool) -> Iterator[str]:
    """The first character of each picture: UTF-16 and 0xFFFF in version 1, UTF-8 and 0xFF in version 2."""
    if not wide:
        for entry in table.split(b"\xff"):
            yield entry.split(b"\xfe")[0].decode("utf-8", "ignore")[:1]
        return
    first = ""
    for (code,) in struct.iter_unpack("<H", table[: len(table) // 2 * 2]):
        if code == 0xFFFF:
            yield first
            first = ""
        elif not first and code != 0xFFFE:
            first = chr(code)
