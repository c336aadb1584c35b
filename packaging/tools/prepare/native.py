"""Compiles what is written in C: VNC's decoders, and a function for SPICE's library; without a compiler Python does the same."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prepare import place
from prepare.terminal import say

CONSOLE = place.ROOT / "app" / "console"
FLAGS = ("-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra", "-Wconversion")


@dataclass(frozen=True)
class Library:
    """ways: what it may be linked with, best first: the first one that works is used.  without: what people are told."""

    folder: Path
    name: str
    ways: Sequence[Sequence[str]]
    without: str

    @property
    def path(self) -> Path:
        """The library itself."""
        return self.folder / self.name

    def sources(self) -> list[Path]:
        """The C files and their headers."""
        return sorted((*self.folder.glob("*.c"), *self.folder.glob("*.h")))

    def stale(self) -> bool:
        """Whether there is no library, or one that is older than what it is made of."""
        if not self.path.is_file():
            return True
        made = self.path.stat().st_mtime
        return any(path.stat().st_mtime > made for path in self.sources())


DECODERS = Library(
    CONSOLE / "vnc" / "native", "decoders.so", (("-DHOSTELRY_ISAL", "-lisal"), ("-lz",)),
    "The fast decoders of remote screens could not be compiled; Python decodes instead, which is slower",
)  # fmt: skip
STRIPS = Library(
    CONSOLE / "spice" / "native", "strips.so", ((),),
    "A function for SPICE screens could not be compiled; Python does the same, which is slower",
)  # fmt: skip


def bring_up_to_date(*, first: bool = True) -> None:
    """Compiles what has a source that is newer than the library.

    first: this is set-up, which tries if there is no library and says what is wrong; later starts do not try that again, unless
    another one could be compiled here.
    """
    libraries = DECODERS, STRIPS
    if first or any(library.path.is_file() for library in libraries):
        for library in filter(Library.stale, libraries):
            _renew(library, first=first)


def _renew(library: Library, *, first: bool) -> None:
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc")
    why = compile_library(shlex.split(compiler), library) if compiler else "there is no C compiler; the package is called gcc"
    if why is not None and first:
        say(f"{library.without}:\n{why}")


def compile_library(
    compiler: Sequence[str], library: Library, target: Path | None = None, ways: Sequence[Sequence[str]] = ()
) -> str | None:
    """Makes the library whole or not at all; gives the last way's complaints if none worked."""
    target = target or library.path
    files = [str(path) for path in library.sources() if path.suffix == ".c"]
    complaints: str | None = "no way to compile it"
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".made-") as folder:
            fresh = Path(folder) / target.name
            for defines in ways or library.ways:
                command = [*compiler, *FLAGS, "-o", str(fresh), *files, *defines]
                done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
                if done.returncode == 0:
                    fresh.replace(target)
                    return None
                complaints = done.stderr[-2000:]
    except OSError as error:
        complaints = str(error)
    return complaints
