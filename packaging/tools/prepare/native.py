"""Compiles the decoders of VNC that are written in C (app/console/vnc/native); without a compiler Python decodes instead."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from prepare import place
from prepare.terminal import say

FOLDER = place.ROOT / "app" / "console" / "vnc" / "native"
LIBRARY = FOLDER / "decoders.so"
FLAGS = ("-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra", "-Wconversion")
WAYS = (("-DHOSTELRY_ISAL", "-lisal"), ("-lz",))
"""What inflates, best first: the first way for which the machine has headers and library."""


def bring_up_to_date(*, first: bool = True) -> None:
    """Compiles if a source is newer than the library.

    first: this is set-up, which tries if there is no library and says what is wrong; later starts do not try that again.
    """
    if not stale() or not (first or LIBRARY.is_file()):
        return
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc")
    why = compile_library(shlex.split(compiler)) if compiler else "there is no C compiler; the package is called gcc"
    if why is not None and first:
        say(f"The fast decoders of remote screens could not be compiled; Python decodes instead, which is slower:\n{why}")


def sources() -> list[Path]:
    """The C files and their header."""
    return sorted((*FOLDER.glob("*.c"), *FOLDER.glob("*.h")))


def stale() -> bool:
    """Whether there is no library, or one that is older than what it is made of."""
    if not LIBRARY.is_file():
        return True
    made = LIBRARY.stat().st_mtime
    return any(path.stat().st_mtime > made for path in sources())


def compile_library(compiler: Sequence[str], target: Path = LIBRARY, ways: Sequence[Sequence[str]] = WAYS) -> str | None:
    """Makes the library whole or not at all; gives the last way's complaints if none worked."""
    files = [str(path) for path in sources() if path.suffix == ".c"]
    complaints: str | None = "no way to compile it"
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".made-") as folder:
            fresh = Path(folder) / target.name
            for defines in ways:
                command = [*compiler, *FLAGS, "-o", str(fresh), *files, *defines]
                done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
                if done.returncode == 0:
                    fresh.replace(target)
                    return None
                complaints = done.stderr[-2000:]
    except OSError as error:
        complaints = str(error)
    return complaints
