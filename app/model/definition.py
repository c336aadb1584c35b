"""What a guest's definition says, in the few facts that its overview shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n import N_
from app.xmldoc.document import Document, Element
from app.xmldoc.paths import NAMESPACES

NAMESPACE = NAMESPACES["hostelry"]
"""Of this program's own elements in ``<metadata>``."""

LIBOSINFO = NAMESPACES["libosinfo"]

VIRT_WORDS: dict[str, str] = {
    "kvm": N_("KVM"),
    "qemu": N_("Emulation (QEMU without KVM)"),
    "test": N_("Practice machine (test driver)"),
    "xen": N_("Xen"),
    "lxc": N_("Container (LXC)"),
}


@dataclass(frozen=True, slots=True)
class Drive:
    """One disk or drive: ``device`` is libvirt's (disk, cdrom, floppy); ``source`` is empty without medium."""

    target: str
    device: str
    source: str


@dataclass(frozen=True, slots=True)
class Card:
    """One network card and what it is plugged into."""

    mac: str
    kind: str
    source: str
    model: str


@dataclass(frozen=True, slots=True)
class Definition:
    """Facts of one definition; empty text where it says nothing."""

    os_id: str = ""
    virt_type: str = ""
    arch: str = ""
    machine: str = ""
    uefi: bool = False
    secure_boot: bool = False
    cpu_mode: str = ""
    drives: tuple[Drive, ...] = ()
    cards: tuple[Card, ...] = ()
    graphics: tuple[str, ...] = ()


def read_definition(xml: str) -> Definition:
    """From ``virDomainGetXMLDesc``'s text; raises ``Invalid`` if it is none."""
    document = Document.parse(xml)
    loader = document.find("os/loader")
    return Definition(
        os_id=_os_id(document),
        virt_type=document.get("@type") or "",
        arch=document.get("os/type/@arch") or "",
        machine=document.get("os/type/@machine") or "",
        uefi=document.get("os/@firmware") == "efi" or (loader is not None and loader.get("type") == "pflash"),
        secure_boot=loader is not None and loader.get("secure") == "yes",
        cpu_mode=document.get("cpu/@mode") or document.get("cpu/model") or "",
        drives=tuple(_drive(element) for element in document.find_all("devices/disk")),
        cards=tuple(_card(element) for element in document.find_all("devices/interface")),
        graphics=tuple(str(element.get("type", "")) for element in document.find_all("devices/graphics")),
    )


def _os_id(document: Document) -> str:
    metadata = document.find("metadata")
    if metadata is None:
        return ""
    os = metadata.find(f"{{{LIBOSINFO}}}libosinfo/{{{LIBOSINFO}}}os")
    return str(os.get("id", "")) if os is not None else ""


def _child(element: Element, name: str, attribute: str) -> str:
    child = element.find(name)
    return str(child.get(attribute, "")) if child is not None else ""


def _drive(element: Element) -> Drive:
    source = element.find("source")
    shown = ""
    if source is not None:
        shown = next((str(source.get(name)) for name in ("file", "dev", "dir", "name", "volume") if source.get(name)), "")
    return Drive(_child(element, "target", "dev"), str(element.get("device", "disk")), shown)


def _card(element: Element) -> Card:
    source = element.find("source")
    names = ("network", "bridge", "dev", "path")
    shown = next((str(source.get(name)) for name in names if source.get(name)), "") if source is not None else ""
    return Card(_child(element, "mac", "address"), str(element.get("type", "")), shown, _child(element, "model", "type"))


def read_notes(metadata: str) -> str:
    """The notes in our element of the metadata; empty without any."""
    return (Document.parse(metadata).get("notes") or "") if metadata else ""


def with_notes(metadata: str, notes: str) -> str:
    """Our element with other notes and everything else in it as it was; empty when nothing is left.

    Without our namespace: libvirt takes it off what it hands out and puts it on what it is given
    (virXMLExtractNamespaceXML, virXMLInjectNamespace).
    """
    document = Document.parse(metadata or "<hostelry/>")
    document.set("notes", notes if notes.strip() else None)
    return document.to_text() if len(document.root) else ""
