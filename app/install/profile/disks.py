"""The disks of a machine that others are made from: which are copied, which stand below a new one, which are shared."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from app.i18n import N_
from app.xmldoc import Document, Element
from app.xmldoc.indent import remove_indented


class Fate(Enum):
    """What becomes of one disk in the new machine."""

    COPY = "copy"
    LINK = "link"
    SHARE = "share"
    DROP = "drop"


FATE_WORDS = {
    Fate.COPY: N_("Copied"),
    Fate.LINK: N_("Linked (only changes are stored)"),
    Fate.SHARE: N_("Shared by both machines"),
    Fate.DROP: N_("Left out"),
}


@dataclass(frozen=True, slots=True)
class Disk:
    """target: "vda".  device: libvirt's ("disk", "cdrom").  kind: of the source ("file", "block", "volume", "network" …).
    source: its path, or "pool/volume"; "" for an empty drive.  format: of the image.  fate: what is usual for it."""

    target: str
    device: str
    kind: str
    source: str
    format: str
    fate: Fate
    readonly: bool = False

    @property
    def linkable(self) -> bool:
        """Whether an overlay can stand on it: the hypervisor opens files, devices and volumes of pools below one."""
        return self.device == "disk" and self.kind in ("file", "block", "volume") and bool(self.source)


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy is to be made: by ``virStorageVolCreateXMLFrom`` in a pool, else by ``qemu-img convert``."""

    target: str
    source: str
    source_format: str
    path: str
    format: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """A qcow2 image is to be made that stands on ``backing``, which must not be written to from now on."""

    target: str
    backing: str
    backing_format: str
    path: str


Operation = Copy | Overlay

Namer = Callable[[Disk, str], str]
"""(the old disk, the suffix of the new file: ".qcow2") -> the new file's path on the host."""


def listed(document: Document) -> tuple[Disk, ...]:
    """All disks and drives, in the definition's order."""
    return tuple(_disk(document, element) for element in document.find_all("devices/disk"))


def _disk(document: Document, element: Element) -> Disk:
    kind, device = element.get("type") or "file", element.get("device") or "disk"
    readonly = document.find("readonly", element) is not None
    source = _source(document, element, kind)
    shared = device != "disk" or readonly or document.find("shareable", element) is not None or not source
    fate = Fate.SHARE if shared or kind == "vhostuser" else Fate.COPY
    form = document.get("driver/@type", "raw", element) or "raw"
    return Disk(document.get("target/@dev", "", element) or "", device, kind, source, form, fate, readonly)


def _source(document: Document, element: Element, kind: str) -> str:
    if kind == "volume":
        pool, volume = document.get("source/@pool", "", element), document.get("source/@volume", "", element)
        return f"{pool}/{volume}" if pool and volume else ""
    names = ("file", "dev", "dir", "name")
    return next((value for name in names if (value := document.get(f"source/@{name}", None, element))), "")


def beside(name: str, taken: Collection[str], folder: str = "") -> Namer:
    """Names new files after the machine ("web-2.qcow2", "web-2-vdb.qcow2"), in ``folder`` or beside the old file; never one that
    is ``taken``."""
    given = set(taken)

    def path(disk: Disk, suffix: str) -> str:
        place = PurePosixPath(folder or (PurePosixPath(disk.source).parent if disk.kind == "file" else "/var/lib/libvirt/images"))
        first = not any(PurePosixPath(each).stem == name for each in given)
        stem = name if first else f"{name}-{disk.target}"
        number, made = 2, place / f"{stem}{suffix}"
        while str(made) in given:
            made, number = place / f"{stem}-{number}{suffix}", number + 1
        given.add(str(made))
        return str(made)

    return path


def place(document: Document, disk: Disk, fate: Fate, namer: Namer) -> Operation | None:
    """Changes the disk's element to what it will be, and gives what is to be done on the host; None if nothing is."""
    element = next(each for each in document.find_all("devices/disk") if document.get("target/@dev", "", each) == disk.target)
    if fate is Fate.DROP:
        remove_indented(element)
        return None
    if fate is Fate.SHARE:
        return None
    form = "qcow2" if fate is Fate.LINK or disk.format == "qcow2" else "raw"
    path = namer(disk, f".{form}" if form == "qcow2" else PurePosixPath(disk.source).suffix or ".img")
    _point(document, element, path, form)
    if fate is Fate.LINK:
        return Overlay(disk.target, disk.source, disk.format, path)
    return Copy(disk.target, disk.source, disk.format, path, form)


def _point(document: Document, element: Element, path: str, form: str) -> None:
    """The disk stands on a file of its own: everything about the old source goes."""
    document.remove("source", element)
    document.remove("backingStore", element)
    document.remove("readonly", element)
    element.set("type", "file")
    document.set("driver/@type", form, element)
    document.set("source/@file", path, element)
