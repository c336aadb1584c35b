"""What an ISO that the database does not know is most like: a newer release, or a family.

The database of a stable distribution is older than the media people download; "Debian 12" is then
best treated as the newest Debian that is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.install import osinfo
from app.install.iso9660 import Volume
from app.install.osinfo import System, SystemName

_ALIASES = {
    "arch": "archlinux",
    "rhel": "rhel",
    "almalinux": "almalinux",
    "rocky": "rocky",
    "centos": "centos",
    "opensuse": "opensuse",
    "sle": "sle",
    "nixos": "nixos",
    "alpine": "alpinelinux",
    "linuxmint": "ubuntu",
    "kubuntu": "ubuntu",
    "xubuntu": "ubuntu",
    "lubuntu": "ubuntu",
    "pop": "ubuntu",
    "kali": "debian",
    "proxmox": "debian",
    "tails": "debian",
    "manjaro": "archlinux",
}
"""First words of volume ids whose distribution is called differently in the database or is not in it."""

_LINUX_FILES = {"ISOLINUX", "CASPER", "LIVE", "LIVEOS", "GRUB", "SYSLINUX", "VMLINUZ", "ARCH", "DISTS", "KERNEL", "INITRD.IMG"}
_WINDOWS_FILES = {"BOOTMGR", "SOURCES", "SETUP.EXE"}
_MODERN_FROM = date(2014, 1, 1)
_WINDOWS_11_FROM = date(2021, 10, 1)


@dataclass(frozen=True, slots=True)
class Likeness:
    """name: what the volume seems to be ("Debian 12.5"), "" if unknown; system: what to treat it like."""

    name: str
    system: System


def guess(volume: Volume) -> Likeness:
    """Never fails: at worst the generic system.  Blocks for the database."""
    by_name = _by_label(volume.label)
    if by_name is not None:
        return by_name
    if len(volume.files & _WINDOWS_FILES) >= 2:
        newer = volume.created is not None and volume.created >= _WINDOWS_11_FROM
        return Likeness("Windows", osinfo.by_short_id("win11" if newer else "win10") or osinfo.GENERIC)
    modern = volume.created is None or volume.created >= _MODERN_FROM
    if modern and (volume.files & _LINUX_FILES or {"BOOT", "EFI"} <= volume.files):
        return Likeness("", _generic_linux())
    return Likeness("", osinfo.GENERIC)


def _generic_linux() -> System:
    """libosinfo's newest "Generic Linux": current virtio drivers, nothing peculiar."""
    known = [name for name in osinfo.names() if name.id.startswith("http://libosinfo.org/linux/")]
    return osinfo.system(known[0].id) if known else osinfo.GENERIC


def _by_label(label: str) -> Likeness | None:
    """ "Debian 12.5.0 amd64 n" by its first word and first number."""
    words = re.split(r"[\s_-]+", label)
    first = re.sub(r"\d.*$", "", words[0].lower()) if words else ""
    distro = _ALIASES.get(first, first)
    releases = [name for name in osinfo.names() if distro and name.distro == distro and not name.prerelease]
    if not releases:
        return None
    version = next((match[0] for match in map(re.compile(r"\d+(\.\d+)*").search, words) if match), "")
    nearest = _nearest(releases, version)
    shown = f"{_spelling(words[0], nearest, first)} {'.'.join(version.split('.')[:2])}".strip()
    return Likeness(shown, osinfo.system(nearest.id))


def _spelling(word: str, nearest: SystemName, first: str) -> str:
    """The distribution's own spelling of its name where the database has it."""
    known = nearest.name.split()[0]
    return known if known.lower().startswith(first) else re.sub(r"\d.*$", "", word).capitalize()


def _nearest(releases: list[SystemName], version: str) -> SystemName:
    """The newest release that is not newer than ``version``; rolling and undated ones only if there is nothing else."""
    wanted = _number(version)
    dated = [name for name in releases if name.released is not None and _number(name.version)] or releases
    older = [name for name in dated if wanted and _number(name.version) <= wanted]
    return max(older or dated, key=lambda name: (_number(name.version), name.released or date.min))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def from_file_name(stem: str) -> System:
    """The system of a disk image by its name ("debian-12-genericcloud-amd64"), else a generic Linux for names that
    say nothing: disk images of Windows are named so."""
    known = _by_label(stem)
    if known is not None:
        return known.system
    if re.match(r"(?i)win", stem):
        return osinfo.by_short_id("win10") or osinfo.GENERIC
    return osinfo.GENERIC
