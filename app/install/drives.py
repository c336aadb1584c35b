"""The CD drives of a machine, read from its definition."""

from __future__ import annotations

from dataclasses import dataclass

from app.xmldoc import Document, Element

_PREFIX = {"scsi": "sd", "usb": "sd", "sata": "sd", "ide": "hd", "virtio": "vd", "fdc": "fd", "xen": "xvd"}
_SLOTS = {"ide": 4, "sata": 6}


@dataclass(frozen=True, slots=True)
class Drive:
    """target: name in the definition ("sda").  medium: path or URL of the source, "" when empty."""

    target: str
    bus: str
    medium: str = ""

    @property
    def empty(self) -> bool:
        return not self.medium


def listed(doc: Document) -> list[Drive]:
    """All CD drives, in the definition's order."""
    found = []
    for disk in doc.find_all("devices/disk[@device='cdrom']"):
        target = doc.get("target/@dev", "", at=disk) or ""
        found.append(Drive(target, doc.get("target/@bus", "", at=disk) or "", _medium(doc, disk)))
    return found


def _medium(doc: Document, disk: Element) -> str:
    for attribute in ("file", "dev", "name", "volume"):
        value = doc.get(f"source/@{attribute}", at=disk)
        if value:
            return value
    return ""


def disk_of(doc: Document, target: str) -> Element | None:
    """The drive's element."""
    drives = doc.find_all("devices/disk[@device='cdrom']")
    return next((disk for disk in drives if doc.get("target/@dev", at=disk) == target), None)


def put_medium(doc: Document, disk: Element, path: str) -> None:
    """Changes ``<source>`` and nothing else, but the type that goes with it; ``path`` "" ejects."""
    kind, attribute = ("block", "dev") if path.startswith("/dev/") else ("file", "file")
    source = doc.find("source", at=disk)
    if not path or (source is not None and disk.get("type") != kind):
        doc.remove("source", at=disk)
    if not path:
        doc.remove("backingStore", at=disk)
        return
    if disk.get("type") != kind:
        disk.set("type", kind)
    doc.set("source/@index", None, at=disk)
    doc.set(f"source/@{attribute}", path, at=disk)


def new_drive_xml(doc: Document, path: str, *, running: bool) -> str | None:
    """A drive with the medium ``path`` for a machine that has none; None if it cannot be added while it runs."""
    bus = _hot_bus(doc) if running else _cold_bus(doc)
    if bus is None:
        return None
    target = _free_target(doc, bus)
    if target is None:
        return None
    made = Document.parse("<disk type='file' device='cdrom'><driver name='qemu' type='raw'/></disk>")
    made.set("target/@dev", target)
    made.set("target/@bus", bus)
    made.insert("<readonly/>", parent="")
    put_medium(made, made.root, path)
    return made.fragment(made.root)


def _hot_bus(doc: Document) -> str | None:
    if doc.find("devices/controller[@type='scsi']") is not None:
        return "scsi"
    usb = [c for c in doc.find_all("devices/controller[@type='usb']") if c.get("model") != "none"]
    return "usb" if usb else None


def _cold_bus(doc: Document) -> str:
    used = [doc.get("target/@bus", "", at=disk) for disk in doc.find_all("devices/disk")]
    if doc.find("devices/controller[@type='scsi']") is not None:
        return "scsi"
    machine = doc.get("os/type/@machine", "") or ""
    bus = "sata" if "q35" in machine or "sata" in used else "ide"
    return "usb" if used.count(bus) >= _SLOTS[bus] else bus


def _free_target(doc: Document, bus: str) -> str | None:
    taken = {doc.get("target/@dev", "", at=disk) for disk in doc.find_all("devices/disk")}
    names = (f"{_PREFIX.get(bus, 'sd')}{chr(ord('a') + number)}" for number in range(26))
    return next((name for name in names if name not in taken), None)
