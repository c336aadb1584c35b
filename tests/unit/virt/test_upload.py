"""What is read of a local file on its way to a host."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from app.virt.upload import _Source


def test_a_disk_that_fails_does_not_pass_for_a_hole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.img"
    path.write_bytes(b"x" * 4096)
    really = os.lseek

    def seek(fd: int, place: int, how: int) -> int:
        if how == os.SEEK_DATA:
            raise OSError(errno.EIO, "Input/output error")
        return really(fd, place, how)

    with path.open("rb") as file:
        source = _Source(file.fileno(), 4096)
        monkeypatch.setattr(os, "lseek", seek)
        with pytest.raises(OSError, match="Input/output"):
            source.hole(None, None)


def test_the_rest_of_a_file_may_be_a_hole(tmp_path: Path) -> None:
    path = tmp_path / "a.img"
    path.touch()
    os.truncate(path, 1 << 20)
    with path.open("rb") as file:
        assert _Source(file.fileno(), 1 << 20).hole(None, None) == (False, 1 << 20)
