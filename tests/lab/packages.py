"""Files out of the distribution's packages, without installing them: kernels, busybox, the guest agent, boot loaders."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
from pathlib import Path

from tests.lab import cache
from tests.lab.nest import LabError, find_program, missing_programs

KERNELS = {"cloud": ("linux-image-cloud-amd64", "linux-image-virtual"), "generic": ("linux-image-amd64", "linux-image-generic")}
"""Flavour to the names of its package in Debian and Ubuntu. "cloud" boots twice as fast, "generic" has SATA, framebuffers."""


def unpacked(name: str, *packages: str) -> Path:
    """A cached folder with the unpacked contents of packages of Debian or Ubuntu (the newest when it is first asked for)."""
    return cache.cached(name, key(*packages), lambda path: fetch(path, packages))


def key(*parts: str) -> str:
    """A cache key for what is made of packages of this release."""
    release = platform.freedesktop_os_release()
    return cache.digest(release.get("ID", ""), release.get("VERSION_ID", ""), *parts)


def fetch(target: Path, packages: tuple[str, ...]) -> None:
    """Downloads packages and unpacks them below ``target``."""
    if missing := missing_programs("apt-get", "dpkg"):
        raise LabError(
            f"The lab builds its guests from packages of Debian or Ubuntu and found no {' or '.join(missing)} here. Copy "
            f"the cache folder of such a machine and name it in HOSTELRY_LAB_CACHE."
        )
    with tempfile.TemporaryDirectory(prefix="hl-debs-") as folder:
        Path(folder).chmod(0o777)  # apt downloads as its own user
        done = subprocess.run(["apt-get", "download", *packages], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise LabError(f"apt-get download {' '.join(packages)} failed: {done.stderr.strip()}\nTry “apt-get update” first.")
        for file in Path(folder).glob("*.deb"):
            subprocess.run(["dpkg", "-x", str(file), str(target)], check=True, capture_output=True)


def kernel_packages(flavour: str) -> tuple[str, ...]:
    """The real packages behind a kernel's meta package, for example linux-image-6.1.0-1-cloud-amd64."""
    for meta in KERNELS[flavour]:
        done = subprocess.run(["apt-cache", "depends", meta], capture_output=True, text=True, check=False)
        images = [line.split()[-1] for line in done.stdout.splitlines() if "Depends: linux-image-" in line]
        modules = [name.replace("linux-image-", "linux-modules-", 1) for name in images if "ubuntu" in _distribution()]
        if images:
            return (*images, *modules)
    raise LabError(f"apt knows none of the kernel packages {', '.join(KERNELS[flavour])}. Try “apt-get update” first.")


def _distribution() -> str:
    release = platform.freedesktop_os_release()
    return f"{release.get('ID', '')} {release.get('ID_LIKE', '')}" if release.get("ID") != "debian" else "debian"


def kernel_tree(flavour: str) -> Path:
    """A folder with boot/vmlinuz-* and lib/modules/* including modules.dep."""
    return cache.cached(f"kernel-{flavour}", cache.digest(_distribution(), "1"), lambda path: _kernel_tree(path, flavour))


def _kernel_tree(target: Path, flavour: str) -> None:
    fetch(target, kernel_packages(flavour))
    if not (target / "lib/modules").exists():  # merged /usr
        (target / "lib").mkdir(exist_ok=True)
        (target / "lib/modules").symlink_to("../usr/lib/modules")
    version = next((target / "lib/modules").iterdir()).name
    subprocess.run([find_program("depmod"), "-b", str(target), version], check=True, capture_output=True)


def find_in(folder: Path, name: str) -> Path:
    """The file whose path ends with `name` (for example "bin/busybox") below a folder."""
    for place, _, files in os.walk(folder):
        for file in files:
            if f"{place}/{file}".endswith(f"/{name}"):
                return Path(place) / file
    raise LabError(f"“{name}” is not in the package that should hold it ({folder}).")
