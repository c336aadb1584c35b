"""What a machine must have before a new device fits: a controller, a free port, shared memory."""

from __future__ import annotations

from app.devices.offers import Offers
from app.i18n import _
from app.xmldoc.document import Document, Element

_ROOT_PORT = "<controller type='pci' model='pcie-root-port'/>"
_CONTROLLERS = {
    "scsi": "<controller type='scsi' model='virtio-scsi'/>",
    "usb": "<controller type='usb' model='qemu-xhci'/>",
    "ccid": "<controller type='ccid'/>",
    "virtio-serial": "<controller type='virtio-serial'/>",
}
_ON_PCI = (
    "interface",
    "video",
    "sound",
    "memballoon",
    "rng",
    "iommu",
    "watchdog",
    "vsock",
    "shmem",
    "crypto",
    "pstore",
    "filesystem",
)


def needed_first(xml: str, document: Document, offers: Offers) -> tuple[str, ...]:
    """The XML of controllers to add before ``xml``, outermost first.

    A machine that is off gets its PCI ports from libvirt when it is defined; a running one must have a free port already, so none
    is asked for then: a port itself cannot be plugged in.
    """
    device = Document.parse(xml)
    kind = _controller_of(device)
    if not kind or _has(document, kind):
        return ()
    port = (_ROOT_PORT,) if not offers.active and _is_pcie(document) and _free_ports(document) == 0 and _ports(document) else ()
    return (*port, _CONTROLLERS[kind])


def _controller_of(device: Document) -> str:
    """The kind of controller into which the device is plugged; "" for none, or one that each machine has."""
    root = device.root
    bus = device.get("target/@bus", None, root) or root.get("bus") or ""
    if bus in ("scsi", "usb") or (root.tag in ("hostdev", "hub") and root.get("type") in ("scsi", "usb")):
        return bus or str(root.get("type"))
    if root.tag == "sound" and root.get("model") == "usb":
        return "usb"
    if root.tag == "smartcard":
        return "ccid"
    if root.tag in ("channel", "console") and device.get("target/@type", None, root) == "virtio":
        return "virtio-serial"
    return ""


def _has(document: Document, kind: str) -> bool:
    found = document.find_all(f"devices/controller[@type='{kind}']")
    return any(one.get("model") != "none" for one in found)


def _is_pcie(document: Document) -> bool:
    return document.find("devices/controller[@type='pci'][@model='pcie-root']") is not None


def _ports(document: Document) -> list[Element]:
    return document.find_all("devices/controller[@type='pci'][@model='pcie-root-port']")


def _free_ports(document: Document) -> int:
    """How many root ports have nothing plugged in."""
    parent = document.find("devices")
    places = [] if parent is None else [document.find("address[@type='pci']", one) for one in parent if isinstance(one.tag, str)]
    used = {_number(place.get("bus")) for place in places if place is not None}
    return sum(_number(port.get("index")) not in used for port in _ports(document))


def _number(text: str | None) -> int:
    try:
        return int(text or "", 0)
    except ValueError:
        return -1


def remarks(xml: str, document: Document, offers: Offers) -> tuple[str, ...]:
    """Sentences on what else the machine needs for ``xml`` to work: to be shown before it is added."""
    device = Document.parse(xml)
    found = (_shared_memory(device, document), _slots(device, document), _port(device, document, offers))
    return tuple(text for text in found if text)


def _shared_memory(device: Document, document: Document) -> str:
    root = device.root
    wants = root.get("type") == "vhostuser" or device.get("driver/@type", None, root) == "virtiofs"
    access = document.get("memoryBacking/access/@mode", None, document.root)
    cells = [cell.get("memAccess") for cell in document.find_all("cpu/numa/cell")]
    if not wants or access == "shared" or (cells and all(cell == "shared" for cell in cells)):
        return ""
    return _("The machine's memory must be shared with other programs of the host: turn that on at its memory.")


def _slots(device: Document, document: Document) -> str:
    if device.root.tag != "memory" or device.root.get("model") == "sgx-epc" or document.find("maxMemory") is not None:
        return ""
    return _("The machine needs a largest memory with slots, and a NUMA cell: set them at its memory.")


def _port(device: Document, document: Document, offers: Offers) -> str:
    root = device.root
    on_pci = root.tag in _ON_PCI or (root.tag == "disk" and device.get("target/@bus", "", root) == "virtio") or (
        root.tag == "hostdev" and root.get("type") in ("pci", "mdev", "scsi_host"))  # fmt: skip
    if not offers.active or not on_pci or not _is_pcie(document) or _free_ports(document):
        return ""
    return _("The running machine has no free PCI Express port: it can be added for its next start only.")
