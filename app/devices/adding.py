"""A new device: the XML that a variant of "Add hardware" begins with, and what the machine must have before.

The places in a variant's XML:
``{bus}`` the best bus for a disk, ``{target}`` the next free name on it; ``{cd-bus}`` and ``{cd}`` the same for a CD drive;
``{virtio}``, ``{scsi}``, ``{floppy}`` the next free name there;
``{mac}`` a free address, ``{uuid}`` a new one; ``{name}`` the machine's name as a part of file names;
``{network}``, ``{bridge}``, ``{interface}``, ``{pool}``, ``{block}`` the first that the host has;
``{image}`` a file that no disk has, ``{folder}`` a folder, ``{share}`` and ``{shmem}`` a free name, ``{audio}`` a free number;
``{hda}`` and ``{tpm}`` the model that fits the machine;
``{usb}``, ``{pci}``, ``{scsi-device}``, ``{mdev}`` what was chosen of the host.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4
from xml.sax.saxutils import escape

from app.devices import free
from app.devices.checks import why_not
from app.devices.choosing import too_new
from app.devices.description import DeviceType, Variant
from app.devices.offers import Named, Offers
from app.i18n import _
from app.xmldoc.document import Document

_PLACE = re.compile(r"\{([a-z-]+)\}")
_Text = Callable[[Document, Offers], str]


def new_xml(variant: Variant, document: Document, offers: Offers, chosen: Named | None = None) -> str:
    """The variant's XML with its places filled.  chosen: the device of the host, for variants that pass one on."""

    def fill(match: re.Match[str]) -> str:
        place = match[1]
        if place in _HOST:
            return _host_device(place, offers, chosen)
        return escape(_TEXTS[place](document, offers), {"'": "&apos;", '"': "&quot;"})

    return _PLACE.sub(fill, variant.xml)


def unavailable(kind: DeviceType, variant: Variant, document: Document, offers: Offers) -> str:
    """Why ``variant`` cannot be added to this machine, "" if it can."""
    if not offers.is_of(kind.drivers):
        return _("This kind of host does not have it.")
    if reason := too_new(max(kind.since, variant.since), offers):
        return reason
    if kind.limit is not None and len([one for one in document.find_all(f"devices/{kind.tag}") if kind.fits(one)]) >= kind.limit:
        return _("The machine has it already.") if kind.limit == 1 else _("The machine cannot have more of them.")
    return _not_offered(variant, offers) or why_not(variant.when, document, document.root)


def _not_offered(variant: Variant, offers: Offers) -> str:
    enum, equals, value = variant.offered.partition("=")
    missing = offers.lists(enum, value) is False if equals else enum in offers.known and enum not in offers.supported
    return _("This host does not offer it.") if missing else ""


def bus(document: Document, offers: Offers) -> str:
    """virtio where the machine can have it; else SCSI, SATA, IDE."""
    old = (document.get("os/type/@machine", "", document.root) or "").startswith(("isapc", "none"))
    listed = offers.enums.get("disk/bus")
    wanted = ("ide", "scsi", "sata", "virtio") if old else ("virtio", "scsi", "sata", "ide", "xen")
    return next((one for one in wanted if listed is None or one in listed), wanted[0])


def cd_bus(document: Document, offers: Offers) -> str:
    """SATA on Q35, IDE on other PCs, SCSI elsewhere; as far as the host offers them."""
    machine = document.get("os/type/@machine", "", document.root) or ""
    arch = document.get("os/type/@arch", "", document.root) or offers.arch
    pc = arch in ("", "x86_64", "i686")
    wanted = (
        ("scsi", "usb", "sata", "ide")
        if not pc
        else ("sata", "ide", "scsi", "usb")
        if "q35" in machine
        else ("ide", "sata", "scsi", "usb")
    )
    listed = offers.enums.get("disk/bus")
    return next((one for one in wanted if listed is None or one in listed), wanted[0])


def _first(names: str, otherwise: str) -> _Text:
    def text(_document: Document, offers: Offers) -> str:
        usable = [one for one in offers.names.get(names, ()) if not one.why_not]
        best = next((one for one in usable if one.value == otherwise), usable[0] if usable else None)
        return best.value if best is not None else otherwise

    return text


def _name(document: Document, _offers: Offers) -> str:
    """The machine's name as it can be in a file name and a channel's."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", document.get("name", "", document.root) or "").strip(".-") or "machine"


def _image(document: Document, offers: Offers) -> str:
    used = {document.get("source/@file", None, disk) for disk in document.find_all("devices/disk")} | set(
        offers.taken.get("disk", {})
    )
    stem = f"/var/lib/libvirt/images/{_name(document, offers)}-disk"
    return next(path for path in (f"{stem}{number}.qcow2" for number in range(1, len(used) + 2)) if path not in used)


def _share(document: Document, _offers: Offers) -> str:
    return free.name("share", [document.get("target/@dir", None, one) for one in document.find_all("devices/filesystem")])


def _shmem(document: Document, offers: Offers) -> str:
    return free.name(f"{_name(document, offers)}-shared", [one.get("name") for one in document.find_all("devices/shmem")])


def _audio(document: Document, _offers: Offers) -> str:
    return str(free.number([one.get("id") for one in document.find_all("devices/audio")]))


def _hda(document: Document, _offers: Offers) -> str:
    return "ich9" if "q35" in (document.get("os/type/@machine", "", document.root) or "") else "ich6"


def _tpm(document: Document, offers: Offers) -> str:
    arch = document.get("os/type/@arch", "", document.root) or offers.arch
    wanted = (
        ("tpm-spapr",) if arch.startswith("ppc64") else ("tpm-tis",) if arch in ("aarch64", "armv7l") else ("tpm-crb", "tpm-tis")
    )
    return next((one for one in wanted if offers.lists("tpm/model", one) is not False), wanted[0])


_TEXTS: dict[str, _Text] = {
    "bus": bus,
    "target": lambda document, offers: free.target(document, bus(document, offers)),
    "virtio": lambda document, _offers: free.target(document, "virtio"),
    "scsi": lambda document, _offers: free.target(document, "scsi"),
    "floppy": lambda document, _offers: free.target(document, "fdc"),
    "cd-bus": cd_bus,
    "cd": lambda document, offers: free.target(document, cd_bus(document, offers)),
    "mac": free.mac,
    "uuid": lambda _document, _offers: str(uuid4()),
    "name": _name,
    "network": _first("networks", "default"),
    "bridge": _first("bridges", "br0"),
    "interface": _first("interfaces", "eth0"),
    "pool": _first("pools", "default"),
    "block": _first("block-devices", "/dev/sdb"),
    "image": _image,
    "folder": lambda _document, _offers: "/srv",
    "share": _share,
    "shmem": _shmem,
    "audio": _audio,
    "hda": _hda,
    "tpm": _tpm,
}
_HOST: dict[str, tuple[str, str]] = {
    "usb": ("usb", "<vendor id='0x0000'/><product id='0x0000'/>"),
    "pci": ("pci", "<address domain='0x0000' bus='0x00' slot='0x00' function='0x0'/>"),
    "scsi-device": ("scsi", "<adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/>"),
    "mdev": ("mdev", "<address uuid='00000000-0000-0000-0000-000000000000'/>"),
}
"""By place: the list of ``Offers.names``, and what stands there while nothing is chosen (libvirt refuses it)."""


def _host_device(place: str, offers: Offers, chosen: Named | None) -> str:
    names, empty = _HOST[place]
    if chosen is None:
        chosen = next((one for one in offers.names.get(names, ()) if one.xml and not one.why_not), None)
    return chosen.xml if chosen is not None and chosen.xml else empty
