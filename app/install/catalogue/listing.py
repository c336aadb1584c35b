"""What libosinfo's database knows to download: media and images with their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from app.i18n import N_
from app.install import osinfo, web
from app.install.osinfo import SystemName


class Kind(Enum):
    """What the file is."""

    INSTALLER = "installer"
    LIVE = "live"
    CLOUD = "cloud"
    DISK = "disk"


KIND_WORDS = {
    Kind.INSTALLER: N_("Installer"),
    Kind.LIVE: N_("Live system"),
    Kind.CLOUD: N_("Cloud image"),
    Kind.DISK: N_("Ready disk"),
}

FORMATS = ("qcow2", "raw", "vmdk", "vdi", "vhd", "vhdx")


@dataclass(frozen=True, slots=True)
class Download:
    """One file.  title: with the variant ("Fedora 36 Workstation").  format: of a disk image, "iso" for a medium.

    user: the account that a cloud image has.  ended: its maker gives no more updates.
    """

    system: SystemName
    url: str
    kind: Kind
    arch: str
    title: str
    format: str = "iso"
    user: str = ""

    @property
    def file_name(self) -> str:
        return unquote(urlsplit(self.url).path.rstrip("/").rpartition("/")[2])

    @property
    def ended(self) -> bool:
        return self.system.ended

    @property
    def encrypted(self) -> bool:
        """Whether it comes over an encrypted connection."""
        return self.url.startswith("https:")


@lru_cache(maxsize=1)
def downloads() -> tuple[Download, ...]:
    """All, supported systems before those that are not, newest first.  Blocks for half a second at first (``in_thread``)."""
    names = {name.id: name for name in osinfo.names()}
    found: dict[tuple[str, str], Download] = {}
    with osinfo.opened() as (_library, database):
        for entry in osinfo.elements(database.get_os_list()) if database is not None else ():
            for made in _of(entry, names[entry.get_id()]):
                found.setdefault((made.url, made.arch), made)
    return tuple(sorted(found.values(), key=_order))


def matching(arch: str = "", words: str = "", *, old: bool = False) -> tuple[Download, ...]:
    """Those for an architecture with all ``words`` in title or file name; old: also of systems without updates."""
    wanted = words.casefold().split()
    return tuple(
        entry
        for entry in downloads()
        if (not arch or entry.arch in (arch, "all"))
        and (old or not entry.ended)
        and all(word in _words(entry) for word in wanted)
    )


def _words(entry: Download) -> str:
    return f"{entry.title} {entry.system.short_id} {entry.kind.value} {entry.file_name}".casefold()


def _order(entry: Download) -> tuple[Any, ...]:
    name = entry.system
    number = -(name.released or date.min).toordinal()
    kinds = list(Kind)
    return (name.ended, name.prerelease, number, name.name, kinds.index(entry.kind), entry.arch, entry.title, entry.url)


def _of(entry: Any, name: SystemName) -> Iterator[Download]:
    for media in osinfo.elements(entry.get_media_list()):
        url = media.get_url() or ""
        if _usable(url):
            kind = Kind.LIVE if media.get_live() else Kind.INSTALLER
            yield Download(name, url, kind, media.get_architecture() or "", _title(name, media))
    user = entry.get_cloud_image_username() or ""
    for image in osinfo.elements(entry.get_image_list()):
        url, form = image.get_url() or "", image.get_format() or ""
        if _usable(url) and form in FORMATS:
            kind = Kind.CLOUD if image.get_cloud_init() else Kind.DISK
            yield Download(name, url, kind, image.get_architecture() or "", _title(name, image), form, user)


def _usable(url: str) -> bool:
    """Not containers (docker:), and not the second and further CDs of a set."""
    scheme, _colon, rest = url.partition("://")
    return scheme in web.SCHEMES and not re.search(r"(?i)(disc|cd|dvd)-?([2-9]|1\d)\b[^/]*\.iso$", rest)


def _title(name: SystemName, thing: Any) -> str:
    variants = [variant.get_name() for variant in osinfo.elements(thing.get_os_variants())]
    words = next((text for text in variants if text), "")
    return words if words.startswith(name.name[:4]) else f"{name.name} {words}".strip()
