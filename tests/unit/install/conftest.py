"""Media made on the spot."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

IsoMaker = Callable[..., Path]


@pytest.fixture
def make_iso(tmp_path: Path) -> IsoMaker:
    """``make_iso(label, publisher=..., files=...)``: an ISO with that volume id; bootable unless told otherwise."""

    def make(label: str, *, publisher: str = "X", files: tuple[str, ...] = (), bootable: bool = True) -> Path:
        folder = tmp_path / "tree"
        folder.mkdir(exist_ok=True)
        for name in ("boot.bin", *files):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(b"\0" * 2048)
        out = tmp_path / f"{label or 'none'}.iso".replace(" ", "_")
        boot = ["-b", "boot.bin", "-c", "boot.cat", "-no-emul-boot"] if bootable else []
        subprocess.run(
            ["genisoimage", "-quiet", "-r", "-o", str(out), "-V", label, "-publisher", publisher, *boot, str(folder)],
            check=True,
            capture_output=True,
        )
        return out

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--regenerate``: the expected definitions of the create cases are written anew, to be looked at in the difference."""
    parser.addoption("--regenerate", action="store_true", help="write the expected definitions of the create cases anew")
