"""What makes a machine itself, and must be another in one made from it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import Enum

from app.i18n import _
from app.xmldoc import Document, Element
from app.xmldoc.indent import remove_indented

_VENDORS = {"xen": (0x00, 0x16, 0x3E), "vmware": (0x00, 0x0C, 0x29)}
_QEMU = (0x52, 0x54, 0x00)

_RANDOM_PATHS = ("/channel/target/", "/channel/", "/libvirt/qemu/")


class Serials(Enum):
    """Serial numbers of disks and of the system."""

    KEEP = "keep"
    RENEW = "renew"


@dataclass(slots=True)
class New:
    """Who the new machine is.  taken_macs: of all machines on its networks.  macs: filled in, by the old ones."""

    name: str
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    serials: Serials = Serials.KEEP
    taken_macs: Collection[str] = ()
    macs: dict[str, str] = field(default_factory=dict)


def renew(document: Document, new: New) -> list[str]:
    """Changes everything that two machines must not share; gives what people should know, as sentences."""
    old = document.get("name", "") or ""
    _drop(document.root, "id")
    document.set("name", new.name)
    document.set("uuid", new.uuid)
    document.remove("title")
    if document.find("genid") is not None:
        document.set("genid", str(uuid.uuid4()))
    _sysinfo(document, new)
    _macs(document, new)
    _serials(document, new.serials)
    notes = [*_firmware(document), *_screens(document), *_other_devices(document)]
    _files(document, old, new.name)
    return notes


def forget(document: Document) -> None:
    """Takes out what every machine made from a template gets anew."""
    _drop(document.root, "id")
    for path in ("uuid", "genid", "title", "sysinfo/system/entry[@name='uuid']", "metadata/hostelry:hostelry/hostelry:seed"):
        document.remove(path)
    for interface in document.find_all("devices/interface"):
        document.remove("mac", interface)
        document.remove("target", interface)
    nvram(document)
    document.remove("metadata/hostelry:hostelry/hostelry:base")


def nvram(document: Document) -> str:
    """Takes the path of the firmware's variables out, and gives it; libvirt makes fresh ones at the next start."""
    element = document.find("os/nvram")
    if element is None:
        return ""
    path = document.get("os/nvram") or document.get("os/nvram/source/@file") or document.get("os/nvram/source/@dev") or ""
    document.remove("source", element)
    _drop(element, "type")
    element.text = None
    if not element.attrib:
        remove_indented(element)
    return path


def new_mac(kind: str, taken: Collection[str]) -> str:
    """A free address of the hypervisor's own range."""
    known = {mac.lower() for mac in taken}
    while True:
        made = ":".join(f"{part:02x}" for part in (*_VENDORS.get(kind, _QEMU), *secrets.token_bytes(3)))
        if made not in known:
            return made


def _drop(element: Element, name: str) -> None:
    """Takes an attribute off, if it is there."""
    if name in element.attrib:
        del element.attrib[name]


def _sysinfo(document: Document, new: New) -> None:
    """libvirt refuses a definition in which the system's UUID is not the machine's."""
    if document.find("sysinfo/system/entry[@name='uuid']") is not None:
        document.set("sysinfo/system/entry[@name='uuid']", new.uuid)
    if new.serials is Serials.RENEW and document.find("sysinfo/system/entry[@name='serial']") is not None:
        document.set("sysinfo/system/entry[@name='serial']", secrets.token_hex(8))


def _macs(document: Document, new: New) -> None:
    kind = document.root.get("type") or ""
    taken = {mac.lower() for mac in new.taken_macs}
    elements = document.find_all("devices/interface")
    taken |= {(document.get("mac/@address", "", each) or "").lower() for each in elements}
    for element in elements:
        old = document.get("mac/@address", "", element) or ""
        made = new_mac(kind, taken)
        taken.add(made)
        new.macs[old] = made
        document.set("mac/@address", made, element)
        document.remove("target/@dev", element)
        target = document.find("target", element)
        if target is not None and not target.attrib:
            document.remove("target", element)
        document.remove("source/@portid", element)


def _serials(document: Document, serials: Serials) -> None:
    if serials is Serials.KEEP:
        return
    for disk in document.find_all("devices/disk"):
        if document.find("serial", disk) is not None:
            document.set("serial", secrets.token_hex(8), disk)
        if document.find("wwn", disk) is not None:
            document.set("wwn", f"5000c5{secrets.token_hex(5)}", disk)


def _firmware(document: Document) -> Iterator[str]:
    if nvram(document):
        yield _("The firmware's settings and boot entries start afresh.")
    if document.find("devices/tpm/backend[@type='emulator']") is not None:
        yield _("The TPM is new and empty: disks that are locked by the old one (BitLocker) ask for their recovery key.")


def _screens(document: Document) -> Iterator[str]:
    """Two machines cannot listen on one port."""
    for element in document.find_all("devices/graphics"):
        if element.get("port", "-1") not in ("-1", "0") and element.get("autoport") != "yes":
            yield _("The screen's fixed port {port} becomes an automatic one.").format(port=element.get("port"))
            element.set("autoport", "yes")
        for name in ("port", "tlsPort", "websocket"):
            if element.get("autoport") == "yes" and name in element.attrib:
                element.set(name, "-1")
        for holder in (element, *document.find_all("listen", element)):
            _drop(holder, "socket")


def _other_devices(document: Document) -> Iterator[str]:
    for element in document.find_all("devices/vsock/cid"):
        element.set("auto", "yes")
        _drop(element, "address")
    if document.find("devices/hostdev") is not None:
        yield _("Both machines want the same devices of the host: only one of them can run at a time.")
    for element in document.find_all("seclabel"):
        if element.get("type") == "static":
            yield _("A fixed security label is shared by both machines.")


def _files(document: Document, old: str, new: str) -> None:
    """Sockets and logs that are called after the machine."""
    for kind in ("serial", "console", "parallel", "channel"):
        for element in document.find_all(f"devices/{kind}"):
            _drop(element, "tty")
            source = document.find("source", element)
            if source is not None:
                _source(element, source, old, new)
            log = document.get("log/@file", None, element)
            if log and old and old in log:
                document.set("log/@file", log.replace(old, new), element)


def _source(element: Element, source: Element, old: str, new: str) -> None:
    path = source.get("path") or ""
    if element.get("type") == "pty" or (element.get("type") == "unix" and any(mark in path for mark in _RANDOM_PATHS)):
        _drop(source, "path")
        if not source.attrib or set(source.attrib) == {"mode"}:
            remove_indented(source)
    elif old and old in path:
        source.set("path", path.replace(old, new))
