"""The log of a text console: what the guest sent, byte by byte, in files that only their owner may read.

``cat`` or ``less -R`` shows it as it was.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from app.errors import Failed
from app.i18n import _

LARGEST = 8 * 1024 * 1024
OLDER = 4
"""So many full files are kept beside the one that is written."""

_UNSAFE = re.compile(r"[^\w.-]+")


def log_path(folder: Path, machine: str, uuid: str, device: str) -> Path:
    """Where a machine's console is logged; two machines of one name on different hosts have two files."""
    name = _UNSAFE.sub("_", machine).strip("._")[:80] or "machine"
    return folder / "console-logs" / f"{name}-{uuid[:8]}-{_UNSAFE.sub('_', device)[:40]}.log"


class TextLog:
    """One log; every method raises ``HostelryError``.  One thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = -1
        self._size = 0

    def open(self) -> None:
        """Goes on at the end of what is there."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
            self._file = os.open(self.path, flags, 0o600)
            os.fchmod(self._file, 0o600)
            self._size = os.fstat(self._file).st_size
        except OSError as error:
            raise self._failed(error) from error

    def write(self, data: bytes) -> None:
        """Adds ``data``; begins another file when this one is full."""
        try:
            rest = memoryview(data)
            while rest:
                written = os.write(self._file, rest)
                rest = rest[written:]
            self._size += len(data)
            if self._size >= LARGEST:
                self._rotate()
        except OSError as error:
            self.close()
            raise self._failed(error) from error

    def close(self) -> None:
        """No more is written."""
        file, self._file = self._file, -1
        if file >= 0:
            with contextlib.suppress(OSError):
                os.close(file)

    def _rotate(self) -> None:
        self.close()
        for number in range(OLDER, 0, -1):
            older = self._numbered(number)
            newer = self._numbered(number - 1) if number > 1 else self.path
            with contextlib.suppress(FileNotFoundError):
                newer.replace(older)
        self.open()

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")

    def _failed(self, error: OSError) -> Failed:
        return Failed(
            _("The log “{name}” cannot be written.").format(name=self.path.name),
            why=error.strerror or "",
            next_step=_("Make room or check the permissions of its folder, then switch the log on again."),
            raw=str(error),
        )
