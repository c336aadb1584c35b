"""What a person wants to send into a guest: how many files, how large, whether it is one disc image.

Reads the local file system and may block: for a thread.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.i18n import _
from app.install import iso9660
from app.install.background import in_thread

MOST_FILES = 20_000
"""More are not counted: neither a disc made of them nor a transfer would end in reasonable time."""

TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder.  parts: where it goes, below the disc's or folder's root; size: bytes, 0 for a folder."""

    path: Path
    parts: tuple[str, ...]
    size: int = 0
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """paths: as they were given.  entries: all files and folders in them.

    image: it is exactly one CD or DVD image.  skipped: what cannot be sent (devices, pipes, links to folders, what may not be
    read), by path.  too_many: there are more than ``MOST_FILES``.
    """

    paths: tuple[Path, ...]
    entries: tuple[Entry, ...] = ()
    image: bool = False
    skipped: tuple[str, ...] = ()
    too_many: bool = False

    @property
    def files(self) -> tuple[Entry, ...]:
        """Without the folders."""
        return tuple(entry for entry in self.entries if not entry.folder)

    @property
    def folders(self) -> bool:
        """Whether a folder is among them."""
        return any(entry.folder for entry in self.entries)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(entry.size for entry in self.entries)

    @property
    def name(self) -> str:
        """For sentences: the one file's name, or that of the first."""
        return self.paths[0].name if self.paths else ""


async def look(paths: Sequence[Path]) -> Load:
    """Reads what is there, in a thread; raises ``TimedOut`` where a share does not answer."""
    return await in_thread(lambda: look_now(paths), timeout_s=TIMEOUT_S, what=_("The files cannot be read."))


def look_now(paths: Sequence[Path]) -> Load:
    """The same on the calling thread."""
    entries: list[Entry] = []
    skipped: list[str] = []
    for path in paths:
        for entry in _walk(path, (path.name or "files",), skipped):
            entries.append(entry)
            if len(entries) > MOST_FILES:
                return Load(tuple(paths), tuple(entries), skipped=tuple(skipped), too_many=True)
    image = len(paths) == 1 and len(entries) == 1 and not entries[0].folder and _is_disc_image(entries[0].path)
    return Load(tuple(paths), tuple(entries), image, tuple(skipped))


def _walk(path: Path, parts: tuple[str, ...], skipped: list[str], depth: int = 0) -> Iterator[Entry]:
    """The path and what is below it; folders before what is in them, links to folders are not followed."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode) and not (depth and path.is_symlink()):
            children = sorted(os.listdir(path))  # noqa: PTH208 - names, which Path.iterdir would wrap one by one
            yield Entry(path, parts, folder=True)
            for name in children:
                yield from _walk(path / name, (*parts, name), skipped, depth + 1)
        elif stat.S_ISREG(found.st_mode) and os.access(path, os.R_OK):
            yield Entry(path, parts, found.st_size)
        else:
            skipped.append(str(path))
    except (OSError, RecursionError):
        skipped.append(str(path))


def _is_disc_image(path: Path) -> bool:
    """By content: an “.img” may as well be a hard disk."""
    if path.suffix.lower() not in (".iso", ".img", ".udf"):
        return False
    try:
        with path.open("rb") as file:
            return iso9660.read(file) is not None or iso9660.is_udf(file)
    except OSError:
        return False
