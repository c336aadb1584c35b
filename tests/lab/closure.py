"""All that programs of the distribution need, out of its packages and into a ramdisk: packages by apt, libraries by the loader."""

from __future__ import annotations

import fnmatch
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.lab import cache, packages
from tests.lab.initramfs import Cpio
from tests.lab.nest import LabError


def with_dependencies(names: Sequence[str], without: Sequence[str]) -> tuple[str, ...]:
    """These packages and all that they depend on, as on an empty system; ``without``: patterns of names that are left out."""
    with tempfile.NamedTemporaryFile(prefix="hl-status-") as empty:
        argv = ["apt-get", "--simulate", "-o", f"Dir::State::status={empty.name}", "-o", "APT::Install-Recommends=0"]
        argv += ["-o", "Debug::NoLocking=1", "install", *names]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"apt cannot tell what {' '.join(names)} need: {done.stderr.strip()}\nTry “apt-get update” first.")
    found = re.findall(r"^Inst (\S+) ", done.stdout, re.MULTILINE)
    return tuple(name for name in found if not any(fnmatch.fnmatchcase(name, pattern) for pattern in without))


def unpacked(name: str, wanted: Sequence[str], without: Sequence[str]) -> Path:
    """A cached folder with the contents of packages and their dependencies."""
    key = packages.key(*wanted, "without", *without)
    return cache.cached(name, key, lambda path: packages.fetch(path, with_dependencies(wanted, without)))


class Programs:
    """Copies programs of an unpacked tree, each with its libraries, to a ramdisk."""

    def __init__(self, tree: Path, cpio: Cpio) -> None:
        self._tree, self._cpio = tree, cpio
        self._loader = next(iter([*tree.glob("lib/*/ld-linux-*.so.*"), *tree.glob("usr/lib/*/ld-linux-*.so.*")]))
        shared = self._loader.parent.name  # x86_64-linux-gnu
        self._path = ":".join(str(tree / place / shared) for place in ("lib", "usr/lib"))
        cpio.file(f"lib64/{self._loader.name}", self._loader.read_bytes(), 0o755)

    def add(self, path: str, to: str = "") -> None:
        """A program or plug-in by its path in the tree."""
        source = self._tree / path
        for library in self._libraries(source):
            self._put(library.relative_to(self._tree).as_posix(), library)
        self._put(to or path, source)

    def add_all(self, paths: Iterable[str]) -> None:
        """Several."""
        for path in paths:
            self.add(path)

    def data(self, *folders: str) -> None:
        """Plain files: whole folders, or single files, of the tree."""
        for folder in folders:
            for file in self._files(self._tree / folder):
                self._put(file.relative_to(self._tree).as_posix(), file)

    def _files(self, place: Path) -> Iterator[Path]:
        return (file for file in sorted(place.rglob("*")) if file.is_file()) if place.is_dir() else iter([place])

    def _put(self, name: str, source: Path) -> None:
        self._cpio.file(name, source.read_bytes(), 0o755 if source.stat().st_mode & 0o111 or ".so" in name else 0o644)

    def _libraries(self, program: Path) -> list[Path]:
        argv = [str(self._loader), "--library-path", self._path, "--list", str(program)]
        told = subprocess.run(argv, capture_output=True, text=True, check=False)
        missing = re.findall(r"(\S+) => not found|loading shared libraries: (\S+):", told.stdout + told.stderr)
        if missing or told.returncode:
            raise LabError(f"{program} of the lab's guest lacks libraries:\n{told.stdout}{told.stderr}")
        return [Path(word) for word in re.findall(r"=> (/\S+)", told.stdout) if word.startswith(str(self._tree))]
