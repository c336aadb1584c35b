"""The lab's cache: files built once, found by the content of what they were built from, shared by parallel test runs."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs


def cache_dir() -> Path:
    """HOSTELRY_LAB_CACHE, or the user's cache folder. Root's is /var/cache: unprivileged session worlds read it too."""
    named = os.environ.get("HOSTELRY_LAB_CACHE")
    if named:
        folder = Path(named).absolute()
    elif os.geteuid() == 0:
        folder = Path("/var/cache/hostelry-lab")
    else:
        folder = Path(platformdirs.user_cache_dir("hostelry-lab", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def digest(*parts: str | bytes | Path) -> str:
    """A short hash over texts, bytes and the contents of files."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()[:16]


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """One builder at a time over all processes of this machine; the kernel drops the lock of one that died."""
    with (cache_dir() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def cached(name: str, key: str, build: Callable[[Path], None]) -> Path:
    """The cached file (or folder) `name` for `key`; `build(path)` makes it at a temporary path when it is not there yet.

    The result appears by an atomic rename, read-only for others. Builds of other keys stay: `prune` removes them.
    """
    stem, dot, suffix = name.partition(".")
    target = cache_dir() / f"{stem}-{key}{dot}{suffix}"
    if target.exists():
        return target
    with lock(stem):
        if target.exists():
            return target
        scratch = Path(tempfile.mkdtemp(prefix=f".{stem}-", dir=cache_dir()))
        try:
            build(scratch / name)
            open_to_all(scratch / name)
            (scratch / name).rename(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return target


def open_to_all(path: Path) -> None:
    """Readable by every user: QEMU and session worlds run under other ones."""
    if path.is_file():
        path.chmod(0o644)


def copy_sparse(source: Path, target: Path) -> Path:
    """A private copy that shares blocks where the filesystem can and stays sparse where it cannot."""
    import subprocess

    argv = ["cp", "--reflink=auto", "--sparse=auto", "--", str(source), str(target)]
    subprocess.run(argv, check=True, capture_output=True)
    target.chmod(0o644)
    return target
