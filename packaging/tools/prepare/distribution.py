"""Which Linux distribution this is, and how its package manager is spoken to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

OS_RELEASE = (Path("/etc/os-release"), Path("/usr/lib/os-release"))


@dataclass(frozen=True)
class Family:
    """Distributions that share package names and a package manager.

    missing: the command that tells installed packages (see ``packages.installed``).
    refresh: fetches the lists of packages; empty where ``install`` does it itself.
    install: installs the packages whose names follow.
    """

    name: str
    query: tuple[str, ...]
    refresh: tuple[str, ...]
    install: tuple[str, ...]


# DPkg::Lock::Timeout: another program (unattended upgrades) may hold apt's lock; wait instead of failing.
APT = ("apt-get", "-q", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3")
FAMILIES = {
    "debian": Family(
        "debian",
        ("dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\\n"),
        (*APT, "update"),
        (*APT, "install", "--yes", "--no-install-recommends"),
    ),
    "fedora": Family(
        "fedora",
        ("rpm", "--query", "--queryformat", "installed %{NAME}\\n"),
        (),
        ("dnf", "--assumeyes", "install"),
    ),
    "arch": Family(
        "arch",
        ("pacman", "--deptest"),
        ("pacman", "--sync", "--refresh", "--noconfirm"),
        ("pacman", "--sync", "--needed", "--noconfirm"),
    ),
}
KNOWN_IDS = {"debian": "debian", "ubuntu": "debian", "fedora": "fedora", "arch": "arch"}


def parse_os_release(text: str) -> dict[str, str]:
    """The assignments of an os-release file (os-release(5)), unquoted."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.lstrip().startswith("#"))
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs}


def read_os_release(paths: Sequence[Path] = OS_RELEASE) -> dict[str, str]:
    """The first os-release file there is; empty where there is none."""
    for path in paths:
        if path.is_file():
            return parse_os_release(path.read_text(encoding="utf-8", errors="replace"))
    return {}


def family_of(release: Mapping[str, str]) -> Family | None:
    """The family by ID, else by ID_LIKE (Linux Mint says ubuntu, Rocky says fedora); None: unknown."""
    for word in (release.get("ID", ""), *release.get("ID_LIKE", "").split()):
        if word in KNOWN_IDS:
            return FAMILIES[KNOWN_IDS[word]]
    return None


def title_of(release: Mapping[str, str]) -> str:
    """The distribution's own name for people."""
    return release.get("PRETTY_NAME") or release.get("NAME") or "this system"
